#!/usr/bin/env python3
"""The manuals, the completion and the example name the options and settings there are.

usage: manuals.py MSNWATCH

What there is, --help and check-config tell: both are made from the table of settings.
"""
import os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DOC = os.path.join(HERE, '..', 'doc')
COMMANDS = ('read', 'live', 'check-config')
KEYS = {'enforce': 'mode', 'reset-interface': 'interface', 'no-sandbox': 'sandbox'}
OPTION = r'(--[a-z][a-z-]*|-[a-zA-Z])'


def run(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, text=True)


def text_of(*parts):
    with open(os.path.join(DOC, *parts), encoding='utf8') as f:
        return f.read()


def same(got, want, about):
    if got != want:
        raise AssertionError('%s: too many %s, missing %s' % (
            about, sorted(got - want), sorted(want - got)))


def helped(msnwatch, command):
    """The options that --help tells, each with its letter."""
    out = run(msnwatch, command, '--help').stdout
    found = set()
    for line in out.splitlines():
        if line.startswith('  -'):
            found |= set(re.findall('[ ,]' + OPTION, line.split('   ')[0].split(' FILE')[0]))
    assert {'-h', '--help'} <= found, out
    return found


def settings(out):
    """What check-config prints: each section with its keys, also those not set."""
    found, section = set(), None
    for line in out.splitlines():
        if line.startswith('['):
            section = line
        elif re.match(r'[a-z-]+ =', line):
            found.add((section, line.split(' =')[0]))
        elif re.match(r'# [a-z-]+: default, ', line):
            found.add((section, line[2:].split(':')[0]))
    return found


def checked(msnwatch, text):
    with tempfile.NamedTemporaryFile('w', suffix='.conf') as f:
        f.write(text)
        f.flush()
        done = run(msnwatch, 'check-config', f.name)
    assert done.returncode == 0, done.stdout
    return done.stdout


def case_manual_of_options(msnwatch):
    text = text_of('man', 'msnwatch.1')
    for command in COMMANDS:
        part = text.split('.Ss Options of %s\n' % command)[1]
        part = re.split(r'^\.S[sh] ', part, flags=re.M)[0]
        named = set()
        for line in re.findall(r'^\.It (.*)$', part, re.M):
            line = line.replace('\\-', '-').replace('Fl ', '-')
            named |= set(re.findall(r'(?:^|[ ,])' + OPTION, line))
        same(named, helped(msnwatch, command), 'msnwatch.1, ' + command)


def case_manual_of_settings(msnwatch):
    named, section = set(), None
    for line in text_of('man', 'msnwatch.conf.5').splitlines():
        if line.startswith('.Ss ['):
            section = line[4:]
        elif line.startswith('.It Ic '):
            named.add((section, line.split()[2]))
    same(named, settings(checked(msnwatch, '')), 'msnwatch.conf.5')


def case_settings_and_options(msnwatch):
    """Every option of live is a setting, but those that are about the command line."""
    options = {o[2:] for o in helped(msnwatch, 'live') if o.startswith('--')}
    options = {KEYS.get(o, o.replace('enforce-', '')) for o in options}
    keys = {key for _, key in settings(checked(msnwatch, ''))}
    same(options - {'config', 'status', 'help'} | {'filter'}, keys, 'check-config')


def case_example(msnwatch):
    """As it is, and with all that is behind ; in force."""
    text = text_of('msnwatch.conf')
    with tempfile.TemporaryDirectory() as folder:
        text = re.sub(r'= /(var|run|etc)/.*/', '= %s/' % folder, text)
        os.chmod(folder, 0o755)
        text = text.replace(';user = msnwatch', ';user = root')
        keys = settings(checked(msnwatch, text))
        all_of_it = re.sub('^;', '', text, flags=re.M)
        told = checked(msnwatch, all_of_it)
    same(settings(told), keys, 'doc/msnwatch.conf')
    assert 'default' not in told, told
    for line in re.findall(r'^;(.*) = (.*)$', text, re.M):
        if '# default\n%s = ' % line[0] in checked(msnwatch, ''):
            assert '%s = %s\n' % line in checked(msnwatch, ''), line


def complete(*words):
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _msnwatch; ' \
             '((${#COMPREPLY[@]} == 0)) || printf "%s\\n" "${COMPREPLY[@]}"'
    done = run('bash', '-c', script, 'bash', os.path.join(DOC, 'completion', 'msnwatch.bash'),
               *words)
    assert done.returncode == 0, done.stdout
    return set(done.stdout.split())


def case_completion(msnwatch):
    commands = set(re.findall('^  ([a-z-]+)  ', run(msnwatch, 'help').stdout, re.M))
    same(complete('msnwatch', ''), commands | {'--help', '--version'}, 'commands')
    same(complete('msnwatch', 'help', ''), commands, 'help')
    same(complete('msnwatch', 'che'), {'check-config'}, 'che')
    for command in COMMANDS:
        want = helped(msnwatch, command)
        same(complete('msnwatch', command, '-'), want, command)
        takes = set(re.findall(r'^ .*?(--[a-z-]+) [A-Z]', run(msnwatch, command, '-h').stdout,
                               re.M))
        for option in takes:
            assert not complete('msnwatch', command, option, '-'), option
    interfaces = set(os.listdir('/sys/class/net'))
    interfaces = {i for i in interfaces if os.path.isdir('/sys/class/net/' + i)}
    same(complete('msnwatch', 'live', '-i', ''), interfaces, '-i')
    same(complete('msnwatch', 'live', '--accounts', 'h'), {'hash', 'hide'}, '--accounts')
    same(complete('msnwatch', 'live', '--sink', ''), {'file', 'syslog'}, '--sink')
    same(complete('msnwatch', 'live', '--reset-interface', ''), interfaces, 'resets')
    same(complete('msnwatch', 'live', '--enforce', ''), {'off', 'dry-run', 'reset'}, 'mode')
    same(complete('msnwatch', 'live', '--enforce-path', ''),
         {'direct', 'gateway', 'connect', 'socks'}, 'path')
    assert 'root' in complete('msnwatch', 'live', '--user', 'ro')
    for words in (['read'], ['check-config'], ['live', '--config'], ['read', '-w']):
        same(complete('msnwatch', *words, DOC + '/msnwatch.c'), {DOC + '/msnwatch.conf'},
             words)


def case_form(_):
    if shutil.which('mandoc') is None:
        return 'skipped: no mandoc here'
    for name in ('msnwatch.1', 'msnwatch.conf.5'):
        said = run('mandoc', '-Tlint', '-Wwarning', os.path.join(DOC, 'man', name)).stdout
        assert not said, said
    return None


def main(msnwatch):
    if '--enforce' not in helped(msnwatch, 'live'):
        print('skipped: the manuals are those of a build with enforcement')
        return
    for name, case in list(globals().items()):
        if name.startswith('case_'):
            print('%-24s %s' % (name[5:], case(msnwatch) or 'holds'))


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(os.path.abspath(sys.argv[1]))

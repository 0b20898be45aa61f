#!/usr/bin/env python3
"""The Debian package: what is in it; and on a machine in namespaces that boots systemd, that it
installs, watches the interface its configuration names, keeps to its walls, and goes without
a trace.

usage: package.py BUILD SAMPLES

BUILD: a release build; SAMPLES: a folder of generated captures.  Takes root; ends with 77 where
what it takes is not to be had.
"""
import glob, json, os, re, shutil, subprocess, sys, tempfile, time

from box import Box, cannot, wait_for

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNIT = 'msnwatch@span.service'
CONFIG = '/etc/msnwatch/span.conf'
EVENTS = '/var/log/msnwatch/span.json'
DROP_IN = '/etc/systemd/system/msnwatch@.service.d/quick.conf'


def run(*words, **more):
    r = subprocess.run(words, check=False, text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, **more)
    assert r.returncode == 0, '%s: %d\n%s' % (' '.join(words), r.returncode, r.stdout)
    return r.stdout


def skip(why):
    print('skipped:', why)
    sys.exit(77)


def made(build):
    """A release build that is not there yet is made where it belongs."""
    if not os.path.exists(os.path.join(build, 'CPackConfig.cmake')):
        run('cmake', '-S', SOURCE, '-B', build, '-DCMAKE_BUILD_TYPE=Release',
            '-DMSNWATCH_TESTS=OFF')
    run('cmake', '--build', build, '-j', str(os.cpu_count()))


def check_prefix(build, folder):
    """The same build below a prefix of one's own, twice: nothing leaves it, and settings stay."""
    prefix = os.path.join(folder, 'opt')
    setting = prefix + '/etc/logrotate.d/msnwatch'
    run('cmake', '--install', build, '--prefix', prefix)
    with open(prefix + '/lib/systemd/system/msnwatch@.service', encoding='utf8') as f:
        unit = f.read()
    start = re.search('ExecStart=(.*)', unit).group(1)
    assert start == '%s/bin/msnwatch live --config %s/etc/msnwatch/%%i.conf' % (
        prefix, prefix), start
    assert run(start.split()[0], '--version').startswith('msnwatch ')
    for name in ('lib/sysusers.d/msnwatch.conf', 'lib/tmpfiles.d/msnwatch.conf'):
        assert os.path.exists(os.path.join(prefix, name)), name
    with open(setting, 'w', encoding='utf8') as f:
        f.write('mine')
    run('cmake', '--install', build, '--prefix', prefix)
    with open(setting, encoding='utf8') as f:
        assert f.read() == 'mine'
    with open(os.path.join(build, 'install_manifest.txt'), encoding='utf8') as f:
        out = [line for line in f.read().split('\n') if line and not line.startswith(prefix)]
    assert not out, out


def pack(build, folder):
    run('cpack', '-G', 'DEB', '-B', folder, cwd=build)
    (deb,) = glob.glob(folder + '/*.deb')
    return deb


def check_contents(deb):
    listed = [line.split(maxsplit=5) for line in run('dpkg-deb', '-c', deb).splitlines()]
    assert all(line[1] == 'root/root' for line in listed), listed
    assert not [line for line in listed if re.match('.......(.w|..s)', line[0])], listed
    names = {line[5] for line in listed}
    wanted = ['./usr/bin/msnwatch', './lib/systemd/system/msnwatch@.service',
              './usr/lib/sysusers.d/msnwatch.conf', './usr/lib/tmpfiles.d/msnwatch.conf',
              './etc/logrotate.d/msnwatch', './usr/share/doc/msnwatch/doc/events.schema.json',
              '.%s' % CONFIG, './usr/share/man/man1/msnwatch.1.gz',
              './usr/share/man/man5/msnwatch.conf.5.gz',
              './usr/share/doc/msnwatch/examples/enforce.conf',
              './usr/share/doc/msnwatch/examples/enforce-tunnel.conf',
              './usr/share/bash-completion/completions/msnwatch']
    assert not set(wanted) - names, set(wanted) - names
    assert not [n for n in names if '/local/' in n], names
    depends = run('dpkg-deb', '-f', deb, 'Depends')
    for library in ('libc6', 'libpcap0.8', 'libjansson4', 'libzstd1', 'zlib1g'):
        assert re.search(r'\b%s\b' % re.escape(library), depends), depends
    fields = run('dpkg-deb', '-f', deb)
    assert 'Section: net' in fields and 'Maintainer: ' in fields, fields


def check_lintian(deb):
    if shutil.which('lintian') is None:
        return 'lintian is not here'
    said = subprocess.run(['lintian', '--allow-root', '--fail-on', 'error', deb], check=False,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert said.returncode == 0, said.stdout
    return None


def show(box, what):
    return box.run('systemctl', 'show', UNIT, '--value', '-p', what).stdout.strip()


def pid(box):
    return int(show(box, 'MainPID'))


def active(box, unit=UNIT):
    return box.run('systemctl', 'is-active', unit, check=False).stdout.strip()


def new_pid(box, before):
    """The number of the sensor that is active, not that before; asked for at one moment."""
    said = box.run('systemctl', 'show', UNIT, '-p', 'ActiveState', '-p', 'MainPID').stdout
    said = dict(line.split('=', 1) for line in said.splitlines())
    return said['ActiveState'] == 'active' and int(said['MainPID']) not in (0, before)


def events(box):
    return [json.loads(line) for line in box.read(EVENTS).splitlines()]


def told(box):
    return sum(e['event_type'] == 'messenger' for e in events(box)) if box.exists(EVENTS) else 0


def wants_event(box):
    """Plays a sign-in, which is to be told."""
    before = told(box)
    box.run('tcpreplay', '-q', '-i', 'far0', '--mbps', '20', '/tmp/sign-in.pcap')
    wait_for(lambda: told(box) > before, 'an event in ' + EVENTS)


def configure(box, name, interface):
    """The configuration that came with the package, with another interface."""
    text = box.read(CONFIG)
    text, n = re.subn(r'(?m)^interface *=.*$', 'interface = ' + interface, text)
    assert n == 1, text
    text = re.sub(r'\bspan\b(?=[./])', name, text)
    box.write('/etc/msnwatch/%s.conf' % name, text)


def check_folders(box, *folders):
    wanted = {'/var/log/msnwatch': 'msnwatch:msnwatch 750',
              '/var/lib/msnwatch': 'msnwatch:msnwatch 700',
              '/run/msnwatch': 'msnwatch:msnwatch 755'}
    for folder in folders or wanted:
        mode = box.run('stat', '-c', '%U:%G %a', folder).stdout.strip()
        assert mode == wanted[folder], (folder, mode)
    assert 'nologin' in box.run('getent', 'passwd', 'msnwatch').stdout


def case_installs_without_systemd(box, deb):
    hidden = ('/usr/bin/systemd-sysusers', '/usr/bin/systemd-tmpfiles', '/run/systemd/system')
    for name in hidden:
        box.run('mv', name, name + '.hidden')
    box.run('dpkg', '-i', deb)
    check_folders(box, '/var/log/msnwatch', '/var/lib/msnwatch')
    assert box.run('msnwatch', '--version').stdout.startswith('msnwatch ')
    box.run('dpkg', '-P', 'msnwatch')
    for name in hidden:
        box.run('mv', name + '.hidden', name)
    assert box.run('getent', 'passwd', 'msnwatch', check=False).returncode == 2


def case_nothing_runs_by_itself(box, deb):
    box.run('dpkg', '-i', deb)
    check_folders(box)
    listed = box.run('systemctl', 'list-units', '--all', '--plain', '--no-legend',
                     'msnwatch@*').stdout
    assert listed == '', listed
    assert not glob.glob(box.path('/etc/systemd/system/*.wants/msnwatch*'))


def case_watches_what_its_configuration_names(box, _):
    box.run('ip', 'link', 'add', 'tap0', 'type', 'veth', 'peer', 'name', 'far0')
    for end in ('tap0', 'far0'):
        # Else the kernel itself looks for neighbours there.
        run('nsenter', '-t', str(box.init), '-n', 'sysctl', '-qw',
            'net.ipv6.conf.%s.disable_ipv6=1' % end)
        box.run('ip', 'link', 'set', end, 'arp', 'off', 'up')
    configure(box, 'span', 'tap0')
    # Started, to systemd, is what says that it is ready.
    box.run('systemctl', 'start', UNIT)
    assert active(box) == 'active' and show(box, 'StatusText'), show(box, 'StatusText')
    wants_event(box)
    assert all(e.get('in_iface', 'tap0') == 'tap0' for e in events(box))
    mode = box.run('stat', '-c', '%U %a', EVENTS).stdout.strip()
    assert mode == 'msnwatch 640', mode


def case_keeps_to_its_walls(box, _):
    status = box.read('/proc/%d/status' % pid(box))
    state = dict(re.findall(r'(?m)^(\w+):\t(.*)$', status))
    user = box.run('id', '-u', 'msnwatch').stdout.strip()
    assert set(state['Uid'].split()) == {user}, state['Uid']
    raw = 1 << 13
    assert int(state['CapBnd'], 16) | raw == raw, state['CapBnd']
    for held in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb'):
        assert int(state[held], 16) & ~raw == 0, (held, state[held])
    assert state['NoNewPrivs'] == '1' and state['Seccomp'] == '2', status
    mounts = box.read('/proc/%d/mountinfo' % pid(box))
    writable = {line.split()[4] for line in mounts.splitlines()
                if 'rw' in line.split()[5].split(',')}
    ours = {'/var/log/msnwatch', '/var/lib/msnwatch', '/run/msnwatch/span'}
    assert ours <= writable, writable
    odd = {m for m in writable - ours
           if not re.match('/(dev|tmp|var/tmp|proc|sys|run/(credentials|systemd))(/|$)', m)}
    assert not odd, odd
    families = box.run('ss', '-Hap').stdout
    assert not re.search(r'(?m)^(tcp|udp|raw|icmp6?)\b.*msnwatch', families), families


def case_logrotate_gets_its_file(box, _):
    before = pid(box)
    if box.run('sh', '-c', 'command -v logrotate', check=False).returncode:
        return 'logrotate is not here'
    box.run('logrotate', '-f', '/etc/logrotate.d/msnwatch')
    wait_for(lambda: box.exists(EVENTS), 'a new ' + EVENTS)
    assert len(glob.glob(box.path('/var/log/msnwatch/span.json-*'))) == 1
    wants_event(box)
    assert pid(box) == before
    return None


def case_reload_reads_the_configuration_again(box, _):
    before, text = pid(box), box.read(CONFIG)
    box.write(CONFIG, re.sub(r'(?m)^;?sensor *=.*$', 'sensor = hall-9', text))
    box.run('systemctl', 'reload', UNIT)
    wait_for(lambda: active(box) == 'active', 'the end of the reload')
    wants_event(box)
    assert pid(box) == before
    assert events(box)[-1]['sensor'] == 'hall-9', events(box)[-1]


def case_comes_back(box, _):
    box.write(DROP_IN, '[Service]\nWatchdogSec=3\nTimeoutAbortSec=1\nRestartSec=0\n')
    box.run('systemctl', 'daemon-reload')
    box.run('systemctl', 'restart', UNIT)
    first = pid(box)
    time.sleep(7)
    assert pid(box) == first, 'the watchdog barks at a healthy sensor'
    for sig in ('KILL', 'STOP'):
        before = pid(box)
        box.run('kill', '-' + sig, str(before))
        wait_for(lambda: new_pid(box, before), 'it to be back after ' + sig)
    wants_event(box)


def case_does_not_try_in_vain(box, _):
    box.write('/etc/msnwatch/wrong.conf', '[capture]\ninterfase = tap0\n')
    r = box.run('systemctl', 'start', 'msnwatch@wrong', check=False)
    assert r.returncode != 0
    time.sleep(1)
    assert active(box, 'msnwatch@wrong') == 'failed'
    said = box.run('journalctl', '-q', '-u', 'msnwatch@wrong', '-o', 'cat').stdout
    assert 'interfase' in said and 'wrong.conf' in said, said
    box.run('systemctl', 'reset-failed', 'msnwatch@wrong')
    os.remove(box.path('/etc/msnwatch/wrong.conf'))


def case_instances_do_not_disturb_each_other(box, _):
    configure(box, 'other', 'far0')
    box.run('systemctl', 'start', 'msnwatch@other')
    assert box.exists('/run/msnwatch/other') and box.exists('/run/msnwatch/span')
    box.run('systemctl', 'stop', 'msnwatch@other')
    assert box.exists('/run/msnwatch/span') and not box.exists('/run/msnwatch/other')
    os.remove(box.path('/etc/msnwatch/other.conf'))


def case_upgrade_restarts_what_ran(box, deb):
    before, text = pid(box), box.read(CONFIG)
    box.run('dpkg', '-i', '--force-confold', deb)
    wait_for(lambda: new_pid(box, before), 'the new program')
    assert box.read(CONFIG) == text
    assert active(box, 'msnwatch@other') == 'inactive'


def case_sends_nothing(box, _):
    link = json.loads(box.run('ip', '-s', '-j', 'link', 'show', 'tap0').stdout)[0]
    assert link['stats64']['rx']['packets'] > 0, link
    assert link['stats64']['tx']['packets'] == 0, link


def priorities(box):
    """How each thread is scheduled: 0, the ordinary way, or 1, before all others."""
    lines = box.run('sh', '-c', 'cat /proc/%d/task/*/stat' % pid(box)).stdout.splitlines()
    return [int(line.rsplit(') ', 1)[1].split()[38]) for line in lines]


def raw_sockets(box):
    return len(re.findall(r'(?m)^raw\b.*msnwatch', box.run('ss', '-Hap').stdout))


def resets(box):
    return [e['reset'] for e in events(box) if e['event_type'] == 'reset']


def case_resets_as_its_drop_ins_allow(box, _):
    text, folder = box.read(CONFIG), '/etc/systemd/system/%s.d' % UNIT
    examples = '/usr/share/doc/msnwatch/examples'
    box.write(CONFIG, text + '\n[enforce]\nmode = reset\nprotect = 0.0.0.0/0\n')
    for name, sockets in (('enforce.conf', 0), ('enforce-tunnel.conf', 2)):
        box.run('install', '-D', '-m', '644', '%s/%s' % (examples, name),
                '%s/%s' % (folder, name))
        box.run('systemctl', 'daemon-reload')
        box.run('systemctl', 'restart', UNIT)
        assert sorted(priorities(box)) == [0, 1], priorities(box)
        assert raw_sockets(box) == sockets, (name, raw_sockets(box))
        said = box.run('journalctl', '-q', '-u', UNIT, '-o', 'cat').stdout
        assert 'real-time' not in said, said
        before = len(resets(box))
        wants_event(box)
        # A capture that is played pays no heed to resets, and ends by itself.
        box.run('systemctl', 'stop', UNIT)
        told_now = resets(box)[before:]
        assert told_now and all(r['rule'] == 'cut' and r['frames'] for r in told_now), told_now
    link = json.loads(box.run('ip', '-s', '-j', 'link', 'show', 'tap0').stdout)[0]
    assert link['stats64']['tx']['packets'] > 0, link
    box.run('rm', '-r', folder)
    box.write(CONFIG, text)
    box.run('systemctl', 'daemon-reload')
    box.run('systemctl', 'start', UNIT)
    assert active(box) == 'active'


def case_removal_keeps_what_is_the_users(box, _):
    box.run('systemctl', 'enable', UNIT)
    box.run('dpkg', '-r', 'msnwatch')
    assert active(box) in ('inactive', 'unknown'), active(box)
    assert box.run('pgrep', '-x', 'msnwatch', check=False).returncode == 1
    assert not box.exists('/usr/bin/msnwatch') and box.exists(CONFIG) and box.exists(EVENTS)


def case_purge_leaves_nothing(box, before):
    os.remove(box.path(DROP_IN))
    os.rmdir(box.path(os.path.dirname(DROP_IN)))
    box.run('dpkg', '-P', 'msnwatch')
    after = box.changed()
    logs = re.compile('/(var/log|var/lib/dpkg|var/lib/systemd|var/lib/logrotate|var/cache)(/|$)')
    backups = re.compile('/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$|/etc/.pwd.lock$')
    left = sorted(p for p in after
                  if not logs.match(p) and not backups.match(p) and after[p] != before.get(p))
    named = [p for p in after if 'msnwatch' in p and not p.startswith('/var/lib/systemd')]
    assert not named and not left, (named, left)
    assert box.run('getent', 'passwd', 'msnwatch', check=False).returncode == 2


def main(build, samples):
    why = cannot()
    for tool in ('cpack', 'dpkg-deb', 'dpkg-shlibdeps', 'tcpreplay'):
        if shutil.which(tool) is None:
            why = why or 'no %s here' % tool
    if why is not None:
        skip(why)
    folder = tempfile.mkdtemp(prefix='package.')
    box = None
    try:
        made(build)
        check_prefix(build, folder)
        print('%-44s holds' % 'below any prefix')
        deb = pack(build, folder)
        check_contents(deb)
        print('%-44s holds' % 'contents')
        print('%-44s %s' % ('lintian', check_lintian(deb) or 'holds'))
        box = Box()
        box.run('getent', 'passwd', 'root')
        before = box.changed()
        box.put(deb, '/tmp/msnwatch.deb')
        box.put(os.path.join(samples, 'direct_md5.pcap'), '/tmp/sign-in.pcap')
        for name, case in list(globals().items()):
            if name.startswith('case_'):
                why = case(box, before if 'purge' in name else '/tmp/msnwatch.deb')
                print('%-44s %s' % (name[5:], why or 'holds'), flush=True)
    except AssertionError:
        if box is not None:
            print(box.run('journalctl', '-q', '-n', '60', '-o', 'short-monotonic').stdout)
        raise
    finally:
        if box is not None:
            box.close()
        shutil.rmtree(folder)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*map(os.path.abspath, sys.argv[1:]))

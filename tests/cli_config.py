"""Cases of cli.py: the configuration file of live, and check-config."""
import os, stat

from cli_kit import Skip, holds, same

LINES = ['[capture]', 'interface = tap0', 'filter = tcp', '  or udp', '[output]',
         'accounts = hide ; nobody needs them', '[detection]', 'name = *.example.com',
         'sinkhole = 192.0.2.1']


def conf(b, *lines, name='sensor.conf'):
    return b.file(name, '\n'.join(lines).encode() + b'\n')


def settings(out):
    """What check-config prints, as (section, key, value, origin)."""
    found, section, origin = [], '', ''
    for line in out.splitlines():
        if line.startswith('['):
            section = line[1:-1]
        elif line.startswith('# '):
            origin = line[2:]
        elif line:
            key, value = line.split(' =', 1)
            found.append((section, key, value.strip(), origin))
    return found


def case_check_config_tells_what_holds(b):
    path = conf(b, *LINES)
    code, out, err = b.run('check-config', path)
    same((code, err), (0, ''))
    told = settings(out)
    for want in (('capture', 'interface', 'tap0', path + ':2'),
                 ('capture', 'filter', 'tcp or udp', path + ':3'),
                 ('capture', 'ring', '32', 'default'),
                 ('output', 'accounts', 'hide', path + ':6'),
                 ('detection', 'name', '*.example.com', path + ':8'),
                 ('detection', 'sinkhole', '192.0.2.1', path + ':9'),
                 ('privileges', 'sandbox', 'yes', 'default')):
        assert want in told, (want, told)
    holds(out, '# output: default, standard output\n')
    same(b.run('check-config', '--config', path), (0, out, ''))
    again = b.run('check-config', b.file('again.conf', out.encode()))
    same(again[0], 0)
    same([s[:3] for s in settings(again[1])], [s[:3] for s in told])


def case_check_config_tells_every_error(b):
    path = conf(b, '[capture]', 'rings = 5', 'ring = 0', 'oops', '[outputs]')
    code, out, err = b.run('check-config', path)
    same((code, out), (3, ''))
    same(err.splitlines(), [
        path + ":2: unknown key 'rings' in [capture]; did you mean 'ring'?",
        path + ":3: ring wants mebibytes, 1 to 1024, not '0'",
        path + ':4: neither a [section] nor KEY = VALUE nor a comment',
        path + ':5: unknown section [outputs]; did you mean [output]?'])
    for bad, why in ((b.name('missing.conf'), 'No such file'), (b.folder, 'Is a directory'),
                     (b.file('big.conf', b'#' * 70000), 'longer than')):
        code, out, err = b.run('check-config', bad)
        same((code, out), (3, ''), bad)
        holds(err, bad, why)


def case_check_config_looks_at_what_is_named(b):
    good = b.name('events.jsonl')
    for line, said in (
            ('[capture]\nfilter = tcp prot 1', 'filter: filter "tcp prot 1" (EN10MB)'),
            ('[privileges]\nuser = no-such-user-here', 'user: there is no user'),
            ('[output]\noutput = %s' % b.folder, 'is a folder'),
            ('[output]\nstatus-file = %s/no/status' % b.folder, 'No such file'),
            ('[output]\nmetrics-file = %s/x' % conf(b, name='file'), 'not a folder'),
            ('[output]\naccount-key = %s/no/key' % b.folder, 'No such file'),
            ('[packets]\nwrite = %s/no/p' % b.folder, 'No such file')):
        path = conf(b, '[output]', 'output = ' + good, line.split('\n')[0],
                    line.split('\n')[1]) if 'output = ' not in line else conf(b, line)
        code, out, err = b.run('check-config', path)
        same((code, out), (3, ''), line)
        holds(err, '%s:%d: ' % (path, 2 if 'output = ' in line else 4), said)
    assert not os.path.exists(good), 'it only looks'
    os.chmod(b.folder, 0o755)
    closed = b.file('closed/x')
    os.chmod(os.path.dirname(closed), stat.S_IRWXU)
    if os.geteuid() == 0:
        path = conf(b, '[output]', 'status-file = ' + closed, '[privileges]', 'user = nobody')
        code, out, err = b.run('check-config', path)
        same((code, out), (3, ''))
        holds(err, path + ':2: status-file: nobody may not write in the folder')


def case_check_config_usage(b):
    for args, word in (([], 'nothing to check'), (['a', 'b'], 'one file'),
                       (['--config'], 'config'), (['--bogus'], '--bogus')):
        code, out, err = b.run('check-config', *args)
        same((code, out), (2, ''), args)
        holds(err, 'msnwatch: ', word, "Try 'msnwatch check-config --help'.")


def case_live_and_its_configuration(b):
    bad = conf(b, '[capture]', 'interface = lo', 'ring = many')
    code, out, err = b.run('live', '--config', bad)
    same((code, out), (3, ''))
    same(err, bad + ":3: ring wants mebibytes, 1 to 1024, not 'many'\n")
    none = conf(b, '[output]', 'accounts = hide')
    code, out, err = b.run('live', '--config', none)
    same((code, out), (3, ''))
    holds(err, none, 'nothing to watch', '[capture]')
    code, out, err = b.run('live', '--config', b.name('missing'), '-i', 'lo')
    same((code, out), (3, ''))
    holds(err, 'No such file')
    # What the arguments say wins; wrong ones are wrong usage before the file is read.
    code, out, err = b.run('live', '--config', bad, '--ring', '0')
    same((code, out), (2, ''))
    where = b.name('no', 'events')
    path = conf(b, '[capture]', 'interface = lo', '[output]', 'output = ' + where,
                'accounts = hide')
    code, out, err = b.run('live', '--config', path)
    same((code, out), (1, ''))
    holds(err, where)
    code, out, err = b.run('live', '--config', path, '--output', where + '2')
    same((code, out), (1, ''))
    holds(err, where + '2')


def case_enforcement_takes_networks(b):
    if '--enforce' not in b.run('live', '--help')[1]:
        raise Skip('built without enforcement')
    for mode in ('dry-run', 'reset'):
        code, out, err = b.run('live', '-i', 'lo', '--enforce', mode)
        same((code, out), (2, ''))
        same(err, 'msnwatch: --enforce %s wants --protect: the hosts that may be cut off, such '
             "as 10.0.0.0/8, or 0.0.0.0/0 for every one\nTry 'msnwatch live --help'.\n" % mode)
        bad = conf(b, '[capture]', 'interface = lo', '[enforce]', 'mode = ' + mode)
        said = 'mode: %s wants protect in [enforce]: ' % mode
        for args, where in ((['check-config', bad], bad + ':4: '),
                            (['live', '--config', bad], bad + ': ')):
            code, out, err = b.run(*args)
            same((code, out), (3, ''), args)
            assert err.startswith(where + said), err
    good = conf(b, '[enforce]', 'mode = reset', 'protect = 0.0.0.0/0',
                'hours = Mon-Fri 08:00-12:00', 'hours = Sat 09:00-10:00', 'time-zone = UTC',
                'panic-file = ' + b.name('panic'))
    code, out, err = b.run('check-config', good)
    same((code, err), (0, ''))
    told = settings(out)
    for want in (('enforce', 'mode', 'reset', good + ':2'),
                 ('enforce', 'hours', 'Sat 09:00-10:00', good + ':5'),
                 ('enforce', 'per-host', '60', 'default')):
        assert want in told, (want, told)
    holds(out, '# path: default, all\n', '# interface: default, where the frames come by\n')
    gone = conf(b, '[enforce]', 'panic-file = ' + b.name('no', 'panic'))
    code, out, err = b.run('check-config', gone)
    same((code, out), (3, ''))
    holds(err, gone + ':2: panic-file: the folder ', 'No such file')

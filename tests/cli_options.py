"""Cases of cli.py: commands, options, exit statuses, accounts and the report's form."""
import os, re, stat, subprocess, sys, unicodedata

from cli_kit import Skip, holds, of_type, same

TESTS = os.path.dirname(os.path.abspath(__file__))
LOSSY = 'lossy' # the one whose capture lost packets
ONLY_1863 = 'vlan and tcp port 1863'


def samples(b):
    return sorted(n[:-5] for n in os.listdir(b.samples) if n.endswith('.pcap'))


def case_commands(b):
    code, out, err = b.run()
    same((code, out), (2, ''))
    holds(err, 'usage: msnwatch', 'read', 'live', 'check-config', 'version', 'help')
    for ask in (['help'], ['--help'], ['-h'], ['help', 'help']):
        same(b.run(*ask), (0, err, ''), ask)
    for ask in (['version'], ['--version'], ['-V']):
        code, out, err = b.run(*ask)
        assert code == 0 and re.fullmatch(r'msnwatch \d+\.\d+\.\d+\n', out), out
    usage = b.run('help', 'read')
    same(usage[::2], (0, ''))
    for option in ('--json', '--filter', '--count', '--write', '--accounts', '--quiet',
                   '--account-key', '--exit-code', '--help', 'Exit status'):
        holds(usage[1], option)
    same(b.run('read', '--help'), usage)
    same(b.run('read', '-h', '--count', '3', 'missing.pcap'), usage)
    for wrong in (['bogus'], ['help', 'bogus'], ['']):
        code, out, err = b.run(*wrong)
        same((code, out), (2, ''), wrong)
        holds(err, "unknown command '%s'" % wrong[-1], 'msnwatch help')


def case_wrong_usage(b):
    good = b.sample('direct_md5')
    for args, word in (
            ([], 'nothing to read'), (['--json'], 'nothing to read'),
            (['--bogus', good], '--bogus'), (['-x', good], "'x'"),
            (['--count'], 'count'), (['--filter'], 'filter'), (['-w'], "'w'"),
            (['-w', '', good], "FILE, not ''"),
            (['--accounts', 'none', good], 'show, hash or hide'),
            (['--account-key', 'k', good], '--accounts hash'),
            (['-w', '-', good], '--quiet'),
            (['-w', '-', '-q', '--json', good], '--json')):
        code, out, err = b.run('read', *args)
        same((code, out), (2, ''), args)
        holds(err, 'msnwatch: ', word, "Try 'msnwatch read --help'.")
    for count in ('0', '-1', '+1', '', 'x', '1x', ' 1', '1.5', '99999999999999999999'):
        code, out, err = b.run('read', '--count', count, good)
        same((code, out), (2, ''), count)
        holds(err, '--count', "'%s'" % count)
    for args, word in (([], 'nothing to watch'), (['-i'], "'i'"), (['--bogus'], '--bogus'),
                       (['-i', 'lo', '--ring', '0'], "'0'"),
                       (['-i', 'lo', '--accounts', 'all'], 'show, hash or hide'),
                       (['-i', 'lo', 'tcp ' * 2000], 'too long')):
        code, out, err = b.run('live', *args)
        same((code, out), (2, ''), args)
        holds(err, 'msnwatch: ', word, "Try 'msnwatch live --help'.")
    for threads in ('0', '65', 'many'):
        code, out, err = b.run('read', '--threads', threads, good)
        same((code, out), (2, ''), threads)
        holds(err, '--threads', "'%s'" % threads)


def case_filter_and_count(b):
    day = b.sample('office_day')
    whole = of_type(b.events(day), 'stats')[0]['stats']['source']
    for n in (1, 17, 5000):
        stats = of_type(b.events('--count', str(n), day), 'stats')[0]['stats']
        same(stats['source']['frames'], n)
    some = of_type(b.events('--filter', ONLY_1863, day), 'stats')[0]['stats']
    assert 0 < some['source']['frames'] < whole['frames']
    same(some['source']['frames'] + some['source']['left_out'], whole['frames'])
    holds(b.read('--filter', ONLY_1863, day), 'left out by the filter')
    paths = {p['path'] for _, a in b.attempts('--filter', ONLY_1863, day)
             for p in a['paths']}
    same(paths, {'direct'})
    # The sample is tagged: without "vlan and" nothing passes.
    out = b.read('--filter', 'tcp port 1863', day)
    holds(out, 'No packet passed the filter', 'vlan and')
    code, out, err = b.run('read', '--filter', 'tcp prot 1863', day)
    same((code, out), (1, ''))
    holds(err, 'tcp prot 1863', 'syntax error')


def case_exit_status(b):
    noise, talk, lossy = map(b.sample, ('noise_only', 'direct_md5', 'lossy'))
    cut = b.file('cut.pcap', open(noise, 'rb').read()[:-5])
    cut_talk = b.file('talk.pcap', open(talk, 'rb').read()[:-5])
    missing = b.name('missing.pcap')
    for want, args in (
            (0, [noise]), (0, [talk]), (0, ['--exit-code', noise]),
            (10, ['--exit-code', talk]), (10, ['--exit-code', noise, talk]),
            (10, ['--exit-code', b.sample('in_session')]),
            (4, [lossy]), (10, ['--exit-code', lossy]),
            (4, [cut]), (4, ['--exit-code', cut]), (10, ['--exit-code', cut, talk]),
            (10, ['--exit-code', cut_talk]), (1, [missing]), (1, [missing, noise]),
            (1, ['--exit-code', missing, talk]), (1, [missing, cut]),
            (2, ['--exit-code', '--bogus', talk])):
        for form in ([], ['--json'], ['--quiet']):
            code, out, err = b.run('read', *form, *args)
            same(code, want, args + form)
            assert (out == '') == (want == 2 or form == ['--quiet']), (args, out)
            assert err or want in (0, 10), 'a status without a word: %s' % args


def case_quiet_when_piped(b):
    for name in samples(b):
        code, out, err = b.run('read', b.sample(name))
        same(code, 4 if name == LOSSY else 0, name)
        assert '\033' not in out and '\r' not in out, name
        if code == 0:
            same(err, '', name)
            assert 'could not be read' not in out, name
            assert 'could be read' not in out, name
    same(b.read('--quiet', b.sample('direct_md5')), '')


def case_events_keep_to_the_schema(b):
    odd = b.file('odd.pcap', open(b.sample('direct_md5'), 'rb').read()[:-5])
    data = bytearray(open(b.sample('direct_md5'), 'rb').read())
    data[20] = 147
    foreign = b.file('foreign.pcap', data)
    empty = b.file('folder/notes.txt', b'no capture\n')
    lines = ''
    for args in ([odd], [foreign], [b.name('missing')], [os.path.dirname(empty), odd],
                 [b.sample('lossy')], [b.sample('hostile')], [b.sample('office_day')],
                 ['--accounts', 'hash', odd], ['--accounts', 'hide', odd], ['-']):
        lines += b.run('read', '--json', *args)[1]
    for kind in ('damaged', 'unreadable', 'skipped', 'link-type', 'lost'):
        holds(lines, '"kind":"%s"' % kind)
    run = subprocess.run([sys.executable, os.path.join(TESTS, 'schema.py')],
                         input=lines.encode(), stdout=subprocess.PIPE, check=False)
    if run.returncode == 77:
        raise Skip('python3-jsonschema is not installed')
    same(run.returncode, 0, run.stdout[-2000:])


def case_unknown_link_type(b):
    data = bytearray(open(b.sample('direct_md5'), 'rb').read())
    data[20] = 147
    code, out, err = b.run('read', b.file('foreign.pcap', data))
    same(code, 4)
    holds(err, '64 frames', 'not decoded', '147', 'Ethernet')
    holds(out, 'in the part that could be read', '147')


def cells(line):
    return sum(0 if unicodedata.combining(c) else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)


def case_width_and_characters(b):
    for name in ('office_day', 'hostile', 'in_session', 'noise_only', 'all_blocked'):
        for width in (40, 79, 80, 132):
            for locale in ('C', 'C.UTF-8'):
                settings = {'COLUMNS': str(width), 'LC_ALL': locale}
                out = b.read(b.sample(name), env=settings)
                wide = [line for line in out.splitlines() if cells(line) > width]
                same(wide, [], (name, width, locale))
                assert locale == 'C.UTF-8' or out.isascii(), (name, width)
    table = b.read(b.sample('office_day'), env={'LC_ALL': 'C.UTF-8', 'COLUMNS': '80'})
    holds(table, '\u2500' * 80, '\u2192')
    assert '\u2500' not in b.read(b.sample('office_day'))
    same(b.read(b.sample('office_day'), env={'COLUMNS': '1'}),
         b.read(b.sample('office_day'), env={'COLUMNS': '40'}))
    same(b.read(b.sample('office_day'), env={'COLUMNS': 'wide'}),
         b.read(b.sample('office_day')))


def all_accounts(b):
    found = {}
    for name in samples(b):
        status = 4 if name == LOSSY else 0
        events = b.events(b.sample(name), status=status)
        found[name] = {e[e['event_type']]['account'] for e in events
                       if 'account' in e[e['event_type']]}
    return found


def case_hidden_accounts_are_nowhere(b):
    found = all_accounts(b)
    assert sum(len(names) for names in found.values()) > 20
    for name, accounts in found.items():
        for mode in ('hide', 'hash'):
            for form in (['--json'], []):
                _, out, err = b.run('read', '--accounts', mode, *form, b.sample(name),
                                    env={'LC_ALL': 'C.UTF-8'})
                for account in accounts:
                    assert account not in out + err, (name, mode, account)
                    assert account.split('@')[0] not in out, (name, mode, account)
                assert mode == 'hash' or '"account"' not in out, name


def pseudonyms(b, *args, **more):
    return [a.get('account') for _, a in
            b.attempts('--accounts', 'hash', *args, b.sample('office_day'), **more)]


def case_pseudonyms(b):
    plain = [a.get('account') for _, a in b.attempts(b.sample('office_day'))]
    one, other = b.name('one'), b.name('other')
    first = pseudonyms(b, '--account-key', one)
    same(stat.S_IMODE(os.stat(one).st_mode), 0o600)
    same(os.stat(one).st_size, 32)
    same(pseudonyms(b, '--account-key', one), first)
    second = pseudonyms(b, '--account-key', other)
    for account, x, y in zip(plain, first, second):
        if account is None:
            assert x is None and y is None
            continue
        assert re.fullmatch('k[0-9a-f]{4}:[0-9a-f]{24}', x), x
        assert x != y and x[:5] != y[:5], 'two keys, one pseudonym'
        same(x, first[plain.index(account)], 'one account, one pseudonym')
    same(len(set(first)), len(set(plain)))
    own = pseudonyms(b)
    assert os.path.exists(b.name('.local', 'state', 'msnwatch', 'account.key'))
    same(pseudonyms(b, env={'XDG_STATE_HOME': b.name('.local', 'state')}), own)
    os.chmod(one, 0o644)
    code, out, err = b.run('read', '--accounts', 'hash', '--account-key', one,
                           b.sample('direct_md5'))
    same((code, out), (1, ''))
    holds(err, one)
    code, out, err = b.run('read', '--accounts', 'hash', b.sample('direct_md5'),
                           env={'HOME': None})
    same((code, out), (1, ''))
    holds(err, '--account-key')


def case_the_manual_shows_real_events(b):
    with open(os.path.join(TESTS, '..', 'doc', 'events.md'), encoding='utf8') as f:
        shown = [line.rstrip('\n') for line in f if line.startswith('{')]
    real = ''.join(b.run('read', '--json', name + '.pcap', cwd=b.samples)[1]
                   for name in samples(b)).splitlines()
    with open(os.path.join(TESTS, 'golden', 'events.jsonl'), encoding='utf8') as f:
        real += [line.rstrip('\n').replace('"sensor":"lab-span1",', '') for line in f]
    shown = [s for s in shown if '"stats"' not in s and '"damaged"' not in s]
    assert len(shown) > 3
    same([s for s in shown if s not in real], [])

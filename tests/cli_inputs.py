"""Cases of cli.py: what is read, in every combination, whole and damaged."""
import gzip, os, re, shutil, signal, subprocess, time

from cli_kit import Skip, attempts_of, cuts, frames, holds, of_type, same


def bytes_of(path):
    with open(path, 'rb') as f:
        return f.read()


def case_what_is_no_capture(b):
    good = b.sample('direct_md5')
    want = b.attempts(good)
    assert want
    text, empty = b.file('words.pcap', b'not a capture\n' * 9), b.file('empty.pcap')
    for wrong, why in ((b.name('missing.pcap'), 'No such file'), (text, 'pcap or pcapng'),
                       (empty, 'empty'), ('', 'No such file'),
                       (b.file('zip', b'PK\x03\x04' + bytes(90)), 'unpack'),
                       (b.file('folder/notes.txt', b'words\n')[:-10], 'no capture')):
        for args in ([wrong, good], [good, wrong]):
            events = b.events(*args, status=1)
            same(attempts_of(events), want, wrong)
            told = [e['coverage'] for e in of_type(events, 'coverage')
                    if e['coverage']['kind'] != 'skipped']
            same([(c['kind'], c.get('origin', '')) for c in told],
                 [('unreadable', wrong)])
        code, out, err = b.run('read', wrong)
        same(code, 1, wrong)
        holds(err, wrong or "''", why)
        holds(out, 'nothing can be said')
    code, _, err = b.run('read', '-')
    same(code, 1)
    holds(err, 'standard input: empty')


def case_unreadable(b):
    locked = b.file('locked.pcap', bytes_of(b.sample('direct_md5')))
    os.chmod(locked, 0)
    if os.geteuid() == 0:
        raise Skip('root may read everything')
    code, out, err = b.run('read', locked, b.sample('direct_md5'))
    same(code, 1)
    holds(err, locked, 'Permission denied')
    holds(out, '1 host tried and signed in')


def case_damage_keeps_what_came_before(b):
    """Cut anywhere, a file gives what came before; the message says where it broke."""
    plain = b.sample('direct_twn_redirect')
    kinds = {'pcap': plain, 'pcapng': b.reshape('pcapng', plain, 'ng'),
             'gz': b.reshape('gz', plain, 'gz'), 'zst': b.reshape('zst', plain, 'zst')}
    whole = b.attempts(plain)
    for kind, path in kinds.items():
        data, seen, codes = bytes_of(path), 0, set()
        same(b.attempts(path), whole, kind)
        for n in cuts(len(data)):
            cut = b.file('cut.' + kind, data[:n])
            code, out, err = b.run('read', '--json', cut)
            codes.add(code)
            assert code in (0, 1, 4), (kind, n, code)
            stats = re.search(r'"source":{"files":\d+,"frames":(\d+)', out)
            assert int(stats[1]) >= seen, (kind, n, 'fewer frames of more bytes')
            seen = int(stats[1])
            holds(err, *([cut] if code else []))
            if code == 4:
                holds(err, 'damaged at byte ')
                offset = int(re.search('damaged at byte ([0-9]+)', err)[1])
                assert kind in ('gz', 'zst') or offset <= n, (kind, n, offset)
                holds(out, '"kind":"damaged"', '"offset":%d,' % offset)
        assert {1, 4} <= codes, (kind, codes)


def case_damage_leaves_other_files_alone(b):
    head, records = frames(b.sample('direct_md5'))
    before = b''.join(r for r, _ in records[:9])
    broken = b.file('broken.pcap', head + before + b'\xff' * 400)
    want = b.attempts(b.sample('gateway_sharp'))
    events = b.events(broken, b.sample('gateway_sharp'), status=4)
    got = attempts_of(events)
    assert all(a in got for a in want), got
    told = [e['coverage'] for e in of_type(events, 'coverage')]
    same([(c['origin'], c['offset']) for c in told], [(broken, len(head + before))])


def case_known_by_first_bytes(b):
    plain = b.sample('gateway_amsn')
    want = b.attempts(plain)
    for shape in ('gz', 'zst', 'pcapng', 'pcapng-gz', 'pcapng-be', 'swapped', 'nsec'):
        path = b.reshape(shape, plain, 'named.txt')
        same(b.attempts(path), want, shape)
        with open(path, 'rb') as pipe:
            same(b.attempts('-', stdin=pipe.read()), want, shape + ' piped')
    shutil.copy(b.reshape('gz', plain, 'x'), b.name('plain.pcap'))
    same(b.attempts(b.name('plain.pcap')), want)


def case_files_folders_and_input_together(b):
    """Packets dealt out to a file, a folder and standard input come together again."""
    head, records = frames(b.sample('office_day'))
    want = b.attempts(b.sample('office_day'))
    dealt = [head + b''.join(r for r, _ in records[i::5]) for i in range(5)]
    b.file('in/deep/x/no.ending', dealt[0])
    b.file('in/a.pcap', dealt[1])
    b.file('in/.hidden/x.pcap', bytes_of(b.sample('wrong_password')))
    b.file('in/README', b'words\n')
    one, two = b.file('one.pcap', dealt[2]), b.file('two.pcap', dealt[3])
    paths = [b.name('in'), one, two, '-']
    same(b.attempts(*paths, stdin=dealt[4]), want)
    same(b.attempts(*reversed(paths), stdin=dealt[4]), want)
    holds(b.read(*paths[:3], status=4), 'missing from the capture')


def case_the_same_file_twice(b):
    day = b.sample('two_accounts')
    os.symlink(day, b.name('link.pcap'))
    want = b.attempts(day)
    for args in ([day, day], [day, b.name('link.pcap')], [b.folder, day]):
        events = b.events(*args)
        same(attempts_of(events), want, args)
        same([e['coverage']['kind'] for e in of_type(events, 'coverage')], ['skipped'])
    holds(b.read(day, day), 'read once')


def rotate(b, capture, parts, folder):
    head, records = frames(capture)
    size = -(-len(records) // parts)
    for i in range(parts):
        data = head + b''.join(r for r, _ in records[i * size:(i + 1) * size])
        if i % 3 == 1:
            data = gzip.compress(data, 1)
        b.file('%s/part.%03d' % (folder, parts - i), data)


def case_any_number_of_threads(b):
    """Rotated and packed, and one of them damaged: the same lines, one thread or many."""
    rotate(b, b.sample('office_day'), 40, 'many')
    for name in ('gateway_sharp', 'direct_md5'):
        b.reshape('zst', b.sample(name), 'many/%s.zst' % name)
    cut = bytes_of(b.reshape('gz', b.sample('conversation'), 'whole.gz'))
    b.file('many/cut.pcap.gz', cut[:len(cut) // 2])
    want = b.events(b.name('many'), '--threads', '1', status=4)
    for n in ('2', '3', '8', '64'):
        same(b.events(b.name('many'), '--threads', n, status=4), want, n)


def case_rotated_files_are_one_capture(b):
    for name, parts in (('office_day', 50), ('gateway_official', 30),
                        ('direct_twn_redirect', 40), ('conversation', 9)):
        rotate(b, b.sample(name), parts, name)
        same(b.attempts(b.name(name)), b.attempts(b.sample(name)), name)
    holds(b.read(b.name('office_day')), '50 files')


def told_of(attempts):
    return [(host, a['outcome'], a.get('account')) for host, a in attempts]


def case_a_session_met_midway_keeps_its_sides(b):
    """Old clients' own ports begin at 1025, below the service's."""
    for name in ('in_session', 'conversation', 'direct_sso_wlm2009', 'office_day'):
        bare = b.reshape('nosyn', b.sample(name), 'bare.pcap')
        same(told_of(b.attempts(bare)), told_of(b.attempts(b.sample(name))), name)


def follow(b, *args):
    """msnwatch reading what is written to it, until told to stop."""
    command = [b.binary, 'read', *args, '-']
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=b.env())


def case_a_signal_ends_the_reading(b):
    data = bytes_of(b.sample('direct_md5'))
    want = b.read(b.sample('direct_md5')).split('Coverage')[0]
    for sig in (signal.SIGINT, signal.SIGTERM):
        for rest in (b'', b'\0' * 7):
            p = follow(b)
            p.stdin.write(data + rest)
            p.stdin.flush()
            time.sleep(0.5)
            assert p.poll() is None, 'it must wait for more'
            p.send_signal(sig)
            out, err = p.communicate(timeout=20)
            same(p.returncode, 0)
            same(out.decode().split('Coverage')[0], want)
            same(err.decode().count('\n'), 1)
            holds(err.decode(), 'stopped')


def case_a_signal_before_anything_came(b):
    os.mkfifo(b.name('fifo'))
    p = subprocess.Popen([b.binary, 'read', b.name('fifo')], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env=b.env())
    time.sleep(0.5)
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=20)
    same(p.returncode, 0)
    holds(out.decode(), 'No packet was read')
    holds(err.decode(), 'stopped')


def case_output_that_cannot_be_written(b):
    day = b.sample('office_day')
    for form in (['--json'], []):
        with open('/dev/full', 'w', encoding='utf8') as full:
            code, _, err = b.run('read', *form, day, stdout=full)
        same(code, 1, form)
        holds(err, 'standard output', 'No space left')
        code, err = closed(b, '>&-', *form, day)
        same(code, 1, form)
        holds(err, 'standard output: cannot be written')
        for stream in ('2>&-', '<&-'):
            same(closed(b, stream, *form, day), (0, ''), stream)
    code, err = closed(b, '<&-', '-')
    same(code, 1)
    holds(err, 'standard input')
    for args in (['version'], ['help'], ['read', '--help']):
        with open('/dev/full', 'w', encoding='utf8') as full:
            same(b.run(*args, stdout=full)[0], 1, args)


def closed(b, how, *args):
    """With a standard stream closed by the shell."""
    null = subprocess.DEVNULL
    done = subprocess.run(['sh', '-c', '"$0" read "$@" %s' % how, b.binary, *args],
                          env=b.env(), stdin=null, stdout=null, stderr=subprocess.PIPE,
                          check=False)
    return done.returncode, done.stderr.decode()

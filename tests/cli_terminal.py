"""Cases of cli.py: what msnwatch does on a terminal, played on a pseudo terminal."""
import fcntl, gzip, os, pty, re, select, struct, subprocess, termios, time

from cli_inputs import bytes_of
from cli_kit import holds, same
from cli_options import cells

COLOUR = re.compile(r'\033\[\d+m')
CLEAR = '\r\033[K'


def play(b, *args, columns=100, stdin=None, pipes=(), **settings):
    """All that a terminal shows of both streams; streams in pipes go elsewhere."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
    streams = {s: subprocess.DEVNULL if s in pipes else theirs
               for s in ('stdin', 'stdout', 'stderr')}
    if stdin is not None:
        streams['stdin'] = stdin
    env = b.env(LC_ALL='C.UTF-8', **settings)
    p = subprocess.Popen([b.binary, 'read', *args], env=env, **streams)
    os.close(theirs)
    shown = b''
    while p.poll() is None or select.select([ours], [], [], 0)[0]:
        if select.select([ours], [], [], 0.05)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
    os.close(ours)
    p.wait(timeout=60)
    return shown.decode().replace('\r\n', '\n')


def report(b, *args, **more):
    """What a terminal shows of the report; a slow machine would mix progress into it."""
    return play(b, *args, pipes=('stderr',), **more)


def long_reading(b, copies=40):
    """A folder that takes a while to read."""
    data = gzip.compress(bytes_of(b.sample('office_day')), 1)
    for i in range(copies):
        b.file('long/%d.gz' % i, data)
    return b.name('long')


def left_over(shown):
    """Lines as they stand at the end: what was cleared is gone."""
    return '\n'.join(line.rsplit(CLEAR, 1)[-1] for line in shown.split('\n'))


def case_progress_comes_and_goes(b):
    long = long_reading(b)
    report = b.read(long, env={'LC_ALL': 'C.UTF-8'})
    for columns in (100, 40, 20):
        shown = play(b, long, columns=columns, COLUMNS='100', NO_COLOR='1')
        lines = [re.split('[\r\n]', part)[0] for part in shown.split(CLEAR)[1:]]
        lines = [line for line in lines if ' MB of ' in line]
        assert len(lines) > 1, shown[:300]
        assert all(len(line) < columns for line in lines), lines
        whole = r' *\d+ %  [\d.]+ [kMG]B of [\d.]+ MB  [\d.]+ [kMG]B/s  .* left'
        assert columns < 100 or all(re.fullmatch(whole, line) for line in lines), lines
        shares = [int(line.split('%')[0]) for line in lines]
        same(shares, sorted(shares))
        assert shares[-1] <= 100
        same(left_over(shown), report)


def case_progress_of_standard_input(b):
    source, sink = os.pipe()
    feeder = subprocess.Popen(
        ['sh', '-c', 'for i in 1 2 3 4; do head -c 1500000; sleep 0.25; done; cat'],
        stdin=open(b.sample('office_day'), 'rb'), stdout=sink)
    os.close(sink)
    shown = play(b, '-', stdin=source, NO_COLOR='1', COLUMNS='100')
    os.close(source)
    feeder.wait(timeout=20)
    assert re.search(r'\r\033\[K[\d,]+ packets  [\d,]+/s', shown), shown[:300]
    assert ' left' not in shown.split('Hosts')[0]
    same(left_over(shown), b.read(b.sample('office_day'), env={'LC_ALL': 'C.UTF-8'}))


def case_no_progress_where_nobody_looks(b):
    long = long_reading(b)
    same(play(b, long, pipes=('stdout',), TERM='dumb'), '')
    same(play(b, '--quiet', long), '')
    same(play(b, long, pipes=('stderr',)).count('\r'), 0)
    holds(play(b, long, pipes=('stdout',)), '% ')
    shown = play(b, '--json', long, pipes=('stdout',))
    same(left_over(shown), '')


def case_a_message_stands_alone(b):
    """Nothing of the progress is left before or behind it."""
    cut = b.file('long/cut.pcap', bytes_of(b.sample('office_day'))[:-3])
    shown = play(b, long_reading(b), pipes=('stdout',))
    assert CLEAR in shown
    lines = left_over(shown).splitlines()
    assert all(line.startswith('msnwatch: ') for line in lines), lines
    holds(lines[0], cut, 'damaged at byte')


def case_colour(b):
    day = b.sample('office_day')
    shown = report(b, day)
    assert COLOUR.search(shown)
    plain = report(b, day, NO_COLOR='1')
    same(COLOUR.sub('', shown), plain)
    assert '\033' not in plain
    assert COLOUR.search(report(b, day, NO_COLOR='')), 'empty is as good as unset'
    for settings in ({'TERM': 'dumb'}, {'TERM': None}):
        same(report(b, day, **settings), plain)
    assert '\033' not in report(b, '--json', day)


def case_the_width_of_the_terminal(b):
    day = b.sample('office_day')
    for columns in (40, 60, 80, 100, 132):
        shown = report(b, day, columns=columns, NO_COLOR='1')
        same(shown, b.read(day, env={'COLUMNS': str(columns), 'LC_ALL': 'C.UTF-8'}))
        widest = max(map(cells, shown.splitlines()))
        assert columns - 9 < widest <= columns, (columns, widest)
        same(report(b, day, columns=99, COLUMNS=str(columns), NO_COLOR='1'), shown)


def case_a_terminal_is_no_capture(b):
    shown = play(b, '-')
    holds(shown, 'standard input: a terminal')
    shown = play(b, '-q', '-w', '-', b.sample('direct_md5'))
    holds(shown, '-w', 'terminal')


def case_interrupted_from_the_keyboard(b):
    """Ctrl-C amid a long reading: the report of what was read, and the prompt at once."""
    ours, theirs = pty.openpty()
    p = subprocess.Popen([b.binary, 'read', long_reading(b, 40)], stdin=theirs,
                         stdout=subprocess.PIPE, stderr=theirs, env=b.env(),
                         start_new_session=True,
                         preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(theirs)
    while b'%' not in os.read(ours, 65536):
        pass
    os.write(ours, b'\x03')
    start = time.monotonic()
    out = p.communicate(timeout=20)[0].decode()
    assert time.monotonic() - start < 5
    same(p.returncode, 0)
    holds(out, 'Coverage', 'packets')
    holds(left_over(os.read(ours, 65536).decode().replace('\r\n', '\n')), 'stopped')
    os.close(ours)

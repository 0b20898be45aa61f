#!/usr/bin/env python3
"""What a running `msnwatch live` puts out beside its events: status, metrics, system log, packets.

usage: live_outputs.py MSNWATCH SAMPLES

Takes root, ip netns and tcpreplay; ends with 77 where they are not to be had.
"""
import glob, json, os, re, shutil, signal, socket, stat, subprocess, sys, tempfile, time

import live, prometheus
from live import INSIDE, attempts, ip, play, run, wait_for

NAME = re.compile(r'msn-\d{8}T\d{6}Z-\d{3}\.pcap\Z')
HEAD = re.compile(r'<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d msnwatch\[(\d+)\]: (\{.*\})\Z')
SEVERITY = {'attempt': 29, 'verdict': 29, 'coverage': 28, 'messenger': 30, 'stats': 30}
ODD = 'a "b"\\c\u00e9'

# A place where what follows has a small disk at $1, or a system log of its own.
SMALL = 'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"'
LOGGED = ('mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && ln -s "$1" /dev/log &&'
          ' shift && exec "$@"')


class Sensor:
    running = []

    def __init__(self, t, *args, inside=None):
        self.t = t
        self.errors = t.name('errors')
        around = ['unshare', '-m', 'sh', '-c', inside[0], 'sh', inside[1]] if inside else []
        with open(self.errors, 'w', encoding='utf8') as err:
            self.p = subprocess.Popen(INSIDE + around + [
                t.msnwatch, 'live', '-i', 'tap0', '--accounts', 'show', *args], stderr=err)
        self.running.append(self.p)
        kept = [b for a, b in zip(args, args[1:]) if a in ('--status-file', '--metrics-file')]
        def watched():
            """the interface being watched, and what is kept about that"""
            assert self.p.poll() is None, self.told()
            return ('promiscuity 0' not in ip('-d', 'link', 'show', 'tap0') and
                    all(os.path.exists(path) for path in kept))
        wait_for(watched)

    def told(self):
        with open(self.errors, encoding='utf8') as f:
            return f.read()

    def end(self, how=signal.SIGTERM, status=0):
        time.sleep(0.3) # what the kernel holds back
        self.p.send_signal(how)
        got = self.p.wait(timeout=20)
        assert got == status, (got, self.told())


class Place:
    def __init__(self, msnwatch, samples, folder):
        self.msnwatch, self.samples, self.folder = msnwatch, samples, folder

    def name(self, *parts):
        return os.path.join(self.folder, *parts)

    def sample(self, name):
        return os.path.join(self.samples, name + '.pcap')

    def read(self, *paths, status=(0, 4)):
        done = run(self.msnwatch, 'read', '--json', *paths, check=False)
        assert done.returncode in status, done
        return [json.loads(line) for line in done.stdout.splitlines()]

    def valid(self, path):
        done = run(sys.executable, '-B', os.path.join(os.path.dirname(__file__), 'schema.py'),
                   path, check=False)
        assert done.returncode in (0, 77), done

    def status(self, path):
        return run(self.msnwatch, 'live', '--status', '--status-file', path, check=False)


def load(path):
    with open(path, encoding='utf8') as f:
        text = f.read()
    return [json.loads(line) for line in text.splitlines()]


def whole(path):
    with open(path, encoding='utf8') as f:
        return json.load(f)


def signed_in(path):
    def there():
        """the status telling of a sign-in"""
        return whole(path)['attempts']['signed-in'] == 1
    wait_for(there)


def case_status_of_a_sensor(t):
    path = t.name('status')
    none = t.status(path)
    assert none.returncode == 1 and path in none.stderr and '--status-file' in none.stderr, none
    s = Sensor(t, '-i', 'later0', '--output', t.name('events'), '--status-file', path,
               '--sensor', 'span "1"')
    play('far0', t.sample('direct_md5'))
    s.p.send_signal(signal.SIGUSR1)
    def there():
        """the status telling of packets"""
        return whole(path)['packets'] > 0
    wait_for(there)
    for _ in range(500):
        assert whole(path)['state'] == 'running'
    now = whole(path)
    assert now['pid'] == s.p.pid and now['sensor'] == 'span "1"', now
    assert [(i['name'], i['state']) for i in now['interfaces']] == [
        ('tap0', 'watched'), ('later0', 'away')], now
    assert now['newest_packet'] <= now['updated'], now
    shown = t.status(path)
    assert shown.returncode == 0 and 'is running' in shown.stdout, shown
    assert 'watched; ' in shown.stdout and 'later0         away; ' in shown.stdout, shown
    assert '\x1b' not in shown.stdout, shown
    ip('link', 'set', 'tap0', 'down')
    def down():
        """the status telling that the interface is down"""
        return whole(path)['interfaces'][0]['state'] == 'down'
    wait_for(down)
    ip('link', 'set', 'tap0', 'up')
    s.end()
    now = whole(path)
    assert now['state'] == 'ended' and now['attempts']['signed-in'] == 1, now
    assert now['events'] == load(t.name('events'))[-1]['seq'], now
    shown = t.status(path)
    assert shown.returncode == 1 and 'has ended' in shown.stdout, shown
    assert 'attempts       signed-in 1\n' in shown.stdout, shown
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644


def case_status_of_a_sensor_that_was_killed(t):
    path = t.name('status')
    s = Sensor(t, '--output', t.name('events'), '--status-file', path)
    s.end(signal.SIGKILL, -signal.SIGKILL)
    assert whole(path)['state'] == 'running'
    shown = t.status(path)
    assert shown.returncode == 1 and 'is gone' in shown.stdout, shown


def case_places_that_will_not_do(t):
    for option, value, cure in (
            ('--status-file', '/nowhere/status', 'its folder must be there'),
            ('--metrics-file', t.name('metrics'), 'metrics.prom'),
            ('--write', '/nowhere/msn', 'it must be there')):
        bad = run(*INSIDE, t.msnwatch, 'live', '-i', 'tap0', '--accounts', 'hide', option,
                  value, check=False)
        assert bad.returncode == 1 and value.split('/n')[0] in bad.stderr, bad
        assert cure in bad.stderr, bad


def case_metrics(t):
    path = t.name('msnwatch.prom')
    s = Sensor(t, '--output', t.name('events'), '--metrics-file', path, '--sensor', ODD)
    first, _ = prometheus.read(path)
    assert first[('msnwatch_running', (('sensor', ODD.replace('\\', '\\\\')),))] == 1
    for name in ('direct_md5', 'gateway_sharp', 'wrong_password', 'block_port_prohibited'):
        play('far0', t.sample(name))
    s.end()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
    assert not glob.glob(path + '?*')
    series, types = prometheus.read(path)
    if shutil.which('promtool'):
        with open(path, encoding='utf8') as f:
            subprocess.run(['promtool', 'check', 'metrics'], stdin=f, check=True)
    events = load(t.name('events'))
    count = {}
    for name, labels in series:
        assert dict(labels)['sensor'] == ODD.replace('\\', '\\\\'), labels
        assert not re.search(r'\d+\.\d+\.\d+\.\d+|@', str(labels).replace(ODD, '')), labels
        if name == 'msnwatch_attempts_total':
            outcome = dict(labels)['outcome']
            count[outcome] = count.get(outcome, 0) + series[name, labels]
    told = [e['attempt']['outcome'] for e in events if e['event_type'] == 'attempt']
    assert sum(count.values()) == len(told) > 3, (count, told)
    assert all(n == told.count(outcome) for outcome, n in count.items()), (count, told)
    ways = sum(p.get('count', 1) for e in events if e['event_type'] == 'attempt'
               for p in e['attempt']['paths'])
    assert sum(n for (name, _), n in series.items() if name == 'msnwatch_tries_total') == ways
    for group, counters in events[-1]['stats'].items():
        for name in counters:
            stem = 'msnwatch_%s_%s' % (group, name)
            assert (stem in types) != (stem + '_total' in types), stem
    assert series[('msnwatch_running', (('sensor', ODD.replace('\\', '\\\\')),))] == 0
    levels = {name for name, kind in types.items() if kind == 'gauge'}
    assert {'msnwatch_flow_tracked', 'msnwatch_flow_peak'} <= levels, levels


class Log:
    """A server of the system log."""
    def __init__(self, path):
        self.s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.s.bind(path)
        self.s.settimeout(5)
        self.path, self.pids = path, set()

    def events(self):
        """Everything up to the last event of a run."""
        out = []
        while not out or out[-1]['event_type'] != 'stats':
            m = HEAD.match(self.s.recv(1 << 17).decode('utf8'))
            assert m, 'no framing'
            out.append(json.loads(m.group(3)))
            assert int(m.group(1)) == SEVERITY[out[-1]['event_type']], m.groups()
            self.pids.add(int(m.group(2)))
        return out

    def restart(self):
        self.s.close()
        os.remove(self.path)
        time.sleep(0.3)
        self.__init__(self.path)


def case_system_log(t):
    log = Log(t.name('log'))
    s = Sensor(t, '--sink', 'syslog', inside=(LOGGED, log.path))
    play('far0', t.sample('direct_md5'))
    time.sleep(0.3)
    log.restart()
    play('far0', t.sample('office_day'))
    s.p.send_signal(signal.SIGHUP)
    s.p.send_signal(signal.SIGTERM) # while nobody reads
    events = log.events()
    assert s.p.wait(timeout=20) == 0, s.told()
    assert log.pids == {s.p.pid}, log.pids
    with open(t.name('heard'), 'w', encoding='utf8') as f:
        f.writelines(json.dumps(e) + '\n' for e in events)
    t.valid(t.name('heard'))
    seq = [e['seq'] for e in events]
    assert len(seq) > 50 and seq == list(range(seq[0], seq[0] + len(seq))), seq
    assert events[-2]['event_type'] == 'verdict', events[-2]


def case_no_system_log(t):
    bare = run(*INSIDE, 'unshare', '-m', 'sh', '-c', LOGGED, 'sh', t.name('nothing'),
               t.msnwatch, 'live', '-i', 'tap0', '--accounts', 'hide', '--sink', 'syslog',
               check=False)
    assert bare.returncode == 1 and '/dev/log: no system log' in bare.stderr, bare


def saved(t):
    names = sorted(os.listdir(t.name('pcap')))
    assert all(NAME.match(n) for n in names), names
    return [t.name('pcap', n) for n in names]


def first_time(path):
    with open(path, 'rb') as f:
        return int.from_bytes(f.read(28)[24:], 'little')


def case_packets_by_size(t):
    os.mkdir(t.name('pcap'))
    s = Sensor(t, '--output', t.name('events'), '-w', t.name('pcap', 'msn'), '--write-size', '1')
    play('far0', t.sample('conversation'))
    time.sleep(2.5)
    early = attempts(t.read(t.name('pcap'), status=(0,)))
    assert {a[1] for a in early} == {'signed-in'}, early # while it is written
    play('far0', t.sample('office_day'))
    s.end()
    files = saved(t)
    sizes = [os.path.getsize(f) for f in files]
    assert len(files) > 1 and max(sizes) <= 1 << 20 and min(sizes[:-1]) > 1 << 19, sizes
    times = [first_time(f) for f in files]
    assert times == sorted(times), times
    events = load(t.name('events'))
    want = attempts(events)
    assert attempts(t.read(t.name('pcap'))) == want, 'the packets tell something else'
    counters = events[-1]['stats']['saved']
    assert counters['files'] == len(files) and counters['lost'] == 0, counters
    frames = t.read(t.name('pcap'))[-1]['stats']['source']['frames']
    assert counters['frames'] == frames > 1000, (counters, frames)


def case_packets_by_time(t):
    os.mkdir(t.name('pcap'))
    for name in ('msn-20010101T000000Z-000.pcap', 'other.pcap'):
        shutil.copy(t.sample('direct_md5'), t.name('pcap', name))
    s = Sensor(t, '--output', t.name('events'), '-w', t.name('pcap', 'msn'), '--write-time', '1',
               '--write-keep', '2')
    for _ in range(4):
        play('far0', t.sample('direct_md5'))
        time.sleep(1.1)
    s.end(signal.SIGKILL, -signal.SIGKILL)
    os.remove(t.name('pcap', 'other.pcap'))
    files = saved(t)
    assert len(files) == 2 and 'msn-2001' not in files[0], files
    for f in files:
        assert [a[1] for a in attempts(t.read(f, status=(0,)))] == ['signed-in'], f


def case_several_workers(t):
    os.mkdir(t.name('pcap'))
    path = t.name('status')
    s = Sensor(t, '--output', t.name('events'), '-w', t.name('pcap', 'msn'), '--workers', '3',
               '--ring', '256', '--status-file', path, '--metrics-file', t.name('m.prom'))
    play('far0', t.sample('office_day'))
    s.end()
    events, now = load(t.name('events')), whole(path)
    names = sorted(os.listdir(t.name('pcap')))
    assert all(re.match(r'msn-w[0-2]-\d{8}T\d{6}Z-000\.pcap\Z', n) for n in names), names
    assert len(names) > 1, names
    stats = events[-1]['stats']
    assert stats['saved']['files'] == len(names), (stats['saved'], names)
    assert now['packets'] == stats['live']['taken'] == now['interfaces'][0]['frames'], now
    size = os.path.getsize(t.sample('office_day'))
    assert now['bytes'] == size - 24 - 16 * now['packets'], (now, size)
    assert prometheus.read(t.name('m.prom'))[1]['msnwatch_flow_peak'] == 'gauge'
    told = {a[:3] for a in attempts(events) if a[1] == 'signed-in'}
    assert told and told <= {a[:3] for a in attempts(t.read(t.name('pcap')))}, told


def case_packets_on_a_full_disk(t):
    os.mkdir(t.name('pcap'))
    s = Sensor(t, '--output', t.name('events'), '-w', t.name('pcap', 'msn'),
               inside=(SMALL, t.name('pcap')))
    play('far0', t.sample('office_day'))
    play('far0', t.sample('direct_md5'))
    s.end()
    events = load(t.name('events'))
    told = [e['coverage'] for e in events if e['event_type'] == 'coverage']
    assert [c['kind'] for c in told] == ['output'], told
    assert 'No space left on device' in told[0]['text'] and told[0]['text'] in s.told(), told
    assert events[-1]['stats']['saved']['lost'] > 0, events[-1]
    t.valid(t.name('events'))
    assert any(a[1] == 'signed-in' for a in attempts(events))


def main(msnwatch, samples):
    why = live.can() or (None if shutil.which('unshare') else 'no unshare here')
    if why is not None:
        print('skipped:', why)
        return 77
    with live.cables('live_outputs.') as folder:
        for case in live.cases_of(globals()):
            t = Place(msnwatch, samples, os.path.join(folder, case.__name__))
            os.mkdir(t.folder)
            case(t)
            print('%-54s holds' % case.__name__[5:], flush=True)
    return 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*map(os.path.abspath, sys.argv[1:])))

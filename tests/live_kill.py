#!/usr/bin/env python3
"""What kill -9 leaves of the events of `msnwatch live`, at 20 moments nobody chose.

usage: live_kill.py MSNWATCH SAMPLES [SEED]

Plays sign-ins, each from a host of its own, into an interface of a namespace made for it,
and notes when each frame was sent.  After every kill the log must hold whole lines up to
its last, and every event whose frame was sent more than a second before; the next start
must go on in the same file.  One worker and two in turn.  Takes root and ip netns; ends
with 77 where they are not to be had.
"""
import json, os, pathlib, random, shutil, signal, socket, subprocess, sys, tempfile, time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'bench'))
import hidden

KILLS, TORN_AT = 20, (5, 12)  # after these kills the test itself cuts a line in two
SAMPLE = 'direct_md5'
HOSTS, FRAMES_A_SECOND = 200, 6700
LOST_AT_MOST = 1.0  # seconds
SETTLE = 0.2  # until workers that listen have shared the frames out among them
BEFORE, LONGEST = 0.05, 1.9  # of the traffic before a kill
NAME = 'msnwatch%d' % os.getpid()


def run(*words, check=True):
    return subprocess.run(words, check=check, text=True, capture_output=True)


def why_not():
    if shutil.which('ip') is None:
        return 'no ip here'
    if os.geteuid() != 0:
        return 'it takes root'
    made = run('ip', 'netns', 'add', NAME, check=False)
    return made.stderr.strip() if made.returncode else None


def enter():
    """Puts this process into the namespace: what it sends and starts is there."""
    space = os.open('/run/netns/' + NAME, os.O_RDONLY)
    if hasattr(os, 'setns'):
        os.setns(space, 0x40000000)
    else:
        import ctypes
        if ctypes.CDLL(None, use_errno=True).setns(space, 0x40000000):
            raise OSError(ctypes.get_errno(), 'setns')
    os.close(space)
    for end, other in (('tap', 'far'), ('far', 'tap')):
        if end == 'tap':
            run('ip', 'link', 'add', end, 'type', 'veth', 'peer', 'name', other)
        with open('/proc/sys/net/ipv6/conf/%s/disable_ipv6' % end, 'w') as f:
            f.write('1')
        run('ip', 'link', 'set', end, 'arp', 'off', 'up')


def events_of(lines):
    return [e for e in map(json.loads, lines) if e['event_type'] == 'messenger']


class Play:
    """The sample from HOSTS hosts, interleaved; and what each frame makes known."""

    def __init__(self, msnwatch, sample):
        told = run(msnwatch, 'read', '--json', str(sample)).stdout.splitlines()
        self.signs = [(e['pcap_cnt'], e['messenger']['sign']) for e in events_of(told)]
        host = socket.inet_aton(json.loads(told[0])['src_ip'])
        self.hosts, self.frames = [], []
        for key in range(HOSTS):
            capture = hidden.Capture(sample)
            for number, (_, _, data) in enumerate(capture.frames, 1):
                at, version = hidden.ip_header(data)
                hidden.rename(data, at, version, {host}, key)
                self.frames.append((key * 8 + number, key, number, bytes(data)))
            self.hosts.append(socket.inet_ntoa(bytes([host[0], host[1] ^ key, *host[2:]])))
        self.frames.sort()  # a new host begins every 8 frames of the one before

    def send(self, until):
        """Plays until then, evenly; when each frame of each host was sent."""
        sent, began = {}, time.time()
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
            s.bind(('far', 0))
            for i, (_, key, number, data) in enumerate(self.frames):
                while (now := time.time()) < min(began + i / FRAMES_A_SECOND, until):
                    time.sleep(0.001)
                if now >= until:
                    break
                s.send(data)
                sent[self.hosts[key], number] = time.time()
        time.sleep(max(0, until - time.time()))
        return sent

    def missing(self, lines, sent, ended=False):
        """
        Times at which frames were sent whose events are not there; how many are.  A
        sensor that ended tells of connections left open that they are closed.
        """
        told = {}
        for e in events_of(lines):
            told.setdefault(e['src_ip'], []).append(e['messenger']['sign'])
        gone = []
        for host in self.hosts:
            due = [(sent[host, n], sign) for n, sign in self.signs if (host, n) in sent]
            got = told.pop(host, [])
            if ended and len(got) == len(due) + 1 and got[-1] == 'closed':
                got.pop()
            # One beyond what was sent is a frame sent, and not yet noted.
            assert got == [sign for _, sign in self.signs][:len(got)], (host, got)
            gone += [when for when, _ in due[len(got):]]
        assert not told, 'told of strangers: %s' % told
        return gone, len(events_of(lines))


class Log:
    """The file of events, and how far it was looked at."""

    def __init__(self, path):
        self.path, self.seen, self.torn = path, 0, 0

    def tail(self):
        """What came since: whole lines and the rest.  Of a line torn before, its end."""
        with open(self.path, 'rb') as f:
            f.seek(self.seen)
            new = f.read()
        self.seen += len(new)
        *lines, rest = new.split(b'\n')
        if self.torn and new:
            assert lines[0] == b'', 'a torn line was gone on with: %r' % lines[0][:80]
            lines = lines[1:]
        self.torn = bool(rest) if new else self.torn
        return lines, rest

    def tear(self):
        """Cuts the last line in two, as a loss of power may."""
        with open(self.path, 'r+b') as f:
            data = f.read()
            end = len(data.rstrip(b'\n'))
            begin = data.rfind(b'\n', 0, end) + 1
            self.seen = (begin + end) // 2
            f.truncate(self.seen)
        self.torn = True


class Sensor:
    running = []

    def __init__(self, msnwatch, path, workers):
        self.workers = workers
        self.p = subprocess.Popen(
            [msnwatch, 'live', '-i', 'tap', '--user', 'root', '--output', path,
             '--accounts', 'show', '--workers', str(workers)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.running.append(self.p)
        until = time.monotonic() + 10
        while not self.listens():
            if self.p.poll() is not None or time.monotonic() > until:
                self.p.kill()
                said = self.p.communicate()[0].decode()
                raise AssertionError('it does not start: ' + said)
            time.sleep(0.01)
        time.sleep(SETTLE * (workers > 1))

    def listens(self):
        """As many sockets that take packets as there are workers."""
        with open('/proc/thread-self/net/packet', encoding='ascii') as f:
            return sum(line.split()[5] == '1' for line in f.readlines()[1:]) >= self.workers

    def end(self, by):
        self.p.send_signal(by)
        return self.p.wait(20)


def rounds(msnwatch, play, log, chance):
    """20 kills; of each, the age of the oldest event that is missing."""
    ages, torn, total = [], 0, 0
    for n in range(1, KILLS + 1):
        sensor = Sensor(msnwatch, log.path, 1 + n % 2)
        sent = play.send(time.time() + chance.uniform(BEFORE, LONGEST))
        killed = time.time()
        assert sensor.end(signal.SIGKILL) == -signal.SIGKILL
        lines, rest = log.tail()
        gone, told = play.missing(lines, sent)
        ages.append(killed - min(gone) if gone else 0.0)
        total, torn = total + told, torn + bool(rest)
        assert ages[-1] <= LOST_AT_MOST, 'kill %d: %.2f s are missing' % (n, ages[-1])
        if n in TORN_AT:
            log.tear()
    return ages, torn, total


def go(msnwatch, samples, seed, folder):
    enter()
    play = Play(msnwatch, pathlib.Path(samples, SAMPLE + '.pcap'))
    log = Log(os.path.join(folder, 'events.json'))
    began, chance = time.monotonic(), random.Random(seed)
    ages, torn, total = rounds(msnwatch, play, log, chance)
    sensor = Sensor(msnwatch, log.path, 1)
    sent = play.send(time.time() + 0.3)
    time.sleep(0.3)
    assert sensor.end(signal.SIGTERM) == 0
    lines, rest = log.tail()
    gone, _ = play.missing(lines, sent, ended=True)
    assert sent and not gone and not rest, 'the last start: %d are missing' % len(gone)
    assert json.loads(lines[-1])['event_type'] == 'stats'
    print('%d kills, seed %d, %d s: %d events on whole lines; %d lines cut off by a kill, '
          '%d by hand, none gone on with' % (KILLS, seed, time.monotonic() - began, total,
                                           torn, len(TORN_AT)))
    print('missing at a kill: %.3f s at most, %.3f s in the middle of %d kills' % (
        max(ages), sorted(ages)[KILLS // 2], KILLS))


def main(msnwatch, samples, seed):
    if why := why_not():
        print('skipped:', why)
        return 77
    folder = tempfile.mkdtemp(prefix='live_kill.')
    try:
        go(msnwatch, samples, seed, folder)
    finally:
        for p in Sensor.running:
            p.kill()
            p.wait()
        run('ip', 'netns', 'del', NAME, check=False)
        shutil.rmtree(folder)
    return 0


if __name__ == '__main__':
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    sys.exit(main(*map(os.path.abspath, sys.argv[1:3]),
                  int(sys.argv[3]) if len(sys.argv) == 4 else random.randrange(10 ** 6)))

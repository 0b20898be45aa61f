"""What the cases of cli.py share: running msnwatch, its events, and captures."""
import json, os, shutil, struct, subprocess, tempfile

GLOBAL = 24
PCAP_HEAD = struct.Struct('<IIII')


class Skip(Exception):
    """The case cannot be tried here."""


class Bench:
    """One case's program and samples, and a folder of its own."""

    def __init__(self, binary, samples, reshape):
        self.binary, self.samples, self.reshape_tool = map(
            os.path.abspath, (binary, samples, reshape))
        self.folder = tempfile.mkdtemp(prefix='cli.')

    def close(self):
        shutil.rmtree(self.folder)

    def sample(self, name):
        return os.path.join(self.samples, name + '.pcap')

    def name(self, *parts):
        return os.path.join(self.folder, *parts)

    def file(self, name, data=b''):
        path = self.name(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as f:
            f.write(data)
        return path

    def env(self, **settings):
        fixed = {'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'TERM': 'xterm',
                 'HOME': self.folder}
        fixed.update({k: v for k, v in os.environ.items() if k.startswith('ASAN_')})
        fixed.update(settings)
        return {k: v for k, v in fixed.items() if v is not None}

    def run(self, *args, stdin=b'', env=None, **more):
        """The program's exit status, output and messages."""
        if isinstance(stdin, bytes):
            more['input'] = stdin
        else:
            more['stdin'] = stdin
        more.setdefault('stdout', subprocess.PIPE)
        done = subprocess.run([self.binary, *args], stderr=subprocess.PIPE, timeout=120,
                              env=self.env(**(env or {})), check=False, **more)
        out = (done.stdout or b'').decode('utf8', 'surrogateescape')
        return done.returncode, out, done.stderr.decode('utf8', 'surrogateescape')

    def read(self, *args, status=0, **more):
        """The report; the exit status must be this one, and with 0 nothing is said."""
        code, out, err = self.run('read', *args, **more)
        same(code, status, '%s %s' % (args, err))
        assert (err == '') == (status in (0, 10)), (args, err)
        return out

    def events(self, *args, status=0, **more):
        lines = self.read('--json', *args, status=status, **more).splitlines()
        return [json.loads(line) for line in lines]

    def attempts(self, *args, **more):
        return attempts_of(self.events(*args, **more))

    def reshape(self, shape, capture, name):
        path = self.name(name)
        subprocess.run([self.reshape_tool, shape, capture, path], check=True)
        return path


def same(got, want, about=''):
    assert got == want, '%r, not %r %s' % (got, want, about)


def holds(text, *parts):
    for part in parts:
        assert part in text, '%r is not in %r' % (part, text)


def of_type(events, kind):
    return [e for e in events if e['event_type'] == kind]


def attempts_of(events):
    """Host and attempt, in an order of their own: where frames stand does not matter."""
    found = [(e['src_ip'], e['attempt']) for e in of_type(events, 'attempt')]
    return sorted(found, key=lambda a: (a[1]['start'], a[0]))


def frames(path):
    """The records of a little-endian pcap file: (header and bytes, bytes)."""
    with open(path, 'rb') as f:
        data = f.read()
    at, out = GLOBAL, []
    while at < len(data):
        n = PCAP_HEAD.unpack_from(data, at)[2]
        out.append((data[at:at + 16 + n], data[at + 16:at + 16 + n]))
        at += 16 + n
    return data[:GLOBAL], out


def tcp_of(frame):
    """(both ends, lower first; payload) of TCP in IP in Ethernet, else None."""
    at = 12
    while frame[at:at + 2] in (b'\x81\x00', b'\x88\xa8'):
        at += 4
    ip = frame[at + 2:]
    if frame[at:at + 2] == b'\x08\x00' and ip[9] == 6:
        hosts, seg = (ip[12:16], ip[16:20]), ip[(ip[0] & 15) * 4:ip[2] << 8 | ip[3]]
    elif frame[at:at + 2] == b'\x86\xdd' and ip[6] == 6:
        hosts, seg = (ip[8:24], ip[24:40]), ip[40:40 + (ip[4] << 8 | ip[5])]
    else:
        return None
    ends = [(hosts[0], seg[:2]), (hosts[1], seg[2:4])]
    return tuple(sorted(ends)), seg[(seg[12] >> 4) * 4:]


def cuts(n):
    """Lengths to cut a file of n bytes to: every one near the start, some later."""
    return sorted(set(range(0, min(n, 90), 3)) | set(range(90, n, max(1, n // 40))))

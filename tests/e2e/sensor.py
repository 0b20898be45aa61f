"""The sensor: tcpdump and `msnwatch read`, or `msnwatch live`; that it keeps silent."""
import json, signal, struct, subprocess, sys

from net import wait_for

SPEAK = '''
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('eth0', 0))
s.send(bytes.fromhex('ffffffffffff02000000000188b5') + bytes(46))
'''
HEAD = 24  # of a pcap file


class Watch:
    """tcpdump on an interface, into a file."""

    def __init__(self, net, space, interface, file, *more):
        self.path = net.name(file)
        self.words = net.name(file + '.words')
        with open(self.words, 'wb') as words:
            self.process = net.start(
                space, 'tcpdump', '-npU', '-s', '16384', '-B', '65536',
                '--immediate-mode', '-Z', 'root', '-i', interface, '-w', self.path, *more,
                stderr=words)
        wait_for('tcpdump', self.listens)

    def listens(self):
        with open(self.words, encoding='utf8') as f:
            text = f.read()
        if self.process.poll() is not None:
            raise RuntimeError('tcpdump: ' + text)
        return 'listening on' in text

    def frames(self):
        """The frames so far."""
        with open(self.path, 'rb') as f:
            data = f.read()
        at, frames = HEAD, []
        while at + 16 <= len(data):
            size = struct.unpack_from('=I', data, at + 8)[0]
            frames.append(data[at + 16:at + 16 + size])
            at += 16 + size
        return frames

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)


class Silence:
    """That a sensor sent nothing: counters at both ends, and a watch at the far one."""

    def __init__(self, net):
        self.net = net
        self.watch = Watch(net, 'lan', 'mirror', 'far.pcap', '-Q', 'in')

    def sent(self):
        near = self.net.counters('sensor', 'eth0')
        far = self.net.counters('lan', 'mirror')
        return {'sent': near['tx'] + near['tx_dropped'], 'received': far['rx'],
                'seen': len(self.watch.frames())}

    def check(self):
        """Faults, as text.  Ends with a frame sent on purpose: it must be noticed."""
        before = self.sent()
        faults = ['the sensor spoke: %s' % before] if any(before.values()) else []
        self.net.run('sensor', sys.executable, '-c', SPEAK)
        try:
            wait_for('the frame sent on purpose', lambda: all(
                self.sent()[k] == before[k] + 1 for k in before), 3)
        except RuntimeError as error:
            faults.append('%s: %s' % (error, self.sent()))
        self.watch.stop()
        return faults


class Record:
    """tcpdump on the mirror, read by msnwatch afterwards."""

    def __init__(self, net, msnwatch):
        self.net, self.msnwatch = net, msnwatch
        net.ip('sensor', 'link set eth0 promisc on')
        self.watch = Watch(net, 'sensor', 'eth0', 'mirror.pcap')

    def events(self):
        self.watch.stop()
        done = subprocess.run([self.msnwatch, 'read', '--json', self.watch.path],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr


class Live:
    """msnwatch itself on the mirror."""

    def __init__(self, net, msnwatch):
        self.out, self.err = net.name('live.jsonl'), net.name('live.words')
        before = net.counters('sensor', 'eth0')['rx']
        with open(self.err, 'wb') as err:
            self.process = net.start(
                'sensor', msnwatch, 'live', '-i', 'eth0', '--user', 'root',
                '--accounts', 'show', '--output', self.out, stdout=err, stderr=err)
        wait_for('msnwatch live', lambda: self.listens(net, before))

    def listens(self, net, before):
        """A socket of its own that takes packets stands in the namespace's list."""
        with open(self.err, encoding='utf8') as f:
            text = f.read()
        if self.process.poll() is not None:
            raise RuntimeError('msnwatch live: ' + text)
        listed = net.run('sensor', 'cat', '/proc/net/packet').stdout.splitlines()[1:]
        return any(line.split()[5] == '1' for line in listed)

    def events(self):
        with open(self.out, encoding='utf8') as out:
            signs = [e['messenger']['sign'] for e in parse(out.read())
                     if e['event_type'] == 'messenger']
        if 'signed-in' not in signs:
            raise RuntimeError('msnwatch live tells nothing before its end')
        self.process.terminate()
        status = self.process.wait(20)
        with open(self.out, encoding='utf8') as out:
            with open(self.err, encoding='utf8') as err:
                return status, out.read(), err.read()


def parse(text):
    return [json.loads(line) for line in text.splitlines()]

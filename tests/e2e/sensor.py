"""The sensor: tcpdump and `msnwatch read`, or `msnwatch live`; that it keeps silent."""
import json, signal, struct, subprocess, sys, time

from net import wait_for

SPEAK = '''
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('eth0', 0))
s.send(bytes.fromhex('ffffffffffff02000000000188b5') + bytes(46))
'''
HEAD = 24  # of a pcap file
SETTLE = 0.2  # until all workers share the frames


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

    def __init__(self, net, space, port):
        self.net, self.space, self.port = net, space, port
        self.watch = Watch(net, 'lan', port, port + '.far.pcap', '-Q', 'in')

    def sent(self):
        near = self.net.counters(self.space, 'eth0')
        far = self.net.counters('lan', self.port)
        return {'sent': near['tx'] + near['tx_dropped'], 'received': far['rx'],
                'seen': len(self.watch.frames())}

    def check(self):
        """Faults, as text.  Ends with a frame sent on purpose: it must be noticed."""
        before = self.sent()
        faults = ['%s spoke: %s' % (self.space, before)] if any(before.values()) else []
        self.net.run(self.space, sys.executable, '-c', SPEAK)
        try:
            wait_for('the frame sent on purpose', lambda: all(
                self.sent()[k] == before[k] + 1 for k in before), 3)
        except RuntimeError as error:
            faults.append('%s: %s: %s' % (self.space, error, self.sent()))
        self.watch.stop()
        return faults


class Record:
    """tcpdump on the mirror, read by msnwatch afterwards."""

    def __init__(self, net, msnwatch):
        self.net, self.msnwatch = net, msnwatch
        net.ip('sensor', 'link set eth0 promisc on')
        self.watch = Watch(net, 'sensor', 'eth0', 'mirror.pcap')

    def events(self):
        """By the name of the sensor: exit status, events, words on standard error."""
        self.watch.stop()
        done = subprocess.run([self.msnwatch, 'read', '--json', self.watch.path],
                              capture_output=True, text=True, timeout=60, check=False)
        return {'recorded': (done.returncode, done.stdout, done.stderr)}


class One:
    """msnwatch itself on an interface."""

    def __init__(self, net, msnwatch, space, *more, sockets=1):
        self.net, self.space, self.sockets = net, space, sockets
        self.out, self.err = net.name(space + '.jsonl'), net.name(space + '.words')
        with open(self.err, 'wb') as err:
            self.process = net.start(
                space, msnwatch, 'live', '-i', 'eth0', '--user', 'root',
                '--accounts', 'show', '--output', self.out, *more, stdout=err, stderr=err)

    def listens(self):
        """A socket of its own that takes packets stands in the namespace's list."""
        if self.process.poll() is not None:
            with open(self.err, encoding='utf8') as f:
                raise RuntimeError('msnwatch live: ' + f.read())
        listed = self.net.run(self.space, 'cat', '/proc/net/packet').stdout.splitlines()[1:]
        # Each of several workers has one for its share and one for what all must see.
        return sum(line.split()[5] == '1' for line in listed) >= self.sockets

    def events(self):
        with open(self.out, encoding='utf8') as out:
            signs = [e['messenger']['sign'] for e in parse(out.read())
                     if e['event_type'] == 'messenger']
        if 'signed-in' not in signs:
            raise RuntimeError('msnwatch live tells nothing before its end')
        if self.process.poll() is not None:
            raise RuntimeError('msnwatch live in %s ended before it was told to: status %d' % (
                self.space, self.process.returncode))
        self.process.terminate()
        status = self.process.wait(20)
        with open(self.out, encoding='utf8') as out:
            with open(self.err, encoding='utf8') as err:
                return status, out.read(), err.read()


class Live:
    """msnwatch on the mirror, with two workers, and at the end of the tunnel, with one."""

    def __init__(self, net, msnwatch):
        can = subprocess.run([msnwatch, 'live', '--help'], capture_output=True, text=True,
                             check=True).stdout
        more, sockets = (['--workers', '2'], 4) if '--workers' in can else ([], 1)
        self.sensors = {'mirror': One(net, msnwatch, 'sensor', *more, sockets=sockets)}
        if net.tunnel:
            self.sensors['tunnel'] = One(net, msnwatch, 'remote')
        for sensor in self.sensors.values():
            wait_for('msnwatch live', sensor.listens)
        time.sleep(SETTLE)

    def events(self):
        told = {name: sensor.events() for name, sensor in self.sensors.items()}
        for name, (_, text, _) in told.items():
            inside = parse(text)[-1]['stats']['decoder']['tunnelled']
            if (inside > 0) != (name == 'tunnel'):
                raise RuntimeError('%s: %d packets came through a tunnel' % (name, inside))
        return told


def parse(text):
    return [json.loads(line) for line in text.splitlines()]

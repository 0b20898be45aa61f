#!/usr/bin/env python3
"""Sign-ins that are to be cut, and everything that is not, between real kernels.

usage: enforce.py [--keep FOLDER] [--mode off|dry-run|reset] TOOLS MSNWATCH [VARIANT...]
       enforce.py [--keep FOLDER] --tcpkill=EXPRESSION TOOLS MSNWATCH [VARIANT...]

Plays variants.py ("everyone" by default) in network namespaces.  With mode off or
dry-run everybody must sign in and nothing be sent; with reset none who is to be cut may
sign in, both ends must learn of it, and nobody else may notice anything.  tcpkill in the
sensor's place, told -NUMBER and a filter, is only measured.  TOOLS is the folder of the
clients and servers.
Exit 0 when all is well, 1 when not, 77 with the reason when this machine or this build
cannot do it.
"""
import argparse, os, re, shutil, signal, subprocess, sys, time

from town import Refused, Town
import judge
from people import NETS, Crowd, Host, alone
from wire import connections, sent
from variants import VARIANTS

from net import wait_for
from sensor import One, SETTLE, Silence, Watch, parse

LIMIT = 120
TRIES = 3
BUSY_US = 1000  # this long after a frame came the sensor was still not let look at it
HEADERS = '160'  # bytes of a frame that captures keep


class Sensor(One):
    """msnwatch that may send; what it is told stands in a file."""

    def __init__(self, town, msnwatch, space, variant, mode):
        self.conf = town.name(space + '.conf')
        mine = variant.get('settings', [])
        limits = [('total', '10000'), ('per-host', '10000')]
        self.settings = [s for s in limits if s[0] not in dict(mine)] + \
            [('protect', n) for g in ('protected', 'exempt') for n in NETS[g]] + \
            [('exempt', n) for n in NETS['exempt']] + mine
        interfaces = [w for i in variant.get('interfaces', ()) for w in ('-i', i)]
        more = []
        if mode != 'off':
            more = ['--config', self.conf, *variant.get('options', ())]
            # What the command line says no file changes.
            if any('change' in wave for wave in variant['waves']):
                self.write(mode=mode)
            else:
                self.write()
                more += ['--enforce', mode]
        super().__init__(town, msnwatch, space, *more, *interfaces,
                         sockets=1 + len(interfaces) // 2)

    def write(self, **settings):
        with open(self.conf, 'w', encoding='utf8') as f:
            f.write('[enforce]\n')
            for key, value in self.settings + list(settings.items()):
                f.write('%s = %s\n' % (key.replace('_', '-'), value))

    def reload(self, **settings):
        """The file changes, and that is noticed."""
        self.write(**settings)
        before = self.words()
        self.process.send_signal(signal.SIGUSR2)
        wait_for('the settings to be read again',
                 lambda: 'read again' in self.words()[len(before):])

    def words(self):
        with open(self.err, encoding='utf8') as f:
            return f.read()

    def events(self):
        if self.process.poll() is not None:
            raise RuntimeError('msnwatch live ended too early: ' + self.words())
        self.process.terminate()
        status = self.process.wait(20)
        with open(self.out, encoding='utf8') as out:
            events = parse(out.read())
        # Hints of what a reload did are no trouble; an exit status is.
        if status:
            raise RuntimeError('msnwatch live: status %d: %s' % (status, self.words()))
        return events


class Tcpkill:
    """In the sensor's place: it listens like that, and sends by another port."""

    def __init__(self, town, expression):
        self.errors = town.name('tcpkill')
        town.ip('sensor', 'address add 198.51.100.9/32 dev eth0')  # or it does not start
        with open(self.errors, 'w', encoding='utf8') as err:
            self.process = town.start('sensor', 'tcpkill', '-i', 'eth0',
                                      *expression.split(), stdout=err, stderr=err)
        wait_for('tcpkill', self.listens)

    def listens(self):
        with open(self.errors, encoding='utf8') as f:
            return 'listening' in f.read()

    def events(self):
        self.process.terminate()
        self.process.wait(5)
        return []


def lost(watch):
    with open(watch.words, encoding='utf8') as f:
        dropped = re.search('([0-9]+) packets? dropped by kernel', f.read())
    if dropped is None or dropped.group(1) != '0':
        return ['%s is not whole: %s' % (watch.path, dropped and dropped.group())]
    return []


class Scene:
    """One variant in one town."""

    def __init__(self, town, arguments, name):
        self.town, self.arguments, self.name = town, arguments, name
        self.variant, self.mode = VARIANTS[name], arguments.mode
        self.sensors, self.watches, self.waves = [], [], []
        self.panic_file = town.name('panic')

    def prepare(self):
        town, variant = self.town, self.variant
        town.furnish(**dict({'cables': {}}, **variant.get('town', {})))
        if 'arrange' in variant:
            getattr(town, variant['arrange'])()
        raw = variant.get('port') == 'raw' or self.arguments.tcpkill
        if raw:
            town.address(variant.get('space', 'sensor'), 'raw', 'raw0')
        ports = ['raw'] if raw else [variant.get('port', 'mirror')]
        ports += ['mirror2'] if 'twice' in variant.get('town', {}) else []
        self.host = Host(town, variant.get('burst', 0))
        self.wire = Watch(town, 'world', 'eth0', 'server.pcap', '-s', HEADERS)
        self.watches = [Watch(town, 'lan', port, port + '.sent.pcap', '-s', HEADERS,
                              '-Q', 'in') for port in ports]
        if self.mode != 'reset':
            space = variant.get('space', 'sensor')
            port = 'trunk' if space == 'remote' else 'mirror'
            self.silence = Silence(town, space, port)
        self.start_sensors()

    def start_sensors(self):
        if self.arguments.tcpkill:
            self.sensors = [Tcpkill(self.town, self.arguments.tcpkill)]
            alone(self.sensors[0].process.pid)
            return
        spaces = [self.variant.get('space', 'sensor')]
        spaces += ['sensor2'] if 'twice' in self.variant.get('town', {}) else []
        self.sensors = [Sensor(self.town, self.arguments.msnwatch, space, self.variant,
                               self.mode) for space in spaces]
        for sensor in self.sensors:
            wait_for('msnwatch live', sensor.listens)
        for sensor in self.sensors:
            alone(sensor.process.pid)
        time.sleep(SETTLE)

    def refusal(self):
        """Who could not send does not watch as if it could.  Faults, as text."""
        self.town.furnish({})
        self.town.cut_off()
        sensor = Sensor(self.town, self.arguments.msnwatch, 'sensor', self.variant,
                        self.mode)
        try:
            status = sensor.process.wait(10)
        except subprocess.TimeoutExpired:
            return ['refusal: it starts, and could not send']
        told = sensor.words()
        return [] if status == 1 and 'eth1' in told else [
            'refusal: status %d, and it says: %s' % (status, told)]

    def play(self):
        for wave in self.variant['waves']:
            if self.mode == 'reset' and 'change' in wave:
                getattr(self, wave['change'])()
            lines = Crowd(self.town, wave['people']).go()
            self.waves.append((wave, lines))
        time.sleep(0.5)
        self.events = [sensor.events() for sensor in self.sensors]
        self.server = self.host.met()
        for watch in [self.wire] + self.watches:
            watch.stop()

    def change(self, **settings):
        for sensor in self.sensors:
            sensor.reload(mode='reset', **settings)

    def other_hours(self):
        """Two hours that are not now."""
        hour = time.gmtime().tm_hour
        self.change(time_zone='UTC', hours='daily %02d:00-%02d:00' % (
            (hour + 3) % 24, (hour + 5) % 24))

    def these_hours(self):
        hour = time.gmtime().tm_hour
        self.change(time_zone='UTC', hours='daily %02d:00-%02d:00' % (
            (hour - 1) % 24, (hour + 2) % 24))

    def panic(self):
        self.change(panic_file=self.panic_file)
        with open(self.panic_file, 'w', encoding='utf8'):
            pass
        time.sleep(1.5)

    def calm(self):
        os.remove(self.panic_file)
        time.sleep(1.5)

    def off(self):
        for sensor in self.sensors:
            sensor.reload(mode='off')

    def on(self):
        self.change()

    def frames(self):
        """By the client's end, and how many are odd, of all who send."""
        total, odd = {}, 0
        for watch in self.watches:
            counts, more = sent(watch.path)
            odd += more
            for end, count in counts.items():
                total[end] = total.get(end, 0) + count
        return total, odd

    def cut(self):
        return {(line['host'], line['port']) for wave, lines in self.waves
                for line in lines if judge.is_cut(line, wave)}

    def judge(self):
        """Faults, as text; figures are printed."""
        frames, odd = self.frames()
        wire = connections(self.wire.path)
        for wave, lines in self.waves:
            print(judge.figures(wave, lines, frames, wire))
        faults = [fault for watch in [self.wire] + self.watches for fault in lost(watch)]
        if self.arguments.tcpkill:
            innocent = set(frames) - self.cut()
            print('  %d frames, %d connections hit that were not to be cut' % (
                sum(frames.values()), len(innocent)))
        elif self.mode == 'reset':
            faults += self.judge_reset(frames, odd)
        else:
            faults += self.judge_quiet()
        return ['%s: %s' % (self.name, fault) for fault in faults]

    def busy(self):
        """By how much the machine kept sensors from looking, microseconds, if too long."""
        most = max((e['reset'].get('latency_us', 0) for events in self.events
                    for e in events if e['event_type'] == 'reset'), default=0)
        return most if most > BUSY_US else None

    def judge_quiet(self):
        faults = self.silence.check()
        for wave, lines in self.waves:
            faults += judge.judge_clients(dict(wave, want='in'), lines)
        if self.mode == 'dry-run':
            faults += judge.judge_events(self.mode, self.cut(), self.events[0])
        return faults + judge.judge_attempts(self.waves, self.events[0])

    def judge_reset(self, frames, odd):
        if self.name == 'limited':
            return self.judge_limited(frames)
        missed = self.variant.get('missed', 0.02)
        faults = judge.judge_frames(self.cut(), frames, odd, len(self.sensors))
        for wave, lines in self.waves:
            faults += judge.judge_clients(wave, lines, missed)
            faults += judge.judge_ends(wave, lines, self.server, self.variant.get(
                'share', min(judge.SHARE, 1 - missed)))
        if len(self.sensors) == 1:
            faults += judge.judge_events(self.mode, self.cut(), self.events[0], missed)
            faults += judge.judge_attempts(self.waves, self.events[0], missed)
        return faults

    def judge_limited(self, frames):
        done = sum(line['done'] for _, lines in self.waves for line in lines)
        calls = sum(len(lines) for _, lines in self.waves)
        told = [e['reset'] for e in self.events[0] if e['event_type'] == 'reset']
        # Of the five some may have been over before their resets, or quicker than these.
        if len(frames) in (3, 4, 5) and 2 <= calls - done <= 5 and \
                any(r.get('limit') == 5 and r.get('refused') for r in told):
            return []
        return ['%d of %d were cut, with frames to %d: the limit is 5; told: %s' % (
            calls - done, calls, len(frames), told)]


def missing(arguments):
    """Why this machine or this build cannot do it, or None."""
    os.environ['PATH'] += ':/usr/sbin:/sbin'
    tools = ('ip', 'nft', 'tcpdump') + (('tcpkill',) if arguments.tcpkill else ())
    gone = [tool for tool in tools if not shutil.which(tool)]
    if os.geteuid() != 0:
        return 'needs root, for network namespaces'
    if gone:
        return 'not installed: ' + ' '.join(gone)
    if arguments.tcpkill or arguments.mode == 'off':
        return None
    can = subprocess.run([arguments.msnwatch, 'live', '--help'], capture_output=True,
                         text=True, check=True).stdout
    return None if '--enforce' in can else 'this build cannot send'


def run(arguments, name):
    """Faults; a scene is played again where the machine had no time for the sensor."""
    for _ in range(TRIES):
        signal.alarm(LIMIT)
        faults, busy = once(arguments, name)
        if not faults or not busy:
            break
        print('\n'.join(faults + ['%s: the machine was busy for %d us' % (name, busy)]))
    return faults


def once(arguments, name):
    """One play: its faults, and for how long the machine was busy meanwhile, or None."""
    town = Town(os.path.abspath(arguments.tools))
    print('%s:' % name, flush=True)
    try:
        scene = Scene(town, arguments, name)
        if name == 'refusal':
            return scene.refusal(), None
        scene.prepare()
        scene.play()
        return scene.judge(), scene.busy()
    finally:
        if arguments.keep:
            shutil.copytree(town.folder, os.path.join(arguments.keep, name),
                            dirs_exist_ok=True)
        town.close()


def late(number, _):
    raise RuntimeError('ended by %s; %d s is the limit' % (
        signal.Signals(number).name, LIMIT))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--keep')
    parser.add_argument('--mode', choices=('off', 'dry-run', 'reset'), default='reset')
    parser.add_argument('--tcpkill')
    parser.add_argument('tools')
    parser.add_argument('msnwatch')
    parser.add_argument('variants', nargs='*', default=['everyone'])
    arguments = parser.parse_args()
    arguments.msnwatch = os.path.abspath(arguments.msnwatch)
    if why := missing(arguments):
        print('skipped: ' + why)
        return 77
    signal.signal(signal.SIGALRM, late)
    signal.signal(signal.SIGTERM, late)
    faults = []
    for name in arguments.variants:
        try:
            faults += run(arguments, name)
        except Refused as refused:
            print('skipped: %s' % refused)
            return 77
    signal.alarm(0)
    print('\n'.join(faults + ['%d faults' % len(faults)]))
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())

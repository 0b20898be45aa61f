#!/usr/bin/env python3
"""`msnwatch live` on interfaces of a namespace made for it, and traffic played into them.

usage: live.py MSNWATCH SAMPLES

Takes root, ip netns and tcpreplay; ends with 77 where they are not to be had.
"""
import contextlib, itertools, json, os, re, shutil, signal, subprocess, sys, tempfile, time

NAME = 'msnwatch%d' % os.getpid()
INSIDE = ['ip', 'netns', 'exec', NAME]


def run(*words, check=True):
    return subprocess.run(words, check=check, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def ip(*words):
    return run('ip', '-n', NAME, *words).stdout


def can():
    for tool in ('ip', 'tcpreplay', 'setpriv'):
        if shutil.which(tool) is None:
            return 'no %s here' % tool
    if os.geteuid() != 0:
        return 'it takes root'
    made = run('ip', 'netns', 'add', NAME, check=False)
    return made.stderr.strip() if made.returncode else None


def wait_for(what, seconds=10):
    for _ in range(seconds * 20):
        if what():
            return
        time.sleep(0.05)
    raise AssertionError('waited in vain for %s' % what.__doc__)


class Sensor:
    running = []

    def __init__(self, msnwatch, folder, *args, options=('--accounts', 'show')):
        self.path = os.path.join(folder, 'events.json')
        self.errors = os.path.join(folder, 'errors')
        for stale in (self.path, self.errors):
            if os.path.exists(stale):
                os.remove(stale)
        with open(self.errors, 'w', encoding='utf8') as err:
            self.p = subprocess.Popen(
                INSIDE + [msnwatch, 'live', '--output', self.path, *options, *args],
                stderr=err)
        self.running.append(self.p)

    def said(self, pattern):
        def there():
            with open(self.errors, encoding='utf8') as f:
                return re.search(pattern, f.read())
        there.__doc__ = '"%s" on standard error' % pattern
        wait_for(there)

    def watching(self, interface):
        """An interface is promiscuous once it is watched."""
        def there():
            return 'promiscuity 0' not in ip('-d', 'link', 'show', interface)
        there.__doc__ = interface + ' being watched'
        wait_for(there)
        self.working(1)

    def working(self, workers):
        """Workers begin when all they need is open, and so is the output."""
        def there():
            return len(os.listdir('/proc/%d/task' % self.p.pid)) > workers
        there.__doc__ = '%d workers' % workers
        wait_for(there)

    def events(self):
        with open(self.path, encoding='utf8') as f:
            return [json.loads(line) for line in f]

    def wait_for_event(self, wanted):
        def there():
            return any(wanted(e) for e in self.events())
        there.__doc__ = 'an event'
        wait_for(there)

    def end(self):
        self.p.send_signal(signal.SIGTERM)
        assert self.p.wait(timeout=20) == 0, open(self.errors, encoding='utf8').read()
        return self.events()


def attempts(events):
    return sorted((e['src_ip'], e['attempt']['outcome'], e['attempt'].get('account', ''),
                   str([(p['path'], p['result']) for p in e['attempt']['paths']]))
                  for e in events if e['event_type'] == 'attempt')


def play(interface, capture):
    run(*INSIDE, 'tcpreplay', '-q', '-i', interface, '--mbps', '20', capture)


def sent(interface):
    return json.loads(ip('-s', '-j', 'link', 'show', interface))[0]['stats64']['tx']['packets']


def case_tells_what_read_tells(msnwatch, samples, folder):
    for name, workers in itertools.product(
            ('direct_md5', 'gateway_sharp', 'wrong_password', 'dns_loopback',
             'block_port_prohibited', 'service_closes', 'blocked_then_gateway'), '13'):
        capture = os.path.join(samples, name + '.pcap')
        read = run(msnwatch, 'read', '--json', capture).stdout.splitlines()
        want = attempts(json.loads(line) for line in read)
        assert want, name
        s = Sensor(msnwatch, folder, '-i', 'tap0', '-i', 'tap1', '--workers', workers)
        s.watching('tap1')
        s.working(int(workers))
        play('far0' if len(name) % 2 else 'far1', capture)
        time.sleep(0.3)
        events = s.end()
        assert attempts(events) == want, (name, attempts(events), want)
        on = {e['in_iface'] for e in events if 'in_iface' in e}
        assert on == {'tap0' if len(name) % 2 else 'tap1'}, on
        assert all(e['sensor'] and 'pcap_filename' not in e for e in events)
        last = events[-1]
        assert last['event_type'] == 'stats'
        live, decoded = last['stats']['live'], last['stats']['decoder']
        assert live['frames'] >= live['taken'] > 0, live
        assert live['taken'] >= sum(decoded[k] for k in ('tcp', 'udp', 'icmp')), last


def case_interfaces_come_and_go(msnwatch, samples, folder):
    s = Sensor(msnwatch, folder, '-i', 'late0', '-i', 'tap0')
    s.said('late0: there is no such interface')
    ip('link', 'add', 'late0', 'type', 'veth', 'peer', 'name', 'late1')
    ip('link', 'set', 'late1', 'up')
    ip('link', 'set', 'late0', 'up')
    s.said('late0: is there, and watched')
    ip('link', 'set', 'late0', 'down')
    s.said('late0: .*nothing is seen until it is back')
    ip('link', 'set', 'late0', 'up')
    s.said('late0: is back, and watched')
    play('late1', os.path.join(samples, 'direct_md5.pcap'))
    time.sleep(0.3)
    ip('link', 'del', 'late0')
    events = s.end()
    kinds = [e['coverage']['kind'] for e in events if e['event_type'] == 'coverage']
    assert kinds.count('interface') >= 4, kinds
    assert [a[1] for a in attempts(events)] == ['signed-in'], attempts(events)


def case_signals(msnwatch, samples, folder):
    s = Sensor(msnwatch, folder, '-i', 'tap0')
    s.watching('tap0')
    s.p.send_signal(signal.SIGUSR1)
    s.said('live.frames +[0-9]+ ')
    play('far0', os.path.join(samples, 'direct_md5.pcap'))
    s.wait_for_event(lambda e: e['event_type'] == 'messenger')
    os.rename(s.path, s.path + '.1')
    s.p.send_signal(signal.SIGHUP)
    def again():
        """the file being opened again"""
        return os.path.exists(s.path)
    wait_for(again)
    assert [e['event_type'] for e in s.end()][-1] == 'stats'
    os.remove(s.path + '.1')


def case_says_what_is_missing(msnwatch, samples, folder):
    bare = run(*INSIDE, 'setpriv', '--reuid', '65534', '--clear-groups', msnwatch, 'live',
               '-i', 'tap0', '--accounts', 'hide', check=False)
    assert bare.returncode == 1 and 'setcap cap_net_raw' in bare.stderr, bare
    wrong = run(*INSIDE, msnwatch, 'live', '-i', 'tap0', 'tcp', 'porrt', '1', check=False)
    assert wrong.returncode == 1 and 'filter "tcp porrt 1"' in wrong.stderr, wrong
    assert samples and folder


def cases_of(names):
    return [case for name, case in names.items() if name.startswith('case_')]


@contextlib.contextmanager
def cables(prefix, pairs='0'):
    """A folder, and taps in the namespace made by can; nothing may be sent on a tap."""
    folder = tempfile.mkdtemp(prefix=prefix)
    try:
        run(*INSIDE, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1',
            'net.ipv6.conf.default.disable_ipv6=1')
        for i in pairs:
            ip('link', 'add', 'tap' + i, 'type', 'veth', 'peer', 'name', 'far' + i)
            for end in ('tap', 'far'):
                ip('link', 'set', end + i, 'arp', 'off', 'up')
        yield folder
        assert all(sent('tap' + i) == 0 for i in pairs), 'the sensor sent something'
        print('%-54s holds' % 'nothing was ever sent')
    finally:
        for p in Sensor.running:
            p.kill()
            p.wait()
        run('ip', 'netns', 'del', NAME, check=False)
        shutil.rmtree(folder)


def main(msnwatch, samples, cases):
    why = can()
    if why is not None:
        print('skipped:', why)
        return 77
    with cables('live.', '01') as folder:
        for case in cases:
            case(msnwatch, samples, folder)
            print('%-54s holds' % case.__name__[5:])
    return 0


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*map(os.path.abspath, sys.argv[1:]), cases_of(globals())))

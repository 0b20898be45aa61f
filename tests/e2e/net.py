"""The network of the end-to-end tests, in namespaces of its own.

    clients --- lan: a bridge that floods --- wall: router, resolvers, proxy --- world
                  |             |
                sensor    a VXLAN tunnel --- remote: another sensor

The bridge learns nothing (ageing 0), so the sensor's port sees every frame, as on a hub;
so does the tunnel's, whose other end has an interface without an address: the second
sensor sees the tunnel's own datagrams.
"""
import os, shutil, subprocess, tempfile, time

LAN, LAN6 = '10.9.0.', 'fd00:9::'
WALL, WALL6 = LAN + '1', LAN6 + '1'
RESOLVERS = {'good': WALL, 'nxdomain': LAN + '2', 'nowhere': LAN + '3'}
PROXY = LAN + '4'
WORLD, WORLD6 = '203.0.113.', 'fd00:113::'
TUNNEL, TUNNEL_ID, TUNNEL_PORT = '10.255.0.', 77, 4789
FIRST_CLIENT = 10
QUIET = ('echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6;'
         'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6')
ROUTE = ('echo 1 >/proc/sys/net/ipv4/ip_forward;'
         'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding')


class Refused(Exception):
    """This machine does not allow what the network needs."""


class Net:
    """Everything that must be undone: namespaces, processes and one folder."""

    def __init__(self):
        self.prefix = 'msnwatch%d-' % os.getpid()
        self.spaces, self.running, self.tunnel = [], [], True
        self.folder = tempfile.mkdtemp(prefix='msnwatch-e2e.')
        os.chmod(self.folder, 0o755)

    def close(self):
        for process in reversed(self.running):
            stop(process, 5)
        for space in self.spaces:
            subprocess.run(['ip', 'netns', 'del', self.prefix + space], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def name(self, file):
        return os.path.join(self.folder, file)

    def space(self, space):
        done = subprocess.run(['ip', 'netns', 'add', self.prefix + space],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Refused('ip netns add: ' + done.stderr.strip())
        self.spaces.append(space)

    def ip(self, space, *lines):
        done = subprocess.run(['ip', '-n', self.prefix + space, '-batch', '-'],
                              input='\n'.join(lines) + '\n', text=True,
                              capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError('ip in %s: %s' % (space, done.stderr.strip()))

    def argv(self, space, *words):
        return ['ip', 'netns', 'exec', self.prefix + space, *words]

    def run(self, space, *words, **more):
        return subprocess.run(self.argv(space, *words), capture_output=True, text=True,
                              timeout=20, check=False, **more)

    def start(self, space, *words, **more):
        process = subprocess.Popen(self.argv(space, *words), **more)
        self.running.append(process)
        return process

    def shell(self, space, script):
        done = self.run(space, 'sh', '-c', script)
        if done.returncode:
            raise RuntimeError('%s: %s' % (script, done.stderr.strip()))

    def pair(self, space, port, end='eth0'):
        """A cable from an interface of a namespace to a port of the bridge."""
        self.ip('lan', 'link add %s type veth peer name %s netns %s'
                % (port, end, self.prefix + space),
                'link set %s master br0 up' % port)

    def build(self, clients):
        for space in ('lan', 'wall', 'world', 'sensor', 'remote'):
            self.space(space)
        try:
            for space, script in (('lan', QUIET), ('sensor', QUIET), ('remote', QUIET),
                                  ('wall', ROUTE)):
                self.shell(space, script)
            self.ip('lan', 'link add br0 type bridge ageing_time 0 stp_state 0 '
                    'mcast_snooping 0', 'link set br0 up')
            self.build_sensor()
        except RuntimeError as error:
            raise Refused(error) from error
        try:
            self.build_remote()
        except RuntimeError as error:
            print('skipped the sensor behind a tunnel: %s' % error)
            self.tunnel = False
        self.build_wall()
        for number in range(clients):
            self.build_client(number)

    def build_sensor(self):
        self.pair('sensor', 'mirror')
        self.ip('sensor', 'link set eth0 arp off multicast off up')

    def build_remote(self):
        """The mirror over VXLAN.  The cable's far end must be known, for it never answers."""
        self.ip('lan', 'link add trunk mtu 1600 type veth peer name eth0 mtu 1600 netns %s'
                % (self.prefix + 'remote'),
                'link set trunk up', 'address add %s1/30 dev trunk' % TUNNEL,
                'link add vx0 mtu 1500 type vxlan id %d local %s1 remote %s2 dstport %d '
                'dev trunk nolearning' % (TUNNEL_ID, TUNNEL, TUNNEL, TUNNEL_PORT))
        self.ip('remote', 'link set eth0 arp off multicast off up')
        mac = self.run('remote', 'cat', '/sys/class/net/eth0/address').stdout.strip()
        self.ip('lan', 'neighbour add %s2 lladdr %s dev trunk nud permanent' % (TUNNEL, mac),
                'link set vx0 master br0 up')

    def build_wall(self):
        self.pair('wall', 'wall')
        self.ip('wall', 'link set lo up', 'link set eth0 up',
                *('address add %s%d/24 dev eth0' % (LAN, n) for n in range(1, 5)),
                'address add %s/64 dev eth0 nodad' % WALL6,
                'link add out type veth peer name eth0 netns %sworld' % self.prefix,
                'link set out up', 'address add %s1/24 dev out' % WORLD,
                'address add %s1/64 dev out nodad' % WORLD6)
        self.ip('world', 'link set lo up', 'link set eth0 up',
                *('address add %s%d/24 dev eth0' % (WORLD, n) for n in range(10, 20)),
                'address add %s10/64 dev eth0 nodad' % WORLD6,
                'address add %s11/64 dev eth0 nodad' % WORLD6,
                'route add default via %s1' % WORLD, 'route add default via %s1' % WORLD6)

    def build_client(self, number):
        space = 'pc%d' % number
        self.space(space)
        self.pair(space, space)
        self.ip(space, 'link set lo up', 'link set eth0 up',
                'address add %s/24 dev eth0' % client_address(number),
                'address add %s/64 dev eth0 nodad' % client_address(number, 6),
                'route add default via ' + WALL, 'route add default via ' + WALL6)

    def wall_rules(self, rules):
        """Sets up the firewall; the rules that this kernel does not know are returned."""
        chain = 'add chain inet wall %s { type filter hook %s priority 0; };'
        base = self.run('wall', 'nft', 'add table inet wall;' +
                        chain % ('through', 'forward') + chain % ('here', 'input'))
        if base.returncode:
            raise Refused('nft: ' + base.stderr.strip())
        add = 'add rule inet wall through {0}; add rule inet wall here {0}'
        return [rule for rule in rules
                if self.run('wall', 'nft', add.format(rule)).returncode]

    def resolver(self, address, names):
        """names: what dnsmasq takes after --address=, or host records."""
        self.start('wall', 'dnsmasq', '--keep-in-foreground', '--conf-file=/dev/null',
                   '--no-resolv', '--no-hosts', '--pid-file=', '--user=root',
                   '--bind-interfaces', '--listen-address=' + address, *names,
                   stderr=open(self.name('dnsmasq'), 'ab'))

    def proxy(self, denied):
        """Squid, which denies these clients whatever is Messenger's."""
        conf = self.name('squid.conf')
        with open(conf, 'w', encoding='utf8') as f:
            f.write('http_port %s:3128\npid_filename none\ncache deny all\n'
                    'access_log none\ncache_log /dev/null\npinger_enable off\n'
                    'dns_nameservers %s\nshutdown_lifetime 0 seconds\n'
                    'max_filedescriptors 1024\ncoredump_dir %s\n'
                    'acl inside src %s0/24\nacl denied src %s\n'
                    'acl messenger dstdomain .messenger.hotmail.com\n'
                    'http_access deny denied messenger\nhttp_access allow inside\n'
                    % (PROXY, WALL, self.folder, LAN, ' '.join(denied)))
        self.start('wall', 'squid', '-N', '-f', conf, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)

    def counters(self, space, interface):
        """Frames and what was dropped, as the kernel counts them."""
        done = self.run(space, 'cat', '/proc/net/dev')
        for line in done.stdout.splitlines():
            name, _, numbers = line.partition(':')
            if name.strip() == interface:
                numbers = [int(n) for n in numbers.split()]
                return {'rx': numbers[1], 'tx': numbers[9], 'tx_dropped': numbers[11]}
        raise RuntimeError('no interface %s in %s' % (interface, space))


def client_address(number, family=4):
    if family == 6:
        return '%s%x' % (LAN6, FIRST_CLIENT + number)
    return LAN + str(FIRST_CLIENT + number)


def stop(process, seconds):
    """Ends a process that was started here; its exit status."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def wait_for(what, test, seconds=10):
    until = time.monotonic() + seconds
    while not test():
        if time.monotonic() > until:
            raise RuntimeError('waited %d s in vain for %s' % (seconds, what))
        time.sleep(0.05)

"""The network of the scene: clients and a service on one wire, sensors that see it all.

    inside --- [cable] --- lan: a bridge that floods --- [cable] --- world
                              |          |
                            sensor    a second one, or one behind a tunnel

Every client is an address of `inside`, every server one of `world`; each has one MAC.
A cable (cable.c) tags frames, loses, delays or renumbers them.
"""
import os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), 'e2e'))

from net import Net, QUIET, Refused

SERVER, SERVER6 = '10.8.0.10', 'fd00:8::10'
LINK, LINK6 = '192.0.2.', 'fd00:2::'
MACS = {'inside': '02:00:00:00:00:01', 'world': '02:00:00:00:00:02'}
NUMBER = {'inside': 1, 'world': 2}
NETS = {'inside': ('10.9.0.0/16', 'fd00:9::/32'), 'world': ('10.8.0.0/16', 'fd00:8::/32')}
MTU = 1400  # leaves room for tags and for a tunnel
FEATURES = {'checksums': 0x17, 'scatter': 0x19, 'tso': 0x1f, 'gso': 0x24, 'gro': 0x2c}
# What a network card would do must be done, for frames to look as on a wire.
WIRE_LIKE = '''
import ctypes, fcntl, socket, struct, sys
for feature in %r:
    value = ctypes.create_string_buffer(struct.pack('II', feature, 0))
    ask = struct.pack('16sP', b'eth0', ctypes.addressof(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8946, ask)
''' % list(FEATURES.values())
OPEN = ('for f in all default; do '
        'echo 0 >/proc/sys/net/ipv4/conf/$f/rp_filter;'
        'echo 0 >/proc/sys/net/ipv6/conf/$f/accept_dad;'
        'done;'
        'echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind;')


class Town(Net):

    def __init__(self, tools):
        super().__init__()
        self.tools = tools

    def tool(self, name):
        return os.path.join(self.tools, 'enforce_' + name)

    def ready(self, process, what):
        if process.stdout.readline() != 'ready\n':
            raise RuntimeError(what + ' does not start')

    def furnish(self, cables, tunnel=False, twice=False, sysctls=()):
        """cables: what the one beside `inside`, or `world`, is told, if there is one."""
        for space in ('lan', 'inside', 'world', 'sensor'):
            self.space(space)
        try:
            self.shell('lan', QUIET)
            self.shell('sensor', QUIET)
            self.ip('lan', 'link add br0 type bridge ageing_time 0 stp_state 0 '
                    'mcast_snooping 0', 'link set br0 up')
        except RuntimeError as error:
            raise Refused(error) from error
        for space in ('inside', 'world'):
            self.attach(space, cables.get(space), sysctls)
        for space in ('inside', 'world'):
            self.settle(space)
        self.build_sensor()
        if twice:
            self.space('sensor2')
            self.shell('sensor2', QUIET)
            self.pair('sensor2', 'mirror2')
            self.ip('sensor2', 'link set eth0 arp off multicast off up')
        if tunnel:
            self.space('remote')
            self.shell('remote', QUIET)
            try:
                self.build_remote()
            except RuntimeError as error:
                raise Refused(error) from error

    def attach(self, space, cable, sysctls):
        if cable is None:
            self.pair(space, space)
        else:
            between = space + '-cable'
            self.space(between)
            self.shell(between, QUIET)
            self.pair(between, space)
            self.ip(between, 'link add eth1 type veth peer name eth0 netns %s%s'
                    % (self.prefix, space), *('link set %s arp off multicast off up' % end
                                              for end in ('eth0', 'eth1')))
            self.ready(self.start(between, self.tool('cable'), *cable,
                                  stdout=subprocess.PIPE, text=True), 'the cable')
        self.shell(space, OPEN + ';'.join('echo %s >/proc/sys/net/%s' % (value, name)
                                          for name, value in sysctls))
        done = self.run(space, sys.executable, '-c', WIRE_LIKE)
        if done.returncode:
            raise Refused('offloads cannot be turned off: ' + done.stderr.strip())

    def settle(self, space):
        """Addresses and ways of one of the two; the other is the next hop."""
        other = 'world' if space == 'inside' else 'inside'
        lines = ['link set lo up',
                 'link set eth0 address %s mtu %d up' % (MACS[space], MTU)]
        for link, size, net in ((LINK, 24, 0), (LINK6, 64, 1)):
            more = ' nodad' if net else ''
            lines += ['address add %s%d/%d dev eth0%s' % (
                          link, NUMBER[space], size, more),
                      'neighbour add %s%d lladdr %s dev eth0 nud permanent'
                      % (link, NUMBER[other], MACS[other]),
                      'route add local %s dev lo' % NETS[space][net],
                      'route add %s via %s%d' % (NETS[other][net], link, NUMBER[other])]
        self.ip(space, *lines)

    def address(self, space, port, end):
        """An interface more, from which what has an IP header finds its way."""
        self.pair(space, port, end)
        self.ip(space, 'link set lo up', 'link set %s up' % end,
                'address add %s9/24 dev %s' % (LINK, end),
                *('neighbour add %s%d lladdr %s dev %s nud permanent' % (
                    LINK, NUMBER[s], MACS[s], end) for s in MACS),
                *('route add %s via %s%d' % (NETS[s][0], LINK, NUMBER[s]) for s in NETS))

    def bridge_rules(self, *rules):
        chain = 'add chain bridge town %s { type filter hook %s priority 0; };'
        done = self.run('lan', 'nft', 'add table bridge town;' +
                        chain % ('through', 'forward') +
                        chain % ('arriving', 'prerouting') +
                        ';'.join('add rule bridge town ' + rule for rule in rules))
        if done.returncode:
            raise Refused('nft: ' + done.stderr.strip())

    def split(self):
        """Two mirror ports, each with one direction."""
        self.pair('sensor', 'mirror2', 'eth1')
        self.ip('sensor', 'link set eth1 arp off multicast off up')
        self.bridge_rules('through iifname "world" oifname "mirror" drop',
                          'through iifname "inside" oifname "mirror2" drop')

    def deaf(self):
        """A mirror port that takes nothing, and an ordinary port beside it."""
        self.pair('sensor', 'inject', 'eth1')
        self.ip('sensor', 'link set eth1 arp off multicast off up')
        self.bridge_rules('arriving iifname "mirror" drop',
                          'through oifname "inject" drop')

    def cut_off(self):
        """An interface to send by that is down."""
        self.pair('sensor', 'inject', 'eth1')
        self.ip('sensor', 'link set eth0 up', 'link set eth1 down')

    def echoing(self):
        """What the sensor sends comes back to it, as from a port that mirrors all."""
        self.ip('lan', 'link set mirror type bridge_slave hairpin on')

"""What is played, by one client each, all side by side.

tries    the ways of one attempt in order, each with what proves the account: "open
         sesame" is the right password and "good" the right ticket, "wrong" a password
         that TLS refuses, "hold" none until the sensor is gone
want     what the client must have met: that the network was as it should be
rule     of the firewall, {pc} and {pc6} being the client; by: who tells of it;
         forged: it speaks in the server's name, from another distance
"""
from net import PROXY, RESOLVERS, WALL, WALL6, WORLD

SOCKS, SOCKS_DENIES = (WORLD + '15', 1080), (WORLD + '15', 1081)
THROUGH = (PROXY, 3128)
PORT = 'ip saddr {pc} tcp dport 1863 '
WORDS = PORT + 'meta length > 60 '  # more than a bare acknowledgement
DIRECT, WEB = ('direct', 'good'), ('gateway', 'good')
VIA_PROXY = 'ip saddr {pc} tcp dport 3128 meta length > 60 '
VIA_SOCKS = 'ip saddr {pc} tcp dport 1080 meta length > 60 '
PROHIBITED, RESET = 'reject with icmp type admin-prohibited', 'reject with tcp reset'
# What cannot happen, or cannot be told by who only listens; and "reset" is what we do.
NEVER = {
    ('direct', 'proxy-denied'): 'there is no proxy',
    ('connect', 'sinkholed'): 'the proxy looks the name up',
    ('connect', 'in-session'): 'a tunnel that stands looks like a direct connection',
    ('socks', 'in-session'): 'a tunnel that stands looks like a direct connection',
    ('connect', 'prohibited'): 'kernels do not heed ICMP about what is connected',
    ('socks', 'sinkholed'): 'the proxy looks the name up',
    ('socks', 'prohibited'): 'kernels do not heed ICMP about what is connected',
}


def scenario(name, tries, want, **more):
    fixed = {'method': 'TWN', 'family': 4, 'resolver': RESOLVERS['good']}
    return dict(fixed, name=name, tries=tries, want=want.split(), **more)


SCENARIOS = [
    scenario('direct', [DIRECT], 'signed-in', chat=True),
    scenario('direct-sso', [DIRECT], 'signed-in', method='SSO'),
    scenario('direct-md5', [('direct', 'open sesame')], 'signed-in', method='MD5'),
    scenario('direct-six', [DIRECT], 'signed-in', family=6),
    scenario('md5-wrong', [('direct', 'guess')], 'rejected', method='MD5'),
    scenario('ticket-bad', [('direct', 'bad')], 'rejected'),
    scenario('ticket-bad-then-good', [('direct', 'bad'), DIRECT], 'rejected signed-in'),
    scenario('ticket-odd', [('direct', 'odd')], 'rejected'),
    scenario('server-busy', [DIRECT], 'rejected', account='busy@example.com'),
    scenario('too-new', [DIRECT], 'rejected', method='NONE'),
    scenario('password-wrong', [('direct', 'wrong')], 'abandoned'),
    scenario('gateway', [WEB], 'signed-in', chat=True),
    scenario('gateway-rejected', [('gateway', 'bad')], 'rejected'),
    scenario('gateway-wrong', [('gateway', 'wrong')], 'abandoned'),
    scenario('gateway-dropped', [WEB], 'no-answer', rule='ip saddr {pc} tcp dport 80 drop'),
    scenario('gateway-refused', [WEB], 'refused', rule='ip saddr {pc} tcp dport 80 ' + RESET),
    scenario('gateway-prohibited', [WEB], 'prohibited', by=WALL,
             rule='ip saddr {pc} tcp dport 80 ' + PROHIBITED),
    scenario('gateway-no-such-name', [WEB], 'sinkholed', resolver=RESOLVERS['nxdomain']),
    scenario('gateway-in-session', [WEB], 'signed-in', early=True, chat=True),
    scenario('gateway-unfinished', [('gateway', 'hold')], 'unfinished', hold=True),
    scenario('dropped', [DIRECT], 'no-answer', rule=PORT + 'drop'),
    scenario('dropped-leak', [DIRECT, WEB], 'no-answer signed-in', rule=PORT + 'drop'),
    scenario('words-dropped', [DIRECT], 'no-answer', rule=WORDS + 'drop'),
    scenario('refused', [DIRECT], 'refused', rule=PORT + RESET),
    scenario('refused-leak', [DIRECT, WEB], 'refused signed-in',
             rule=PORT + RESET),
    scenario('refused-both', [DIRECT, WEB], 'refused refused',
             rule='ip saddr {pc} tcp dport {{ 80, 1863 }} reject with tcp reset'),
    scenario('words-refused-leak', [DIRECT, WEB], 'refused signed-in', forged=True,
             rule=WORDS + RESET),
    scenario('prohibited', [DIRECT], 'prohibited', by=WALL,
             rule=PORT + PROHIBITED),
    scenario('prohibited-leak', [DIRECT, WEB], 'prohibited signed-in', by=WALL,
             rule=PORT + PROHIBITED),
    scenario('prohibited-six', [DIRECT], 'prohibited', by=WALL6, family=6,
             rule='ip6 saddr {pc6} tcp dport 1863 reject with icmpv6 type '
                  'admin-prohibited'),
    scenario('no-such-name', [DIRECT], 'sinkholed', resolver=RESOLVERS['nxdomain']),
    scenario('name-nowhere', [DIRECT, WEB], 'sinkholed signed-in',
             resolver=RESOLVERS['nowhere']),
    scenario('connect', [('connect', 'good')], 'signed-in', connect=THROUGH),
    scenario('gateway-proxy', [WEB], 'signed-in', connect=THROUGH, chat=True),
    scenario('connect-denied', [('connect', 'good')], 'proxy-denied', connect=THROUGH,
             denied=True),
    scenario('proxy-denied', [('connect', 'good'), WEB], 'proxy-denied proxy-denied',
             connect=THROUGH, denied=True),
    scenario('connect-rejected', [('connect', 'bad')], 'rejected', connect=THROUGH),
    scenario('connect-wrong', [('connect', 'wrong')], 'abandoned', connect=THROUGH),
    scenario('connect-dropped', [('connect', 'good')], 'no-answer', connect=THROUGH,
             rule=VIA_PROXY + 'drop'),
    scenario('connect-refused', [('connect', 'good')], 'refused', connect=THROUGH,
             rule=VIA_PROXY + RESET),
    scenario('connect-unfinished', [('connect', 'hold')], 'unfinished', connect=THROUGH,
             hold=True),
    scenario('socks', [('socks', 'good')], 'signed-in', socks=SOCKS),
    scenario('socks-denied', [('socks', 'good')], 'proxy-denied', socks=SOCKS_DENIES),
    scenario('socks-rejected', [('socks', 'bad')], 'rejected', socks=SOCKS),
    scenario('socks-wrong', [('socks', 'wrong')], 'abandoned', socks=SOCKS),
    scenario('socks-dropped', [('socks', 'good')], 'no-answer', socks=SOCKS,
             rule=VIA_SOCKS + 'drop'),
    scenario('socks-refused', [('socks', 'good')], 'refused', socks=SOCKS, forged=True,
             rule=VIA_SOCKS + RESET),
    scenario('socks-unfinished', [('socks', 'hold')], 'unfinished', socks=SOCKS, hold=True),
    scenario('in-session', [DIRECT], 'signed-in', early=True, chat=True),
    scenario('unfinished', [('direct', 'hold')], 'unfinished', hold=True),
]


def played():
    """Each path with each result that it comes to, in-session among them."""
    for s in SCENARIOS:
        for (way, _), result in zip(s['tries'], s['want']):
            yield way, 'in-session' if s.get('early') else result


def resolvers():
    """What each resolver is told, as dnsmasq takes it."""
    good = ['--host-record=messenger.hotmail.com,%s10,fd00:113::10' % WORLD,
            '--host-record=gateway.messenger.hotmail.com,%s12' % WORLD,
            '--host-record=login.live.com,%s16' % WORLD]
    leak = '--address=/gateway.messenger.hotmail.com/%s12' % WORLD
    return {'good': good, 'nxdomain': ['--address=/messenger.hotmail.com/'],
            'nowhere': ['--address=/messenger.hotmail.com/0.0.0.0', leak]}

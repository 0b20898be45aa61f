"""The scenes.

waves     who comes, wave after wave; each has
            people  the callers and the innocents
            want    "cut" or "in": what becomes of callers that are neither exempt nor
                    outside of what is protected
            enforced    kinds that are cut, all of them by default
            change      what is done before it, by its name in enforce.py
town      what is special about the network (town.py)
settings  of the section [enforce], beside those that all have
options, interfaces    of the command line, beside those that all have
space, port    the sensor's namespace, and where on the bridge it sends
arrange   of town.py, done last
share     of the cut connections that must end as reset
missed    share of the connections that may be missed, 0.02 by default: hosts, servers and
          sensor share the processors of one machine, and without any delay of a network
          a sign-in is over within 200 microseconds
burst     bytes that the notification server sends along with its first answer
"""
from people import PATHS, Caller, address, callers, innocents

FEW = {'protected': 20, 'exempt': 3, 'outside': 3}
MANY = {'protected': 200, 'exempt': 10, 'outside': 10}


def wave(paths=PATHS, counts=None, others=60, want='cut', first=1, **more):
    """Those of all paths at once, with others among them."""
    kept = {n: more.pop(n) for n in ('enforced', 'change') if n in more}
    six = more.get('six', False)
    counts = counts or FEW
    people = callers(paths, counts, first, **more) + \
        innocents(others, paths, counts['protected'], six)
    return dict(kept, people=people, want=want)


def ladder(count):
    return [Caller(['direct', 'gateway'], address('protected', 'direct', n), start=50000)
            for n in range(1, count + 1)]


def insistent(count):
    return [Caller(['direct'], address('protected', 'direct', 1), start=20000 * n)
            for n in range(count)]


TAG, TAG2 = ('-t', '81000014'), ('-t', '88a80064', '-t', '81000014')
NO_SACK = (('ipv4/tcp_sack', 0),)
NO_SCALE = (('ipv4/tcp_window_scaling', 0),)

VARIANTS = {
    'everyone': {'waves': [wave([path], MANY, 500) for path in PATHS], 'missed': 0},
    'paced': {'waves': [wave([path], MANY, 0, pace=10000) for path in PATHS],
              'missed': 0.01},
    'six': {'waves': [wave(six=True)]},
    'tagged': {'waves': [wave()], 'town': {'cables': {'inside': TAG, 'world': TAG}}},
    'stacked': {'waves': [wave(), wave(six=True, first=50)],
                'town': {'cables': {'inside': TAG2, 'world': TAG2}}},
    'split': {'waves': [wave()], 'arrange': 'split', 'interfaces': ['eth1'],
              'missed': 0.05},
    'deaf': {'waves': [wave()], 'arrange': 'deaf', 'port': 'inject',
             'options': ['--reset-interface', 'eth1']},
    'refusal': {'waves': [], 'options': ['--reset-interface', 'eth1']},
    'tunnel': {'waves': [wave()], 'town': {'tunnel': True}, 'space': 'remote',
               'port': 'raw'},
    'twice': {'waves': [wave()], 'town': {'twice': True}},
    'echoed': {'waves': [wave()], 'arrange': 'echoing'},
    'wrapped': {'waves': [wave()], 'town': {'cables': {'inside': ['-w'], 'world': ['-w']},
                                            'sysctls': NO_SACK}},
    'unscaled': {'waves': [wave()], 'town': {'sysctls': NO_SCALE}},
    'hasty': {'waves': [wave(['direct', 'connect', 'socks'], between=100)]},
    # Cut at the account's name, in the midst of what the server has to say.
    'flooded': {'waves': [wave(['direct', 'connect', 'socks'], between=100)],
                'burst': 300000, 'settings': [('exempt-account', 'boss@example.net')]},
    'lossy': {'waves': [wave()], 'share': 0.9,
              'town': {'cables': {'inside': ['-l', '4'], 'world': ['-l', '4']}}},
    'late': {'waves': [wave(), wave(['direct'], between=2000, first=50)],
             'town': {'cables': {'inside': ['-d', '3000'], 'world': ['-d', '9000']}}},
    'account': {'missed': 0.1, 'waves': [wave(), wave(want='in', first=50, account='Boss@Example.net'),
                          wave(want='in', first=100, account='x@exempt.example')],
                'settings': [('exempt-account', 'boss@example.net'),
                             ('exempt-account', '*@exempt.example')]},
    'hours': {'waves': [wave(want='in', change='other_hours'),
                        wave(first=50, change='these_hours')]},
    'panic': {'waves': [wave(), wave(want='in', first=50, change='panic'),
                        wave(first=100, change='calm')]},
    'reload': {'waves': [wave(), wave(want='in', first=50, change='off'),
                         wave(first=100, change='on')]},
    'fallback': {'waves': [{'people': ladder(20), 'want': 'cut', 'enforced': ['direct']}],
                 'settings': [('path', 'direct')]},
    'limited': {'waves': [{'people': insistent(30), 'want': 'some'}],
                'settings': [('per-host', '5')]},
}

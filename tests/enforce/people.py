"""Who plays: callers who sign in, in groups by address, and innocents of every kind."""
import json, os, subprocess

from town import SERVER, SERVER6

PATHS = ('direct', 'gateway', 'connect', 'socks')
INNOCENT = ('web', 'keep-alive', 'echo', 'echo-1863', 'tunnel')
# Group: third part of the address, to which the number of the path is added.
GROUPS = {'protected': 0, 'exempt': 96, 'outside': 200}
NETS = {'protected': ('10.9.0.0/17', 'fd00:9:1::/48'),
        'exempt': ('10.9.96.0/19', 'fd00:9:2::/48'),
        'outside': ('10.9.192.0/18', 'fd00:9:3::/48')}
SPREAD_US = 150000  # over which innocents begin, before the others and after them
HEAD_START_US = 50000


def elsewhere():
    """In a child: the last processor is the sensor's, who has a machine of its own."""
    if os.cpu_count() > 1:
        os.sched_setaffinity(0, range(os.cpu_count() - 1))


def alone(pid):
    """The other half of it.  Nobody keeps a sensor waiting; the thread that started the
    others, and folds what they tell, goes where there is room."""
    threads = [int(thread) for thread in os.listdir('/proc/%d/task' % pid)]
    for thread in threads:
        if thread != pid or len(threads) == 1:
            os.sched_setaffinity(thread, {os.cpu_count() - 1})
        os.sched_setscheduler(thread, os.SCHED_FIFO, os.sched_param(10))


def address(group, path, number, six=False):
    part = 1 + PATHS.index(path)
    if six:
        return 'fd00:9:%x::%x:%x' % (1 + list(GROUPS).index(group), part, number)
    return '10.9.%d.%d' % (GROUPS[group] + part, number)


def group_of(host):
    if ':' in host:
        return list(GROUPS)[int(host.split(':')[2], 16) - 1]
    part = int(host.split('.')[2])
    return [group for group, least in GROUPS.items() if part > least][-1]


class Caller:
    """One of them, as caller.c reads it."""

    def __init__(self, kinds, host, account='somebody@example.com', start=0, between=0):
        self.kinds, self.host, self.account = kinds, host, account
        self.start, self.between = start, between

    def line(self):
        return '%s %s %s %s %d %d' % (
            ','.join(self.kinds), self.host, SERVER6 if ':' in self.host else SERVER,
            self.account, self.start, self.between)


def callers(paths, counts, first=1, tries=3, six=False, pace=0, between=0, account=None):
    """counts: how many of each group; pace: microseconds from one to the next."""
    made = []
    for path in paths:
        for group, count in counts.items():
            for n in range(first, first + count):
                host = address(group, path, n, six)
                name = account or 'u%d.%s.%s@example.com' % (n, path, group)
                made.append(Caller([path] * tries, host, name, between=between,
                                   start=HEAD_START_US + pace * len(made)))
    return made


def innocents(count, paths=PATHS, hosts=200, six=False, kinds=INNOCENT):
    """From addresses of those who sign in, in turn."""
    return [Caller([kinds[n % len(kinds)]],
                   address('protected', paths[n % len(paths)], 1 + n % hosts, six),
                   start=n * SPREAD_US // max(count, 1)) for n in range(count)]


class Crowd:
    """All of them in one process, and what they met."""

    def __init__(self, town, people):
        self.process = town.start(
            'inside', town.tool('caller'), preexec_fn=elsewhere,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write('\n'.join(p.line() for p in people) + '\n\n')
        self.process.stdin.flush()
        town.ready(self.process, 'the crowd')

    def go(self, seconds=60):
        out, _ = self.process.communicate('\n', timeout=seconds)
        if self.process.returncode:
            raise RuntimeError('the crowd ended with %d' % self.process.returncode)
        return [json.loads(line) for line in out.splitlines()]


class Host:
    """The service, and what it met."""

    def __init__(self, town, burst=0):
        self.process = town.start(
            'world', town.tool('host'), str(burst), SERVER, SERVER6, preexec_fn=elsewhere,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        town.ready(self.process, 'the service')

    def met(self):
        """How each connection ended, by the client's address and port."""
        out, _ = self.process.communicate(timeout=30)
        met = [json.loads(line) for line in out.splitlines()]
        return {(m['host'], m['port']): m['end'] for m in met}

#!/usr/bin/env python3
"""End to end: clients, a service, a firewall, resolvers, a proxy, a sensor on a mirror.

usage: e2e.py [--keep FOLDER] --record|--live MSNWATCH

Plays scenarios.py in network namespaces.  What each sensor's attempts say must equal what
the clients met, and no sensor must have sent a single frame.  Exit 0 when all is
well, 1 when not, 77 with the reason when this machine cannot do it.  --keep leaves the
evidence behind.
"""
import argparse, json, os, re, shutil, signal, subprocess, sys, time

from net import Net, Refused, RESOLVERS, WORLD, WORLD6
from net import client_address, wait_for
from scenarios import NEVER, SCENARIOS, played, resolvers
from sensor import Live, Record, Silence, parse

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = ('ip', 'nft', 'dnsmasq', 'tcpdump')
LIMIT = 100
DEAD_ENDS = ('no-answer', 'refused', 'prohibited', 'sinkholed', 'proxy-denied')


class Player:
    """A scenario's client, in its namespace."""

    def __init__(self, net, number, scenario):
        self.net, self.number, self.scenario = net, number, scenario
        self.told, self.process = None, None

    def start(self):
        plan = dict({'account': self.scenario['name'] + '@example.com'}, **self.scenario)
        self.process = self.net.start(
            'pc%d' % self.number, sys.executable, '-B', os.path.join(HERE, 'client.py'),
            json.dumps(plan), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)

    def wait_ready(self):
        if self.process.stdout.readline() != 'ready\n':
            raise RuntimeError(self.scenario['name'] + ': ' + self.process.stderr.read())

    def go_on(self):
        self.process.stdin.write('\n')
        self.process.stdin.flush()

    def end(self):
        out, err = self.process.communicate(timeout=60)
        if self.process.returncode:
            raise RuntimeError('%s: %s' % (self.scenario['name'], err))
        self.told = json.loads(out)


def kind(players, key):
    return [p for p in players if p.scenario.get(key)]


def furnish(net, players, squid):
    """Services, resolvers, proxy, firewall; who would need an unknown rule stays out."""
    service = net.start('world', sys.executable, '-B', os.path.join(HERE, 'service.py'),
                        WORLD, WORLD6, stdout=subprocess.PIPE, text=True)
    for name, records in resolvers().items():
        net.resolver(RESOLVERS[name], records)
    if squid:
        net.proxy([client_address(p.number) for p in kind(players, 'denied')])
    rules = {p: p.scenario['rule'].format(pc=client_address(p.number),
                                          pc6=client_address(p.number, 6))
             for p in kind(players, 'rule')}
    unknown = net.wall_rules(list(rules.values()))
    if service.stdout.readline() != 'ready\n':
        raise RuntimeError('the service does not start')
    wait_for('resolvers', lambda: listening(net, '0035', len(RESOLVERS)))
    if squid:
        wait_for('squid', lambda: listening(net, '0C38', 1), 20)
    for player in [p for p in players if rules.get(p) in unknown]:
        print('skipped %s: nft refuses "%s"' % (player.scenario['name'], rules[player]))
        players.remove(player)


def listening(net, port, count):
    text = net.run('wall', 'cat', '/proc/net/tcp').stdout
    return sum(line.split()[1].endswith(':' + port) and line.split()[3] == '0A'
               for line in text.splitlines()[1:]) >= count


def play(players, make_sensor):
    """Everybody's part; returns what the sensors tell."""
    early, held = kind(players, 'early'), kind(players, 'hold')
    for player in early:
        player.start()
        player.wait_ready()
    sensor = make_sensor()
    for player in players:
        if player not in early:
            player.start()
    for player in early:
        player.go_on()
    for player in held:
        player.wait_ready()
    for player in players:
        if player not in held:
            player.end()
    time.sleep(0.5)
    told = sensor.events()
    for player in held:
        player.go_on()
        player.end()
    return told


def expected(player):
    """The attempt, as far as the client can know it."""
    told, scenario = player.told, player.scenario
    results = [p['result'] for p in told['paths']]
    want = {'outcome': results[-1], 'fallback': False, 'account': told['account'],
            'paths': [dict(p) for p in told['paths']]}
    want.update({n: told[n] for n in ('dialect', 'signin_host', 'mac') if n in told})
    if want['outcome'] == 'rejected' and 'code' in told['paths'][-1]:
        want['error_code'] = told['paths'][-1]['code']
    if not any('dest_port' in path for path in told['paths']):
        want['mac'] = None  # lookups are told without
    if results[-1] in DEAD_ENDS:
        want.update(outcome='blocked', reason=results[0])
    if scenario.get('early'):
        want['outcome'] = want['paths'][0]['result'] = 'in-session'
        want.pop('dialect')
    ways = [p['path'] for p in told['paths']]
    want['fallback'] = any(a in DEAD_ENDS and ways[i] != ways[i + 1]
                           for i, a in enumerate(results[:-1]))
    for path in want['paths']:
        answered = path['result'] != 'sinkholed' and 'syns' not in path
        if path['path'] == 'direct' and answered:
            path.pop('host', None)  # what answers a direct client is told by address
        if path['result'] == 'sinkholed':
            path['by'] = scenario['resolver']
        elif path['result'] == 'proxy-denied':
            path['by'] = path['dest_ip']
        elif path['result'] == 'prohibited':
            path['by'] = scenario['by']
        elif path['result'] == 'refused' and scenario.get('forged'):
            path['forged'] = True
    if want['outcome'] in ('signed-in', 'in-session'):
        want['conversations'] = told['conversations']
    return want


def seen(event):
    """The same of the sensor's event."""
    attempt = event['attempt']
    names = ('outcome', 'fallback', 'reason', 'conversations', 'dialect', 'signin_host',
             'error_code')
    got = {n: attempt[n] for n in names if n in attempt}
    got.update(account=attempt.get('account'), mac=event.get('ether', {}).get('src_mac'))
    told = ('path', 'result', 'dest_ip', 'dest_port', 'host', 'code', 'by', 'syns',
            'forged')
    got['paths'] = [{n: p[n] for n in told if n in p} for p in attempt['paths']]
    return got


def compare(player, events):
    """Faults, as text."""
    name = player.scenario['name']
    met = [p['result'] for p in player.told['paths']]
    if met != player.scenario['want']:
        return ['%s: the client met %s' % (name, player.told)]
    address = client_address(player.number, player.scenario['family'])
    got = [seen(e) for e in events if e['src_ip'] == address]
    want = expected(player)
    if got != [want]:
        return ['%s: the client met\n  %s\nand the sensor says\n  %s'
                % (name, json.dumps(want), '\n  '.join(json.dumps(g) for g in got))]
    return []


def compare_all(players, told):
    status, text, words = told
    events = parse(text)
    attempts = [e for e in events if e['event_type'] == 'attempt']
    faults = [f for p in players for f in compare(p, attempts)]
    hosts = {client_address(p.number, p.scenario['family']) for p in players}
    faults += ['nobody tried this: ' + json.dumps(e) for e in attempts
               if e['src_ip'] not in hosts]
    faults += ['not all was seen: ' + json.dumps(e) for e in events
               if e['event_type'] == 'coverage']
    # A build for a sanitizer says that it is one.
    words = re.sub('msnwatch: built to be tested from within.*\n', '', words)
    if status or words:
        faults.append('exit status %d, and it says: %s' % (status, words))
    return faults


def compare_verdict(players, told):
    """What blocks came to, counted anew from what the clients met."""
    verdict = [e['verdict'] for e in parse(told[1]) if e['event_type'] == 'verdict']
    met, leaked = 0, 0
    for player in players:
        results = [p['result'] for p in player.told['paths']]
        met += results[0] in DEAD_ENDS
        leaked += results[0] in DEAD_ENDS and results[-1] == 'signed-in'
    want = {'holding': 'leaks' if leaked else 'holds', 'met': met, 'leaked': leaked,
            'held': met - leaked, 'reached': 0, 'undecided': 0}
    got = [{k: v[k] for k in want} for v in verdict]
    return [] if got == [want] else ['the verdict is %s, not %s' % (got, want)]


def unplayed():
    """Paths and their results that events can tell of and no scenario comes to."""
    with open(os.path.join(HERE, '..', '..', 'doc', 'events.schema.json'),
              encoding='utf8') as f:
        kinds = json.load(f)['$defs']
    results = set(kinds['outcome']['enum'] + kinds['reason']['enum'])
    results -= {'blocked', 'reset'}  # the one has reasons, the other is ours to do
    due = {(path, result) for path in kinds['path']['enum'] for result in results}
    met = set(played())
    return ['no scenario comes to %s %s' % pair for pair in sorted(due - met - set(NEVER))] + \
        ['%s %s, which can never be, was played' % pair for pair in sorted(met & set(NEVER))]


def against_schema(file):
    schema = os.path.join(HERE, '..', 'schema.py')
    done = subprocess.run([sys.executable, '-B', schema, file], capture_output=True,
                          text=True, check=False)
    return [] if done.returncode in (0, 77) else [done.stdout]


def missing():
    """Why this machine cannot do it, or None."""
    os.environ['PATH'] += ':/usr/sbin:/sbin'
    gone = [tool for tool in TOOLS if not shutil.which(tool)]
    if os.geteuid() != 0:
        return 'needs root, for network namespaces'
    return 'not installed: ' + ' '.join(gone) if gone else None


def run(net, arguments):
    scenarios, squid = SCENARIOS, shutil.which('squid')
    if not squid:
        through = [s['name'] for s in scenarios if 'connect' in s]
        print('skipped, for squid is not installed: ' + ' '.join(through))
        scenarios = [s for s in scenarios if 'connect' not in s]
    players = [Player(net, n, s) for n, s in enumerate(scenarios)]
    net.build(len(players))
    furnish(net, players, squid)
    silences = [Silence(net, 'sensor', 'mirror')]
    if net.tunnel:
        silences.append(Silence(net, 'remote', 'trunk'))
    kind_of = Live if arguments.live else Record
    told = play(players, lambda: kind_of(net, os.path.abspath(arguments.msnwatch)))
    faults = unplayed()
    for name, one in told.items():
        with open(net.name(name + '.jsonl'), 'w', encoding='utf8') as f:
            f.write(one[1])
        found = compare_all(players, one) + compare_verdict(players, one) + \
            against_schema(net.name(name + '.jsonl'))
        faults += [name + ': ' + fault for fault in found]
    faults += [fault for silence in silences for fault in silence.check()]
    print('\n'.join(faults + ['%d clients, seen by %s: %d faults, %d s' % (
        len(players), ' and '.join(told), len(faults), time.monotonic() - arguments.began)]))
    return 1 if faults else 0


def late(number, _):
    raise RuntimeError('ended by %s; %d s is the limit' % (
        signal.Signals(number).name, LIMIT))


def main():
    parser = argparse.ArgumentParser()
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument('--record', action='store_true')
    how.add_argument('--live', action='store_true')
    parser.add_argument('--keep')
    parser.add_argument('msnwatch')
    arguments = parser.parse_args()
    arguments.began = time.monotonic()
    if why := missing():
        print('skipped: ' + why)
        return 77
    signal.signal(signal.SIGALRM, late)
    signal.signal(signal.SIGTERM, late)
    signal.alarm(LIMIT)
    net = Net()
    try:
        return run(net, arguments)
    except Refused as refused:
        print('skipped: %s' % refused)
        return 77
    finally:
        signal.alarm(0)
        if arguments.keep:
            shutil.copytree(net.folder, arguments.keep, dirs_exist_ok=True)
        net.close()


if __name__ == '__main__':
    sys.exit(main())

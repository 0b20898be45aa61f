#!/usr/bin/env python3
"""The same captures in every shape must give the same attempts.

Each capture with known truth is rewritten by reshape into each shape and read by
msnwatch; the attempts must be those of the truth, and those of the capture as it is.
Prints misses and a last line "right/total"; exit 0 when all are right.
"""
import argparse, collections, functools, json, os, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor

TRUTH = ('outcome', 'account', 'dialect', 'reason', 'code', 'fallback', 'conversations')
SAME = ('outcome', 'account', 'dialect', 'reason', 'code', 'fallback', 'conversations',
        'confidence', 'tries', 'offered', 'client')

UNANSWERED = {('direct', 'no-answer'), ('direct', 'refused'), ('direct', 'prohibited'),
              ('gateway', 'no-answer'), ('gateway', 'refused'), ('gateway', 'prohibited')}
IPV6 = ('6in4', 'frag6', 'ipv6', 'ipv6-ext', 'ipv6-link', 'raw6')

# What shapes cannot keep: the shapes, the paths or captures it concerns (None: all), the
# fields that are not compared (None: nothing is but that nothing is invented), and why.
NOT_KEPT = (
    (('nosyn',), None, {'confidence'},
     'without a handshake a dialogue may be no more than likely'),
    (('nosyn',), {('gateway', 'proxy-denied')}, {'offered'},
     'what a client offers a service that never answers is not believed in mid-stream'),
    (('nosyn',), UNANSWERED | {('socks', 'proxy-denied')}, None,
     'there are no SYNs to be left unanswered, and no beginning that could be SOCKS'),
    (('reverse-dirs', 'reverse-answers'), {'fw_content_reset_after_VER_lp211.pcap'}, None,
     'a reset that is captured before what it answers leaves that without a connection'),
    (('ports',), {p for p in UNANSWERED if p[0] == 'gateway'}, None,
     'only on port 80 a connection to a gateway shows by itself what it is for'),
    (IPV6, {p for p in UNANSWERED if p[0] == 'gateway'}, None,
     'answers to lookups keep their IPv4 addresses, so that none names the gateway'),
)
NOT_CARRIED = 3  # reshape's exit when the shape has no way to carry some packets
TIMEOUT_S = 60


class Trouble(Exception):
    pass


def limits(shape, capture, truth):
    """What of NOT_KEPT concerns the capture, which has that truth, in that shape."""
    marks = {capture} | {tuple(path) for a in truth for path in a['paths']}
    return [(fields, why) for shapes, concerned, fields, why in NOT_KEPT
            if shape in shapes and (concerned is None or marks & concerned)]


def call(*args):
    try:
        return subprocess.run(args, capture_output=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise Trouble('%s took more than %d s' % (os.path.basename(args[0]), TIMEOUT_S))


def words(output):
    return output.decode('utf8', 'replace').strip()


def attempts(binary, path):
    """The attempts msnwatch reports, hints left out, in the words of the truth file."""
    r = call(binary, 'read', '--json', '--accounts', 'show', path)
    if r.returncode not in (0, 4):
        raise Trouble('exit %d: %s' % (r.returncode, words(r.stderr[-200:])))
    out = []
    for line in r.stdout.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            raise Trouble('not JSON: %r' % line[:80])
        if event.get('event_type') != 'attempt':
            continue
        if event['attempt'].get('confidence') != 'hint':
            out.append(flat(event))
    return out


def flat(event):
    a = dict(event['attempt'], host=event.get('src_ip'), reported=True)
    a['paths'] = [[p.get('path'), p.get('result')] for p in a.get('paths', [])]
    a['code'] = a.get('error_code')
    a.setdefault('conversations', 0)
    return a


def differs(want, got, fields):
    """What is not as wanted.  In a truth (not reported) null means not known."""
    out = []
    for k in fields:
        known = want.get(k) is not None or want.get('reported')
        if known and fold(got.get(k)) != fold(want.get(k)):
            out.append('%s %r not %r' % (k, got.get(k), want.get(k)))
    for k in ('host', 'paths'):
        if got[k] != want[k]:
            out.append('%s %r not %r' % (k, got[k], want[k]))
    return out


def fold(value):
    return str(value).lower()


def compare(wanted, got, fields):
    """In any order: each wanted attempt takes the nearest one left."""
    bad, left = [], list(got)
    if len(got) != len(wanted):
        bad.append('%d attempts, not %d' % (len(got), len(wanted)))
    for want in wanted:
        if not left:
            break
        nearest = min(left, key=lambda g: len(differs(want, g, fields)))
        left.remove(nearest)
        bad += differs(want, nearest, fields)
    return bad


def less(got, want):
    """Whether a path told says no more than that of the truth."""
    return got[0] == want[0] and got[1] in (want[1], 'unfinished')


def follows(some, whole):
    """Whether some are paths of whole, in that order."""
    rest = iter(whole)
    return all(any(less(got, want) for want in rest) for got in some)


def invented(wanted, got):
    """What is told that the truth does not hold, where it need not be told at all."""
    return ['invented: %s %s %s' % (g['host'], g['outcome'], g['paths']) for g in got
            if not any(g['host'] == w['host'] and follows(g['paths'], w['paths']) and
                       g['outcome'] in (w['outcome'], 'unfinished') for w in wanted)]


class Run:
    def __init__(self, args, truth):
        self.args, self.truth = args, truth
        self.folder = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None

    @functools.lru_cache(maxsize=None)
    def host(self, shape, address):
        r = call(self.args.reshape, '--host-map', shape, address)
        if r.returncode != 0:
            raise Trouble('reshape has no host map for %s' % address)
        return r.stdout.decode().strip()

    @functools.lru_cache(maxsize=None)
    def original(self, capture):
        return attempts(self.args.msnwatch, os.path.join(self.args.captures, capture))

    def mapped(self, shape, wanted):
        return [dict(a, host=self.host(shape, a['host'])) for a in wanted]

    def reshaped(self, capture, shape):
        """The attempts of the capture in that shape; None when it cannot be made."""
        with tempfile.TemporaryDirectory(prefix='shapes.', dir=self.folder) as folder:
            source = os.path.join(self.args.captures, capture)
            path = os.path.join(folder, '%s.%s' % (os.path.splitext(capture)[0], shape))
            r = call(self.args.reshape, shape, source, path)
            if r.returncode == NOT_CARRIED:
                return None
            if r.returncode != 0:
                raise Trouble(words(r.stderr))
            return attempts(self.args.msnwatch, path)

    def judge(self, job):
        """(shape, capture, list of what is wrong); None for the list: not possible."""
        shape, capture = job
        lost = [fields for fields, _ in limits(shape, capture, self.truth[capture])]
        dropped = set().union(*(fields for fields in lost if fields is not None))
        try:
            got = self.reshaped(capture, shape)
            if got is None:
                return shape, capture, None
            wanted = self.mapped(shape, self.truth[capture])
            if None in lost:
                return shape, capture, invented(wanted, got)
            bad = compare(wanted, got, [k for k in TRUTH if k not in dropped])
            bad += ['as it is: ' + b for b in compare(
                self.mapped(shape, self.original(capture)), got,
                [k for k in SAME if k not in dropped])]
        except Trouble as e:
            bad = [str(e)]
        return shape, capture, bad


def jobs_of(shapes, captures, sample):
    """All pairs, or sample captures a shape, so that every capture has its turn."""
    k = min(sample or len(captures), len(captures))
    return [(shape, captures[(i * k + j) % len(captures)])
            for i, shape in enumerate(shapes) for j in range(k)]


def parse():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('--msnwatch', required=True, help='the program under test')
    p.add_argument('--reshape', required=True, help='the rewriting tool')
    p.add_argument('--truth', required=True, help='JSON: file name to its attempts')
    p.add_argument('--captures', required=True, help='folder of the captures')
    p.add_argument('--only', metavar='SHAPE', action='append',
                   help='this shape; may be repeated')
    p.add_argument('--jobs', type=int, default=os.cpu_count())
    p.add_argument('--sample', type=int, metavar='K', help='K captures for each shape')
    return p.parse_args()


def notes(shapes, truth):
    """What is not compared and why, with how many captures that concerns."""
    for shape in shapes:
        count = collections.Counter()
        for capture, wanted in truth.items():
            count.update((', '.join(sorted(fields)) if fields else None, why)
                         for fields, why in limits(shape, capture, wanted))
        for (fields, why), n in sorted(count.items(), key=str):
            what = 'no %s compared' % fields if fields else 'may be missed'
            print('NOTE %s: %d captures: %s: %s' % (shape, n, what, why))


def main():
    args = parse()
    with open(args.truth) as f:
        truth = json.load(f)
    listed = call(args.reshape, '--list').stdout.decode().split()
    shapes = [s for s in listed if not args.only or s in args.only]
    if not shapes or not truth or set(args.only or []) - set(listed):
        sys.exit('shapes.py: no such shape, or no captures')
    jobs = jobs_of(shapes, sorted(truth), args.sample)
    run, right, total, start = Run(args, truth), 0, 0, time.monotonic()
    notes(shapes, truth)
    with ThreadPoolExecutor(max(1, args.jobs)) as pool:
        for shape, capture, bad in pool.map(run.judge, jobs):
            if bad is None:
                print('NOTE %s %s: cannot carry some of its packets' % (shape, capture))
                continue
            total += 1
            right += not bad
            if bad:
                print('MISS %s %s: %s' % (shape, capture, '; '.join(bad)))
    took = time.monotonic() - start
    print('%d captures, %d shapes, %.1f s' % (len(truth), len(shapes), took))
    print('%d/%d' % (right, total))
    return not total or right != total


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/env python3
"""The same captures in every shape must give the same attempts.

Each capture with known truth is rewritten by reshape into each shape and read by
msnwatch; the attempts must be those of the truth, and those of the capture as it is.
Prints misses and a last line "right/total"; exit 0 when all are right.
"""
import argparse, functools, json, os, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor

# Captures whose truth rests on packets that some shapes take away or move (a refused
# SYN, a lookup that names an address) are left out: see in_scope.
TRUTH = ('outcome', 'account', 'dialect', 'reason', 'code', 'fallback', 'conversations')
SAME = ('outcome', 'account', 'dialect', 'reason', 'code', 'fallback', 'conversations',
        'confidence', 'tries', 'offered', 'client')

# What a shape cannot keep, and why.  Everything else is compared.
NOT_KEPT = {
    'nosyn': ({'confidence'},
              'without a handshake a dialogue may be no more than likely'),
}
NOT_CARRIED = 3  # reshape's exit when the shape has no way to carry some packets
TIMEOUT_S = 60


class Trouble(Exception):
    pass


def in_scope(truth):
    """Signed in, rejected, abandoned or in session, straight or through the gateway."""
    return all(a['outcome'] != 'blocked' and not a.get('fallback') and
               all(path in ('direct', 'gateway') for path, _ in a['paths'])
               for a in truth)


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
        dropped = NOT_KEPT.get(shape, (set(), ''))[0]
        try:
            got = self.reshaped(capture, shape)
            if got is None:
                return shape, capture, None
            bad = compare(self.mapped(shape, self.truth[capture]), got,
                          [k for k in TRUTH if k not in dropped])
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


def notes(shapes):
    for shape in shapes:
        if shape in NOT_KEPT:
            fields, why = NOT_KEPT[shape]
            print('NOTE %s: no %s compared: %s' % (shape, ', '.join(sorted(fields)), why))


def main():
    args = parse()
    with open(args.truth) as f:
        truth = {name: t for name, t in json.load(f).items() if in_scope(t)}
    listed = call(args.reshape, '--list').stdout.decode().split()
    shapes = [s for s in listed if not args.only or s in args.only]
    if not shapes or not truth or set(args.only or []) - set(listed):
        sys.exit('shapes.py: no such shape, or no capture in scope')
    jobs = jobs_of(shapes, sorted(truth), args.sample)
    run, right, total, start = Run(args, truth), 0, 0, time.monotonic()
    notes(shapes)
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

#!/usr/bin/env python3
"""Checks what msnwatch says of blocks, capture by capture.

usage: verdicts.py MSNWATCH FOLDER [GOLDEN [--accept]]

The numbers of each verdict event must be those that its own attempt events come to, worked
out here anew.  With GOLDEN the first sentences of each capture's report must be those in
that file.  Exit 0 when all is well, else 1.
"""
import collections
import difflib
import json
import os
import pathlib
import subprocess
import sys

REASONS = ('no-answer', 'refused', 'prohibited', 'sinkholed', 'proxy-denied')
FATES = ('held', 'undecided', 'reached', 'leaked')


def read(msnwatch, capture, *flags):
    env = dict(os.environ, LC_ALL='C', COLUMNS='500', NO_COLOR='1')
    done = subprocess.run([msnwatch, 'read', *flags, capture.name], cwd=capture.parent, env=env,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
    if done.returncode not in (0, 4):
        sys.exit('%s: exit status %d' % (capture, done.returncode))
    return done.stdout.decode('utf8')


def identity(path):
    by = path.get('by')
    port = None if by else path.get('dest_port')
    return path['path'], path['result'], by, port


def fate(tries, since):
    later = [p['result'] for p in tries if p['start'] >= since]
    if 'signed-in' in later:
        return 'leaked'
    if 'rejected' in later or 'abandoned' in later:
        return 'reached'
    return 'undecided' if 'unfinished' in later else 'held'


def holding(fates):
    if fates['leaked'] or fates['reached']:
        return 'leaks'
    if fates['held']:
        return 'holds'
    return 'undecided' if fates['undecided'] else 'none'


def counted(fates):
    return {f: fates[f] for f in FATES}


def expected(attempts):
    """The verdict's numbers, and those of each block by its identity."""
    hosts = collections.defaultdict(list)
    tried = set()
    for e in attempts:
        hosts[e['src_ip']] += e['attempt']['paths']
        if e['attempt']['outcome'] != 'in-session':
            tried.add(e['src_ip'])
    total, blocks, unmet = collections.Counter(), {}, 0
    for tries in hosts.values():
        met = [p for p in tries if p['result'] in REASONS]
        unmet += not met and any(p['result'] == 'signed-in' for p in tries)
        if met:
            total[fate(tries, min(p['start'] for p in met))] += 1
        for block in {identity(p) for p in met}:
            since = min(p['start'] for p in met if identity(p) == block)
            blocks.setdefault(block, collections.Counter())[fate(tries, since)] += 1
    signed_in = {e['src_ip'] for e in attempts if e['attempt']['outcome'] == 'signed-in'}
    numbers = dict(counted(total), holding=holding(total), met=sum(total.values()),
                   tried=len(tried), signed_in=len(signed_in), unmet=unmet)
    return numbers, {b: dict(counted(f), holding=holding(f), hosts=sum(f.values()))
                     for b, f in blocks.items()}


def faults(lines):
    events = [json.loads(line) for line in lines]
    told = [e['verdict'] for e in events if e['event_type'] == 'verdict']
    if len(told) != 1 or events[-1]['event_type'] != 'stats':
        return ['%d verdicts, one before the counters is due' % len(told)]
    attempts = [e for e in events
                if e['event_type'] == 'attempt' and e['attempt']['confidence'] != 'hint']
    numbers, blocks = expected(attempts)
    found = ['%s: %r, not %r' % (k, told[0][k], v) for k, v in numbers.items()
             if told[0][k] != v]
    for b in told[0]['blocks']:
        key = (b['path'], b['reason'], b.get('by'), None if 'by' in b else b.get('port'))
        want = blocks.pop(key, None)
        got = {k: b[k] for k in want or ()}
        if got != want:
            found.append('%r: %r, not %r' % (key, got, want))
    return found + ['%r: not told' % (b,) for b in blocks]


def main(msnwatch, folder, golden=None, accept=None):
    msnwatch, bad, pages = os.path.abspath(msnwatch), 0, []
    captures = sorted(pathlib.Path(folder).resolve().glob('*.pcap'))
    for capture in captures:
        for fault in faults(read(msnwatch, capture, '--json').splitlines()):
            print('%s: %s' % (capture.name, fault))
            bad += 1
        head = read(msnwatch, capture).split('\n\n')[0].strip()
        pages.append('%s\n%s\n' % (capture.name, head))
    text = '\n'.join(pages)
    if accept:
        pathlib.Path(golden).write_text(text, encoding='utf8')
    elif golden:
        want = pathlib.Path(golden).read_text(encoding='utf8')
        differs = list(difflib.unified_diff(want.splitlines(), text.splitlines(),
                                            'expected', 'printed', lineterm=''))
        print('\n'.join(differs))
        bad += bool(differs)
    print('%d captures, %d faults' % (len(captures), bad))
    return 1 if bad or not captures else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))

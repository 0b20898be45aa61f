#!/usr/bin/env python3
"""A strict reader of the text format of Prometheus (0.0.4), and of its naming habits.

usage: prometheus.py FILE...

Exit 0 when every file holds; else the first fault is said as FILE:LINE: reason.
"""
import re, sys

NAME = r'[a-zA-Z_:][a-zA-Z0-9_:]*'
HELP = re.compile(r'# HELP (%s) ((?:[^\\\n]|\\\\|\\n)+)\Z' % NAME)
TYPE = re.compile(r'# TYPE (%s) (counter|gauge)\Z' % NAME)
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*"'
SAMPLE = re.compile(r'(%s)(?:\{(%s(?:,%s)*)\})? (-?[0-9]+(?:\.[0-9]+)?)\Z' % (NAME, LABEL, LABEL))
PAIR = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
PLAIN = {'\\\\': '\\', '\\"': '"', '\\n': '\n'}


class Fault(Exception):
    pass


def need(holds, why):
    if not holds:
        raise Fault(why)


class Reader:
    def __init__(self):
        self.series = {}  # (name, labels): value
        self.types = {}
        self.helped = set()
        self.current = None
        self.empty = False

    def family(self, name, kind):
        need(name in self.helped and name == self.current, 'TYPE without its HELP before it')
        need(name not in self.types, 'a second TYPE of %s' % name)
        need((kind == 'counter') == name.endswith('_total'), '%s is a %s' % (name, kind))
        self.types[name] = kind

    def sample(self, name, labels, value):
        need(name == self.current and name in self.types, 'not below its own TYPE')
        pairs = [(k, re.sub(r'\\.', lambda m: PLAIN[m.group()], v))
                 for k, v in PAIR.findall(labels or '')]
        need(len({k for k, _ in pairs}) == len(pairs), 'a label twice')
        key = (name, tuple(sorted(pairs)))
        need(key not in self.series, 'the same series twice')
        need(self.types[name] == 'gauge' or float(value) >= 0, 'a counter below zero')
        self.series[key] = float(value)
        self.empty = False

    def line(self, line):
        m = HELP.match(line)
        if m:
            need(not self.empty, '%s has no sample' % self.current)
            need(m.group(1) not in self.helped, 'a second HELP of %s' % m.group(1))
            self.current, self.empty = m.group(1), True
            self.helped.add(self.current)
            return
        m = TYPE.match(line)
        if m:
            self.family(*m.groups())
            return
        m = SAMPLE.match(line)
        need(m, 'not understood: %r' % line)
        self.sample(*m.groups())


def read(path):
    """{(name, ((label, value)...)): value}, and {name: type}; ValueError for what is not strict."""
    with open(path, 'rb') as f:
        text = f.read().decode('utf8')
    r, n = Reader(), 0
    try:
        need(text.endswith('\n'), 'the last line has no end')
        for n, line in enumerate(text[:-1].split('\n'), 1):
            r.line(line)
        need(not r.empty, '%s has no sample' % r.current)
        need(r.series, 'nothing in it')
    except Fault as why:
        raise ValueError('%s:%d: %s' % (path, n, why)) from None
    return r.series, r.types


if __name__ == '__main__':
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        try:
            print('%s: %d series' % (name, len(read(name)[0])))
        except ValueError as fault:
            sys.exit(str(fault))

#!/usr/bin/env python3
"""Instructions a packet costs, by cause, counted by callgrind.

usage: cost.py [--folder BENCH | --capture FILE] [--work DIR] [--files] [--markdown]

Reads the traffic of BENCH once (see speed.py) or FILE with a release build that carries
debug information.  Every instruction belongs to the source file of its line, inlined or
not, and the file to a cause; shares add up to 100 %.  --files lists the files as well.
"""
import argparse
import collections
import fnmatch
import pathlib
import re
import subprocess
import sys

import kit
import speed

# The first pattern that fits decides; what is in no room is told by its library.
CAUSES = (
    ("read", "capture/source* capture/octets* capture/ahead* capture/readers* "
             "capture/records* capture/feed* capture/inputs* capture/unzstd* "
             "capture/troubles* base/gunzip* libpcap* libz*"),
    ("decode", "capture/decode* capture/straight* capture/link* capture/network* "
               "capture/transport* capture/tunnel* capture/peel* capture/icmp* "
               "capture/defrag* capture/checksum*"),
    ("lookup", "capture/flow.? base/table* base/hash*"),
    ("gate", "detect/gate*"),
    ("stream", "capture/flow_* capture/stream* capture/window* base/pool*"),
    ("attempt", "detect/attempt*"),
    ("detect", "detect/*"),
    ("pipeline", "app/pipeline* app/hold* app/cmd_read*"),
    ("text", "base/text*"),
    ("output", "report/* app/* base/event* libjansson* libgcrypt* libgpg*"),
    ("bytes and addresses", "base/*"),
    ("C library: memory", "libc:mem* libc:__mem* libc:*alloc* libc:*free*"),
    ("C library: rest, loader", "libc:* ld-*"),
)


def cause_of(file):
    for cause, patterns in CAUSES:
        if any(fnmatch.fnmatchcase(file, p) for p in patterns.split()):
            return cause
    return "other"


class Profile:
    """Self cost of a callgrind profile by source file, or by library and function."""

    NAME = re.compile(r"(\w+)=\((\d+)\)(?: (.*))?$")
    KINDS = {"fl": "file", "fi": "file", "fe": "file", "cfi": "file", "cfl": "file",
             "fn": "function", "cfn": "function", "ob": "object", "cob": "object"}

    def __init__(self, path, root):
        self.root, self.names = str(root) + "/", {}
        self.now = {"file": "", "function": "", "object": ""}
        self.home = ""  # of the function, whatever headers its lines come from
        self.by_file, self.total = collections.Counter(), 0
        called = False
        with open(path, encoding="utf-8", errors="replace") as f:
            for line in f:
                if line[0] in "0123456789+-*":
                    # What follows "calls=" is the cost of the callee.
                    if not called:
                        self.add(int(line.split()[1]))
                    called = False
                elif line.startswith("calls="):
                    called = True
                else:
                    self.name(line.rstrip("\n"))

    def name(self, line):
        match = self.NAME.match(line)
        if match is None:
            if line.startswith("summary:") or line.startswith("totals:"):
                self.total = int(line.split()[1])
            return
        word, number, text = match.groups()
        kind = self.KINDS.get(word)
        if kind is None:
            return
        if text is not None:
            self.names[kind, number] = text
        if not word.startswith("c"):
            self.now[kind] = self.names[kind, number]
        if word == "fl":
            self.home = self.now["file"]

    def add(self, cost):
        file, library = self.now["file"], pathlib.Path(self.now["object"]).name
        if not file.startswith(self.root) and self.home.startswith(self.root):
            file = self.home
        if file.startswith(self.root):
            file = file[len(self.root):]
        elif library.startswith("libc.") or library.startswith("libc-"):
            file = "libc:" + self.now["function"]
        else:
            file = library or file
        self.by_file[file] += cost


def count(binary, capture, work):
    out = work / "callgrind.out"
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
                    "--compress-pos=no", binary, "read", "-q", capture], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Profile(out, kit.ROOT)


def packets_of(bench, capture):
    out = subprocess.run([bench.floor, "loop", capture], stdout=subprocess.PIPE, check=True)
    return int(out.stdout.split()[0])


def show(profile, packets, a):
    by_cause = collections.Counter()
    for file, cost in profile.by_file.items():
        by_cause[cause_of(file)] += cost
    whole = by_cause.total()
    rows = []
    for cause, cost in by_cause.most_common():
        rows.append([cause, f"{cost / packets:.1f}", f"{100 * cost / whole:.1f} %"])
        for file, part in profile.by_file.most_common() if a.files else ():
            if cause_of(file) == cause and part / packets >= 0.05:
                rows.append([f"    {file}", f"{part / packets:.1f}",
                             f"{100 * part / whole:.1f} %"])
    rows.append(["all", f"{whole / packets:.1f}", "100.0 %"])
    kit.table(["cause", "instructions a packet", "share"], rows, a.markdown)
    if whole != profile.total:
        raise SystemExit(f"{whole} instructions told apart, {profile.total} counted")


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", type=pathlib.Path, default=kit.ROOT / "build-bench-debug")
    ap.add_argument("--folder", type=pathlib.Path, default=speed.SHARED / "bench")
    ap.add_argument("--capture", type=pathlib.Path)
    ap.add_argument("--work")
    ap.add_argument("--files", action="store_true", help="the files of each cause, too")
    ap.add_argument("--markdown", action="store_true")
    a = ap.parse_args()
    bench = kit.Bench(a.work)
    kit.build_release(a.build, "-DCMAKE_C_FLAGS=-g")
    capture = a.capture or speed.bulk(a.folder, 1, a.build, bench.work)
    packets = packets_of(bench, capture)
    print(f"{packets} packets")
    show(count(a.build / "msnwatch", capture, bench.work), packets, a)
    return 0


if __name__ == "__main__":
    sys.exit(main())

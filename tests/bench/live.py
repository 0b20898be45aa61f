#!/usr/bin/env python3
"""How fast may traffic pass `msnwatch live` before anything is lost?

Sign-ins are hidden in mixed traffic, and tcpreplay plays it through a veth pair, the whole
capture in memory, ever faster.  The rate is sought at which a pcap_loop that only counts,
with the same ring, still loses nothing; msnwatch then gets the same traffic at that rate
and at others, with one worker and with two.  Prints what was sent, seen and dropped, the
sign-ins found, and what each side cost, the sender alone among them: on veth the copy
into the ring is made on the sender's time.  Root; its namespace is its own.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import cable
import hidden
import kit
import speed

STEPS = 4     # halvings of the search
RING_MAX = 1024   # MiB, for DRAINED frames to wait in
DRAINED = 1000000
QUIET, BUSY = 0.2, 0.2  # resting: so many seconds with less than that of a core
SETTLE = 0.3  # seconds until the last block of the ring is handed over
HEAD = ["reader", "asked /s", "sent /s", "frames", "not seen", "dropped", "sign-ins",
        "reader CPU s", "sender CPU s", "cores busy"]
DRAIN_HEAD = ["reader", "frames waiting", "ms", "frames /s", "CPU ns a frame"]


def busy():
    """Processor seconds of the whole machine that were not idle."""
    with open("/proc/stat", encoding="ascii") as f:
        n = [int(word) for word in f.readline().split()[1:9]]
    return (sum(n) - n[3] - n[4]) / os.sysconf("SC_CLK_TCK")


class Run:
    """One replay past one reader: a row of the table."""

    def __init__(self, name, rate, workers=0):
        self.name, self.rate, self.workers = name, rate, workers
        self.seen = self.dropped = self.cpu = self.found = None
        self.missing = ()

    def send(self, line, capture, loading):
        """loading: what it costs the sender to take the capture into its memory."""
        how = [f"--pps={self.rate:.0f}"] if self.rate else ["--topspeed"]
        before, began, used = line.sent()[0], time.monotonic(), busy()
        _, self.seconds, self.sender = line.replay(capture, "--preload-pcap", *how)
        self.cores = (busy() - used) / (time.monotonic() - began)
        self.sent = line.sent()[0] - before
        self.sender -= loading

    @property
    def lost(self):
        return self.dropped + abs(self.sent - self.seen)

    @property
    def pace(self):
        return self.sent / self.seconds

    def row(self, wanted):
        def text(value, form="{}"):
            return "-" if value is None else form.format(value)

        unseen = None if self.seen is None else self.sent - self.seen
        found = None if self.found is None else f"{self.found} of {wanted}"
        return [self.name, f"{self.rate:.0f}" if self.rate else "top",
                f"{self.pace:.0f}", str(self.sent), text(unseen),
                text(self.dropped), text(found), text(self.cpu, "{:.2f}"),
                f"{self.sender:.2f}", f"{self.cores:.1f}"]


def signed_in(events):
    """Who signed in, by which account, as the dialogues tell."""
    return collections.Counter(
        (e["src_ip"], e["messenger"].get("account", "")) for e in events
        if e["event_type"] == "messenger" and e["messenger"]["sign"] == "signed-in")


def name_of(workers):
    return f"msnwatch, {workers} worker{'s' * (workers > 1)}"


def running(pid):
    """Processor seconds of all threads so far."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat", encoding="ascii") as f:
            total += int(f.read().split()[0])
    return total / 1e9


def emptied(p):
    """Lets a stopped reader go; seconds until it rests again, and its processor's."""
    first = last = running(p.pid)
    began = rested = time.monotonic()
    p.send_signal(signal.SIGCONT)
    while (now := time.monotonic()) - rested < QUIET:
        time.sleep(0.001)
        used = running(p.pid)
        if used - last > BUSY * (time.monotonic() - now):
            rested = time.monotonic()
        last = used
    return rested - began, last - first


class Bench:
    """The readers, and what passes them."""

    def __init__(self, a, line, work, capture):
        self.a, self.line, self.work, self.capture = a, line, work, capture
        self.runs, self.strangers, self.events = [], 0, work / "live.json"
        self.wanted = signed_in(self.told("read", "--json", "--accounts", "show", capture))
        self.floor_path = kit.compile_c("floor", work, "-lpcap")
        help_text = subprocess.run([a.msnwatch, "live", "--help"], text=True, check=True,
                                   stdout=subprocess.PIPE).stdout
        self.loading = line.replay(capture, "--preload-pcap", "--limit=1")[2]
        self.workers = [1, 2] if "--workers" in help_text else [1]

    def told(self, *words):
        out = subprocess.run([self.a.msnwatch, *words], stdout=subprocess.PIPE, check=False)
        return [json.loads(line) for line in out.stdout.splitlines()]

    def keep(self, run):
        self.runs.append(run)
        print("  " + " ".join(f"{n}={v}" for n, v in zip(HEAD, self.row(run))),
              file=sys.stderr, flush=True)
        return run

    def row(self, run):
        return run.row(self.wanted.total())

    def alone(self):
        run = Run("nobody", 0)
        run.send(self.line, self.capture, self.loading)
        return self.keep(run)

    def start_floor(self, ring):
        return self.line.reader([self.floor_path, "live", cable.TAP, ring], text=True,
                                stdout=subprocess.PIPE)

    def floor(self, rate):
        run = Run("floor", rate)
        p = self.start_floor(self.a.ring)
        run.send(self.line, self.capture, self.loading)
        time.sleep(SETTLE)
        run.cpu = cable.spent(self.line.stop(p))
        run.seen, run.dropped = self.floor_counts(p)
        return self.keep(run)

    @staticmethod
    def floor_counts(p):
        """Frames that passed an ended floor, and those dropped."""
        told = re.search(r"(\d+) passed, (\d+) dropped\n(\d+) packets", p.stdout.read())
        passed, dropped, counted = map(int, told.groups())
        if passed != counted + dropped:
            raise SystemExit(f"floor: {told.group()}")
        return passed, dropped

    def msnwatch_counts(self, p):
        """The same of an ended msnwatch, from its last event."""
        if p.returncode:
            raise SystemExit(f"msnwatch live: status {p.returncode}")
        with open(self.events, encoding="utf-8") as f:
            self.last = [json.loads(line) for line in f]
        stats = cable.flatten(self.last[-1]["stats"])
        return stats["live.frames"], stats["live.dropped_ring"]

    def start_msnwatch(self, workers, ring):
        self.events.unlink(missing_ok=True)
        more = ["--workers", workers] if len(self.workers) > 1 else []
        return self.line.reader([self.a.msnwatch, "live", "-i", cable.TAP, "--user", "root",
                                 "--accounts", "show", "--ring", ring,
                                 "--output", self.events, *more],
                                threads=1 + workers)

    def msnwatch(self, workers, rate):
        run = Run(name_of(workers), rate, workers)
        p = self.start_msnwatch(workers, self.a.ring)
        run.send(self.line, self.capture, self.loading)
        time.sleep(SETTLE)
        run.cpu = cable.spent(self.line.stop(p))
        run.seen, run.dropped = self.msnwatch_counts(p)
        found = signed_in(self.last)
        run.missing = self.wanted - found
        run.found = self.wanted.total() - run.missing.total()
        self.strangers += (found - self.wanted).total()
        return self.keep(run)

    def drain(self, name, start, counts):
        """How fast a reader empties a full ring, with nobody sending: its own speed."""
        best = None
        for _ in range(self.a.rounds):
            p = start(RING_MAX)
            p.send_signal(signal.SIGSTOP)
            self.line.replay(self.capture, "--preload-pcap", "--topspeed",
                             f"--limit={DRAINED}")
            wall, cpu = emptied(p)
            self.line.stop(p)
            sent, dropped = counts(p)
            if dropped:
                raise SystemExit(f"{name}: {dropped} frames found no room to wait")
            best = min(best or (wall, cpu, sent), (wall, cpu, sent))
        wall, cpu, sent = best
        return [name, str(sent), f"{wall * 1e3:.0f}", f"{sent / wall:.0f}",
                f"{1e9 * cpu / sent:.0f}"], sent / wall

    def drains(self):
        rows = {0: self.drain("floor", self.start_floor, self.floor_counts)}
        for n in self.workers:
            rows[n] = self.drain(
                name_of(n), lambda ring, n=n: self.start_msnwatch(n, ring),
                self.msnwatch_counts)
        return rows

    def repeated(self, reader, rate):
        """As often as a rate must hold; ends with the first run that loses something."""
        for _ in range(self.a.rounds):
            run = reader(rate)
            if run.lost:
                break
        return run

    def top(self, reader, highest):
        """The run at the highest rate at which nothing is lost; None without one."""
        best = self.repeated(reader, 0)
        if not best.lost:
            return best
        low, high, best = 0.0, highest, None
        for _ in range(STEPS):
            run = self.repeated(reader, (low + high) / 2)
            if run.lost:
                high = run.rate
            else:
                low, best = run.rate, run
        return best


def measure(bench):
    """The sender's top, the floor's, then msnwatch at that rate and its own top."""
    highest = max(bench.alone().pace for _ in range(bench.a.rounds))
    floor = bench.top(bench.floor, highest)
    if floor is None:
        raise SystemExit("even the floor loses frames at the lowest rate: the machine is busy")
    chosen = [floor]
    for n in bench.workers:
        def reader(rate, n=n):
            return bench.msnwatch(n, rate)
        at_floor = bench.repeated(reader, floor.rate)
        chosen.append(at_floor)
        if floor.rate or at_floor.lost:
            best = bench.top(reader, highest)
            chosen += [best] if best else []
    return highest, chosen


def judge(bench, highest, chosen, drains):
    """What was asked for, each with whether it holds."""
    floor, ours = chosen[0], chosen[1:]
    at_floor = [run for run in ours if run.rate == floor.rate]
    for run in at_floor:
        yield not run.lost, f"{run.name}: {run.lost} frames lost at the floor's " \
                            f"{floor.pace:.0f} /s"
        yield not run.missing, f"{run.name}: {run.found} of {bench.wanted.total()} " \
                               "sign-ins found there"
    yield not bench.strangers, f"{bench.strangers} sign-ins told of that nobody hid"
    if 2 in drains:
        times = drains[2][1] / drains[1][1]
        yield times >= 1.5, f"2 workers empty the ring at {times:.2f} x the rate of one"
    for run in ours:
        own = drains[run.workers][1]
        print(f"       {run.name}: could take {own:.0f} /s; the sender alone reaches "
              f"{highest:.0f} /s, {1e9 * run.sender / run.sent:.0f} ns a frame")


def options():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", type=pathlib.Path, default=kit.BUILD)
    ap.add_argument("--folder", type=pathlib.Path, default=speed.SHARED / "bench")
    ap.add_argument("--captures", type=pathlib.Path, default=speed.SHARED / "captures")
    ap.add_argument("--k", type=int, default=10)
    ap.add_argument("--ring", type=int, default=32, help="MiB")
    ap.add_argument("--rounds", type=int, default=3, help="runs without a loss for a rate")
    ap.add_argument("--work")
    ap.add_argument("--keep", action="store_true", help="leave the large captures there")
    ap.add_argument("--markdown", action="store_true")
    ap.add_argument("--budget", action="store_true", help="end with 1 beyond a budget")
    a = ap.parse_args()
    if why := cable.why_not():
        print("skipped:", why)
        sys.exit(77)
    kit.build_release(a.build)
    a.msnwatch = a.build / "msnwatch"
    return a


def main():
    a = options()
    work = kit.Bench(a.work).work
    paths = [*(a.build / "samples").glob("*.pcap"), *a.captures.glob("*.pcap")]
    _, capture = speed.prepare(a, a.k, hidden.hide(a.msnwatch, paths, work), work)
    with cable.Cable() as line:
        bench = Bench(a, line, work, capture)
        highest, chosen = measure(bench)
        drains = bench.drains()
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"{capture.stat().st_size / 1e6:.0f} MB, {bench.wanted.total()} sign-ins, ring of "
          f"{a.ring} MiB, each rate held {a.rounds} times, load of the machine {load}\n")
    kit.table(["machine", ""], kit.machine(), a.markdown)
    print()
    kit.table(HEAD, [bench.row(r) for r in [bench.runs[0], *chosen]], a.markdown)
    print("\nWith nobody sending: a full ring, and how fast it is emptied\n")
    kit.table(DRAIN_HEAD, [row for row, _ in drains.values()], a.markdown)
    broken = False
    for fine, words in judge(bench, highest, chosen, drains):
        print(f"{'ok    ' if fine else 'BROKEN'} {words}")
        broken = broken or not fine
    if not a.keep:
        for big in (*work.glob("mixed*.pcap"), *work.glob("bulk*.pcap")):
            big.unlink()
    return 1 if broken and a.budget else 0


if __name__ == "__main__":
    sys.exit(main())

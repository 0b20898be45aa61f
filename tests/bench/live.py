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
import subprocess
import sys
import time

import cable
import hidden
import kit
import speed

STEPS = 6     # halvings of the search
SETTLE = 0.3  # seconds until the last block of the ring is handed over
HEAD = ["reader", "asked /s", "sent /s", "frames", "not seen", "dropped", "sign-ins",
        "reader CPU s", "sender CPU s", "cores busy"]


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

    def send(self, line, capture):
        how = [f"--pps={self.rate:.0f}"] if self.rate else ["--topspeed"]
        before, began, used = line.sent()[0], time.monotonic(), busy()
        _, self.seconds, self.sender = line.replay(capture, "--preload-pcap", *how)
        wall = time.monotonic() - began
        self.cores = (busy() - used) / wall
        self.sender -= wall - self.seconds  # while it read the capture, and did no more
        self.sent = line.sent()[0] - before

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


class Bench:
    """The readers, and what passes them."""

    def __init__(self, a, line, work, capture):
        self.a, self.line, self.work, self.capture = a, line, work, capture
        self.runs, self.missing, self.strangers = [], collections.Counter(), 0
        self.wanted = signed_in(self.told("read", "--json", "--accounts", "show", capture))
        self.floor_path = kit.compile_c("floor", work, "-lpcap")
        help_text = subprocess.run([a.msnwatch, "live", "--help"], text=True, check=True,
                                   stdout=subprocess.PIPE).stdout
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
        run.send(self.line, self.capture)
        return self.keep(run)

    def floor(self, rate):
        run = Run("floor", rate)
        p = self.line.reader([self.floor_path, "live", cable.TAP, self.a.ring], text=True,
                             stdout=subprocess.PIPE)
        run.send(self.line, self.capture)
        time.sleep(SETTLE)
        run.cpu = cable.spent(self.line.stop(p))
        told = re.search(r"(\d+) passed, (\d+) dropped\n(\d+) packets", p.stdout.read())
        run.seen, run.dropped, counted = map(int, told.groups())
        if run.seen != counted + run.dropped:
            raise SystemExit(f"floor: {told.group()}")
        return self.keep(run)

    def msnwatch(self, workers, rate):
        run = Run(f"msnwatch, {workers} worker{'s' * (workers > 1)}", rate, workers)
        events = self.work / "live.json"
        events.unlink(missing_ok=True)
        more = ["--workers", workers] if len(self.workers) > 1 else []
        p = self.line.reader([self.a.msnwatch, "live", "-i", cable.TAP, "--accounts", "show",
                              "--ring", self.a.ring, "--output", events, *more])
        run.send(self.line, self.capture)
        time.sleep(SETTLE)
        run.cpu = cable.spent(self.line.stop(p))
        if p.returncode:
            raise SystemExit(f"msnwatch live: status {p.returncode}")
        told = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
        stats = cable.flatten(told[-1]["stats"])
        run.seen, run.dropped = stats["live.frames"], stats["live.dropped_ring"]
        found = signed_in(told)
        run.missing = self.wanted - found
        run.found = self.wanted.total() - run.missing.total()
        self.strangers += (found - self.wanted).total()
        return self.keep(run)

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


def judge(bench, highest, chosen):
    """What was asked for, each with whether it holds."""
    floor, ours = chosen[0], chosen[1:]
    at_floor = [run for run in ours if run.rate == floor.rate]
    for run in at_floor:
        yield not run.lost, f"{run.name}: {run.lost} frames lost at the floor's " \
                            f"{floor.pace:.0f} /s"
        yield not run.missing, f"{run.name}: {run.found} of {bench.wanted.total()} " \
                               "sign-ins found there"
    yield not bench.strangers, f"{bench.strangers} sign-ins told of that nobody hid"
    best = {run.workers: run for run in ours if not run.lost}
    if len(best) == 2:
        times = best[2].pace / best[1].pace
        yield times >= 1.5 or not best[2].rate, f"2 workers: {times:.2f} x the rate of one"
    for n, run in best.items():
        one = n * run.sent / run.cpu
        print(f"       {run.name}: {1e9 * run.cpu / run.sent:.0f} ns a packet, enough for "
              f"{one:.0f} /s; the sender, {1e9 * run.sender / run.sent:.0f} ns, and "
              f"{highest:.0f} /s alone" + ("" if run.rate else ": it is the limit"))


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
    capture = speed.prepare(a, a.k, hidden.hide(a.msnwatch, paths, work), work)
    with cable.Cable() as line:
        bench = Bench(a, line, work, capture)
        highest, chosen = measure(bench)
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"{capture.stat().st_size / 1e6:.0f} MB, {bench.wanted.total()} sign-ins, ring of "
          f"{a.ring} MiB, each rate held {a.rounds} times, load of the machine {load}\n")
    kit.table(["machine", ""], kit.machine((("tcpreplay", "--version"),)), a.markdown)
    print()
    kit.table(HEAD, [bench.row(r) for r in [bench.runs[0], *chosen]], a.markdown)
    broken = False
    for fine, words in judge(bench, highest, chosen):
        print(f"{'ok    ' if fine else 'BROKEN'} {words}")
        broken = broken or not fine
    if not a.keep:
        for big in (*work.glob("mixed*.pcap"), *work.glob("bulk*.pcap")):
            big.unlink()
    return 1 if broken and a.budget else 0


if __name__ == "__main__":
    sys.exit(main())

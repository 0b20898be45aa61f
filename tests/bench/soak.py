#!/usr/bin/env python3
"""Does `msnwatch live` stay as it is, however long it watches?

Replays sign-ins in mixed traffic in a loop through a veth pair, and looks at the sensor
every few seconds.  The first loops go as fast as they can: they fill the sensor's tables,
which takes days on a quiet port.  From then on resident memory must stay within a MiB and
the open descriptors as many as they were; at the end the frames that the other end sent
must be those that the sensor counts, decoded or dropped, and a stats event of every
minute must be there.  Ends with 1 when not.  Root; its namespace is its own.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

import cable
import hidden
import kit
import speed

EVERY = 5       # seconds between two looks
SLACK_KIB = 1024
MINUTE = 60
# Each frame is one of these.
KINDS = ("tcp", "udp", "icmp", "other", "fragments", "unknown_link", "invalid")
GROWING = ("live.frames", "live.dropped_ring", "live.dropped_adapter", "decoder.tcp",
           "flow.begun", "detect.observations", "attempt.told")
TOLERANCE = 3   # seconds by which a stats event may be late


def look(pid):
    """Resident KiB, of these its own alone, descriptors, threads."""
    out = {}
    for file in ("status", "smaps_rollup"):
        with open(f"/proc/{pid}/{file}", encoding="ascii") as f:
            for line in f:
                name, _, value = line.partition(":")
                if name in ("VmRSS", "RssAnon", "Pss", "Threads"):
                    out[name] = int(value.split()[0])
    out["fds"] = len(os.listdir(f"/proc/{pid}/fd"))
    return out


class Soak:
    def __init__(self, a, line, work):
        self.a, self.line, self.events = a, line, work / "soak.json"
        self.looks, self.faults = [], []

    def start(self):
        self.events.unlink(missing_ok=True)
        more = ["--workers", self.a.workers] if self.a.workers else []
        return self.line.reader([self.a.msnwatch, "live", "-i", cable.TAP, "--user", "root",
                                 "--accounts", "hash", "--account-key", self.events.with_suffix(".key"),
                                 "--ring", self.a.ring, "--output", self.events, *more],
                                threads=1 + (self.a.workers or 1))

    def watch(self, sensor, sender):
        """Looks until the time is over."""
        began = time.monotonic()
        while (now := time.monotonic() - began) < self.a.minutes * MINUTE:
            for p, name in ((sensor, "msnwatch live"), (sender, "tcpreplay")):
                if p.poll() is not None:
                    raise SystemExit(f"{name} ended by itself: status {p.returncode}")
            self.looks.append({"at": now, **look(sensor.pid)})
            if len(self.looks) % (MINUTE // EVERY) == 1:
                print("  " + " ".join(f"{n}={v:.0f}" for n, v in self.looks[-1].items()),
                      file=sys.stderr, flush=True)
            time.sleep(EVERY)

    def run(self, capture):
        sensor = self.start()
        before, began = self.line.sent()[0], time.monotonic()
        self.line.replay(capture, "--preload-pcap", "--topspeed", f"--loop={self.a.fill}")
        self.filled = time.monotonic() - began
        sender = self.line.start(["tcpreplay", "-q", "-i", cable.FAR, "--loop=0",
                                  "--preload-pcap", f"--pps={self.a.pps}",
                                  "--pps-multi=50", "--timer=nano", capture],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.watch(sensor, sender)
        self.line.stop(sender)
        time.sleep(1)
        sent = self.line.sent()[0] - before
        self.cpu = cable.spent(self.line.stop(sensor))
        if sensor.returncode:
            raise SystemExit(f"msnwatch live: status {sensor.returncode}")
        return sent

    def expect(self, good, words):
        print(f"{'ok    ' if good else 'BROKEN'} {words}")
        if not good:
            self.faults.append(words)

    def judge_memory(self):
        warm = [one for one in self.looks if one["at"] >= self.a.warm * MINUTE]
        if len(warm) < 2:
            raise SystemExit(f"no looks after {self.a.warm} minutes")
        for name in ("VmRSS", "RssAnon"):
            kib = [one[name] for one in warm]
            self.expect(max(kib) - min(kib) <= SLACK_KIB,
                        f"{name} between {min(kib)} and {max(kib)} KiB in {len(kib)} looks")
        pss = [one["Pss"] for one in warm]  # moves with whoever shares its libraries
        print(f"       Pss between {min(pss)} and {max(pss)} KiB")
        for name in ("fds", "Threads"):
            counts = {one[name] for one in self.looks[1:]}
            self.expect(len(counts) == 1, f"{name}: {sorted(counts)}")

    def judge_sums(self, sent, stats):
        seen, ring = stats["live.frames"], stats["live.dropped_ring"]
        self.expect(seen == sent, f"{sent} frames sent, {seen} counted as passed")
        taken = stats["live.taken"]
        self.expect(taken + ring == seen, f"of these {taken} looked at, {ring} dropped for "
                                          "want of room in the ring")
        # What is whole again counts once more, but where another worker counts it.
        decoded = sum(stats["decoder." + kind] for kind in KINDS) - taken
        self.expect(0 <= decoded <= stats["defrag.datagrams"],
                    f"decoded {decoded} more, put together from pieces")
        apart = [stats["decoder." + k] for k in KINDS]
        self.expect(min(apart[:3]) > 0, "TCP, UDP and ICMP: " + ", ".join(map(str, apart[:3])))

    def judge_stats(self, told):
        stats = [e for e in told if e["event_type"] == "stats"]
        times = [datetime.datetime.strptime(e["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
                 for e in stats[:-1]]  # the last is the end's
        steps = [(b - a).total_seconds() for a, b in zip(times, times[1:])]
        self.expect(len(times) >= int(self.a.minutes) and
                    all(abs(s - MINUTE) <= TOLERANCE for s in steps),
                    f"{len(times)} stats events before the end's, each "
                    f"{min(steps, default=0):.1f} to {max(steps, default=0):.1f} s after "
                    "the one before")
        rows = [cable.flatten(e["stats"]) for e in stats]
        back = [n for n in GROWING for a, b in zip(rows, rows[1:]) if b[n] < a[n]]
        self.expect(not back, f"counters never go back: {' '.join(back or GROWING)}")
        seqs = [e["seq"] for e in told]
        self.expect(seqs == list(range(1, len(told) + 1)), f"{len(told)} events, none missing")

    def judge(self, sent):
        with open(self.events, encoding="utf-8") as f:
            told = [json.loads(line) for line in f]
        span = self.looks[-1]["at"]
        print(f"{self.filled:.0f} s at top speed, then {span / MINUTE:.1f} minutes; "
              f"{self.cpu:.0f} s of processor, "
              f"{sum(e['event_type'] == 'attempt' for e in told)} attempts told")
        self.judge_memory()
        self.judge_sums(sent, cable.flatten(told[-1]["stats"]))
        self.judge_stats(told)
        return 1 if self.faults else 0


def options():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--minutes", type=float, default=30)
    ap.add_argument("--fill", type=int, default=200, help="loops at top speed at first")
    ap.add_argument("--warm", type=float, default=1, help="minutes until memory counts")
    ap.add_argument("--pps", type=int, default=20000, help="frames a second")
    ap.add_argument("--k", type=int, default=1, help="copies of the traffic in a loop")
    ap.add_argument("--ring", type=int, default=32, help="MiB")
    ap.add_argument("--workers", type=int, help="left to msnwatch where not given")
    ap.add_argument("--build", type=pathlib.Path, default=kit.BUILD)
    ap.add_argument("--folder", type=pathlib.Path, default=speed.SHARED / "bench")
    ap.add_argument("--captures", type=pathlib.Path, default=speed.SHARED / "captures")
    ap.add_argument("--work")
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
        soak = Soak(a, line, work)
        return soak.judge(soak.run(capture))


if __name__ == "__main__":
    sys.exit(main())

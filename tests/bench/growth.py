#!/usr/bin/env python3
"""How the cost of a packet and the memory grow with packets and with connections.

usage: growth.py [--build BUILD] [--folder BENCH] [--packets 4000000] [--rounds 3]
                 [--flows 1000,10000,100000,1000000] [--copies 1,4,16] [--work DIR]
                 [--markdown] [--budget]

First K copies of the mixed traffic (see speed.py).  Then as many packets of the same kinds
among ever more connections at once, packets dealt to connections at random, in three
kinds: mixed, half-open, and all met in mid-stream.  The bare libpcap loop reads each file
beside msnwatch, to tell what the file itself costs.  Processor time is compared, as other
work on the machine stretches the wall's.
Ends with 1 when, with --budget, a packet among the most connections costs more than 1.5
times one among the fewest, or memory goes beyond 32 MiB.
"""
import argparse
import pathlib
import subprocess
import sys

import kit
import speed

BUDGET_RATIO, BUDGET_MIB = 1.5, 32.0
HEAD = ["CPU ns a packet", "x first", "wall ns", "loop CPU ns", "peak MiB"]
KINDS = {"mixed": "mixed", "half": "half-open", "mid": "mid-stream"}


def measure(a, bench, path, packets):
    """Nanoseconds a packet, of processor time and of wall, the loop's, and peak MiB."""
    costs = bench.rounds({"msnwatch": [a.msnwatch, "read", path],
                          "loop": [bench.floor, "loop", path]}, a.rounds)
    ns = [1e9 * kit.median(costs[name], field) / packets
          for name, field in (("msnwatch", "cpu"), ("msnwatch", "wall"), ("loop", "cpu"))]
    return *ns, kit.peak_mib(costs["msnwatch"])


def row(label, first, got):
    cpu, wall, loop, mib = got
    return [label, f"{cpu:.0f}", f"{cpu / first[0]:.2f}", f"{wall:.0f}", f"{loop:.0f}",
            f"{mib:.1f}"]


def by_packets(a, bench):
    rows, peaks, first = [], [], None
    for k in (int(k) for k in a.copies.split(",")):
        path = speed.bulk(a.folder, k, a.build, bench.work)
        got = measure(a, bench, path, k * speed.PACKETS_A_COPY)
        first = first or got
        rows.append(row(f"K={k}, {k * speed.PACKETS_A_COPY / 1e6:.2f} M packets", first, got))
        peaks.append(got[3])
        path.unlink()
    kit.table(["mixed traffic", *HEAD], rows, a.markdown)
    return max(peaks), None


def by_connections(a, bench, kind):
    rows, peaks, first, last = [], [], None, None
    path = bench.work / f"flows-{kind}.pcap"
    for n in (int(n) for n in a.flows.split(",")):
        with open(path, "wb") as f:
            subprocess.run([a.build / "tests" / "flows", str(a.packets), str(n), kind],
                           stdout=f, check=True)
        last = measure(a, bench, path, a.packets)
        first = first or last
        rows.append(row(f"{n:,} connections", first, last))
        peaks.append(last[3])
    path.unlink()
    kit.table([KINDS[kind], *HEAD], rows, a.markdown)
    return max(peaks), last[0] / first[0]


def options():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", type=pathlib.Path, default=kit.BUILD)
    ap.add_argument("--folder", type=pathlib.Path, default=speed.SHARED / "bench")
    ap.add_argument("--packets", type=int, default=4_000_000)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--flows", default="1000,10000,100000,1000000")
    ap.add_argument("--copies", default="1,4,16", help="empty: leave these out")
    ap.add_argument("--kinds", default=",".join(KINDS))
    ap.add_argument("--work")
    ap.add_argument("--markdown", action="store_true")
    ap.add_argument("--budget", action="store_true", help="end with 1 beyond a budget")
    a = ap.parse_args()
    kit.build_release(a.build)
    a.msnwatch = a.build / "msnwatch"
    return a


def main():
    a = options()
    bench, results = kit.Bench(a.work), []
    if a.copies:
        results.append(("more packets", *by_packets(a, bench)))
        print()
    for kind in a.kinds.split(","):
        results.append((KINDS[kind], *by_connections(a, bench, kind)))
        print()
    broken = False
    for what, mib, ratio in results:
        words = [f"{mib:.1f} MiB resident, at most {BUDGET_MIB:.0f}"]
        fine = mib <= BUDGET_MIB
        if ratio is not None:
            words.append(f"{ratio:.2f} x a packet among the fewest, at most {BUDGET_RATIO}")
            fine = fine and ratio <= BUDGET_RATIO
        print(f"{'ok    ' if fine else 'BROKEN'} {what}: {'; '.join(words)}")
        broken = broken or not fine
    return 1 if broken and a.budget else 0


if __name__ == "__main__":
    sys.exit(main())

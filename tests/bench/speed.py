#!/usr/bin/env python3
"""How fast the audit of a large mixed capture is, beside a bare libpcap loop and others.

usage: speed.py [--build BUILD] [--folder BENCH] [--captures DIR] [--k 20] [--rounds 5]
                [--work DIR] [--no-tshark] [--markdown] [--budget]

BENCH holds base.pcap.zst (real traffic without a sign-in) and replicate.py, which makes K
shifted copies of it; without it traffic of our own making of the same number of packets
stands in.  Sign-ins of the samples, and of the real captures where there are any, are
hidden in it, and the audit must report every one of them.  All programs then run in turn,
on that capture and the cheapest of them on the traffic alone, too.  Ends with 1 when an
attempt is missing or, with --budget, when a budget is broken; those of speed are for the
traffic alone, which the peers' figures are of.
"""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys

import hidden
import kit

SHARED = kit.ROOT.parent / "shared"
PACKETS_A_COPY = 102_032
BUDGET_LOOP, BUDGET_NDPI, BUDGET_MIB, SLACK_MIB = 1.0, 20.0, 32.0, 2.0
LOOP, FLOOR, OURS = "floor loop (libpcap)", "floor read", "msnwatch read"
NDPI = "ndpiReader"
ALONE = ", traffic alone"
TOOLS = (("ndpiReader", "-h"), ("tshark", "--version"))


def bulk(folder, k, build, work):
    """The traffic to hide sign-ins in."""
    out = work / f"bulk{k}.pcap"
    packed = folder / "base.pcap.zst"
    if not packed.exists():
        out = work / f"own{k}.pcap"
        print(f"no {packed}: traffic of our own making stands in", file=sys.stderr)
        if not out.exists():
            with open(out, "wb") as f:
                subprocess.run([build / "tests" / "flows", str(k * PACKETS_A_COPY),
                                "20000"], stdout=f, check=True)
    elif not out.exists():
        base = work / "base.pcap"
        subprocess.run(["zstd", "-dqf", packed, "-o", base], check=True)
        subprocess.run([sys.executable, folder / "replicate.py", base, out, str(k)],
                       check=True)
    return out


def prepare(a, k, secrets, work):
    """The traffic, and the capture that has sign-ins hidden in it."""
    big, out = bulk(a.folder, k, a.build, work), work / f"mixed{k}.pcap"
    first, last = hidden.span_of(big)
    hidden.merge(big, hidden.spread([c for c, _ in secrets], first, last), out)
    return big, out


def missing(msnwatch, secrets, path):
    """Attempts that are not told of, and those told of that nobody hid."""
    told = collections.Counter(hidden.essence(hidden.attempts(msnwatch, path)))
    wanted = collections.Counter(e for _, told in secrets for e in told)
    return wanted - told, told - wanted


def commands(a, bench, big, path):
    out = {}
    for where, file in ((ALONE, big), ("", path)):
        out[LOOP + where] = [bench.floor, "loop", file]
        out[FLOOR + where] = [bench.floor, "read", file]
        out[OURS + where] = [a.msnwatch, "read", file]
    out["msnwatch read --json"] = [a.msnwatch, "read", "--json", path]
    if shutil.which(NDPI):
        out[NDPI + ALONE] = [NDPI, "-q", "-i", big]
        out[NDPI] = [NDPI, "-q", "-i", path]
    return out


def ratio(costs, name, to, field="wall"):
    return kit.median(costs[name], field) / kit.median(costs[to], field)


def rows_of(costs):
    for name, runs in costs.items():
        loop = LOOP + ALONE if name.endswith(ALONE) else LOOP
        yield [name, f"{kit.median(runs, 'wall'):.3f}", f"{kit.median(runs, 'user'):.3f}",
               f"{kit.median(runs, 'sys'):.3f}", f"{ratio(costs, name, loop):.2f}",
               f"{ratio(costs, name, loop, 'cpu'):.2f}", f"{kit.peak_mib(runs):.1f}"]


def judge(costs, peaks):
    """Budgets, each with what was measured."""
    three = max(peaks.values())
    loop = ratio(costs, OURS + ALONE, LOOP + ALONE)
    yield loop <= BUDGET_LOOP, f"{loop:.2f} x the bare loop, at most {BUDGET_LOOP} " \
                               f"({ratio(costs, OURS, LOOP):.2f} with sign-ins hidden in it)"
    if NDPI in costs:
        faster = ratio(costs, NDPI + ALONE, OURS + ALONE)
        yield faster >= BUDGET_NDPI, f"{faster:.1f} x as fast as ndpiReader, " \
                                     f"at least {BUDGET_NDPI:.0f} " \
                                     f"({ratio(costs, NDPI, OURS):.1f} with sign-ins " \
                                     f"hidden in it)"
    yield three <= BUDGET_MIB, f"{three:.1f} MiB resident, at most {BUDGET_MIB:.0f}"
    small, large = peaks[min(peaks)], peaks[max(peaks)]
    yield large <= small + SLACK_MIB, f"{small:.1f} MiB at K={min(peaks)}, " \
                                      f"{large:.1f} MiB at K={max(peaks)}"


def options():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--build", type=pathlib.Path, default=kit.BUILD)
    ap.add_argument("--folder", type=pathlib.Path, default=SHARED / "bench")
    ap.add_argument("--captures", type=pathlib.Path, default=SHARED / "captures")
    ap.add_argument("--k", type=int, default=20)
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--work")
    ap.add_argument("--no-tshark", action="store_true", help="leave the slowest out")
    ap.add_argument("--keep", action="store_true", help="leave the large captures there")
    ap.add_argument("--markdown", action="store_true")
    ap.add_argument("--budget", action="store_true", help="end with 1 beyond a budget")
    a = ap.parse_args()
    kit.build_release(a.build)
    a.msnwatch = a.build / "msnwatch"
    return a


def found_all(a, secrets, path):
    lost, extra = missing(a.msnwatch, secrets, path)
    total = sum(len(e) for _, e in secrets)
    signed = sum(e[1] == "signed-in" for _, told in secrets for e in told)
    print(f"hidden: {len(secrets)} captures with {total} attempts, {signed} of them signed "
          f"in; {total - lost.total()} found, {extra.total()} told of that nobody hid")
    for word, which in (("missing", lost), ("not hidden", extra)):
        for attempt in which:
            print(f"  {word}: {' '.join(attempt)}")
    return not lost and not extra


def main():
    a = options()
    bench = kit.Bench(a.work)
    work = bench.work
    paths = [*(a.build / "samples").glob("*.pcap"), *a.captures.glob("*.pcap")]
    secrets = hidden.hide(a.msnwatch, paths, work)
    big, path = prepare(a, a.k, secrets, work)
    good = found_all(a, secrets, path)
    costs = bench.rounds(commands(a, bench, big, path), a.rounds)
    if shutil.which("tshark") and not a.no_tshark:
        costs["tshark -Y msnms"] = [bench.run(["tshark", "-n", "-r", path, "-Y", "msnms"])]
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"{path.stat().st_size / 1e6:.0f} MB, median of {a.rounds} rounds, "
          f"load of the machine {load}\n")
    kit.table(["machine", ""], kit.machine(TOOLS), a.markdown)
    print()
    kit.table(["program", "wall s", "user s", "system s", "x loop, wall", "x loop, CPU",
               "peak MiB"], list(rows_of(costs)), a.markdown)
    peaks = {a.k: kit.peak_mib(costs[OURS])}
    _, large = prepare(a, 3 * a.k, secrets, work)
    good = found_all(a, secrets, large) and good
    peaks[3 * a.k] = bench.run([a.msnwatch, "read", large]).kib / 1024
    broken = False
    for fine, words in judge(costs, peaks):
        print(f"{'ok    ' if fine else 'BROKEN'} {words}")
        broken = broken or not fine
    if not a.keep:
        for made in (*work.glob("mixed*.pcap"), *work.glob("bulk*.pcap")):
            made.unlink()
    return 0 if good and not (broken and a.budget) else 1


if __name__ == "__main__":
    sys.exit(main())

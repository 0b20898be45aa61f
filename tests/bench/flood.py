#!/usr/bin/env python3
"""Memory under a flood of lookups and SYNs from hosts that do not exist.

usage: flood.py BUILD [--capture FILE] [--lookups N] [--syns N] [--parts 4,2,1]

Pours the flood, in growing sizes, around a capture with attempts in it, straight into
`msnwatch read -`.  The smallest already fills the tables that such hosts can fill, some
thousand of them being sinkholed.  Prints packets, resident memory and whether every attempt of the capture was
found.  Ends with 1 when one was not, when memory grew by more than a MiB from the
first size on, or went beyond 32 MiB.
"""
import argparse
import json
import os
import subprocess
import sys


def attempts(lines):
    out = []
    for line in lines:
        if b'"attempt"' not in line:
            continue
        event = json.loads(line)
        if event["event_type"] != "attempt" or event["src_ip"].startswith("172."):
            continue
        a = event["attempt"]
        if a["confidence"] != "hint":
            out.append((event["src_ip"], a["outcome"], a.get("account"),
                        str([(p["path"], p["result"]) for p in a["paths"]])))
    return sorted(out, key=str)


def read(msnwatch, feed):
    run = subprocess.Popen([msnwatch, "read", "--json", "-"], stdin=feed,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found = attempts(run.stdout)
    _, status, usage = os.wait4(run.pid, 0)
    return found, os.waitstatus_to_exitcode(status), usage.ru_maxrss


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("build")
    ap.add_argument("--capture")
    ap.add_argument("--lookups", type=int, default=10_000_000)
    ap.add_argument("--syns", type=int, default=1_000_000)
    ap.add_argument("--parts", default="4,2,1", help="fractions of the flood: 1/4, ...")
    a = ap.parse_args()
    msnwatch = os.path.join(a.build, "msnwatch")
    flood = os.path.join(a.build, "tests", "flood")
    capture = a.capture or os.path.join(a.build, "samples", "office_blocked.pcap")
    with open(capture, "rb") as f:
        want, _, _ = read(msnwatch, f)
    good, first = True, None
    for part in (int(p) for p in a.parts.split(",")):
        n = (a.lookups // part, a.syns // part)
        pour = subprocess.Popen([flood, capture, str(n[0]), str(n[1])], stdout=subprocess.PIPE)
        found, status, kib = read(msnwatch, pour.stdout)
        pour.stdout.close()
        pour.wait()
        first = first or kib
        fine = found == want and kib <= first + 1024 and kib <= 32 * 1024 and status in (0, 4)
        good = good and fine
        print(f"{n[0]:>10} lookups {n[1]:>9} SYNs: {kib / 1024:6.1f} MiB, "
              f"{len(found)} of {len(want)} attempts, status {status}"
              f"{'' if fine else '  <-- wrong'}", flush=True)
        for missing in [w for w in want if w not in found][:5]:
            print("  missing", missing)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

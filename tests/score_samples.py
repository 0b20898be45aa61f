#!/usr/bin/env python3
"""Compares the attempts msnwatch reports on generated captures with samples/expected.

usage: score_samples.py MSNWATCH FOLDER [NAME...]

FOLDER holds NAME.pcap for every samples/expected/NAME.json, a list of the attempts that must be
reported, no more and no fewer, in any order.  A field that is null or left out is not compared.
A path is its kind, its result and, where it matters, how often; "by" is the device that blocked
the first path; what "never" lists must stand nowhere in the output.
Prints what differs and a last line 'right/total'; exit 0 when all are right."""
import argparse
import json
import pathlib
import subprocess
import sys

EXPECTED = pathlib.Path(__file__).resolve().parent.parent / "samples" / "expected"
# Name in the expectation, name in the event, what an absent field stands for.
FIELDS = (
    ("outcome", "outcome", None),
    ("account", "account", None),
    ("dialect", "dialect", None),
    ("reason", "reason", None),
    ("code", "error_code", None),
    ("fallback", "fallback", False),
    ("conversations", "conversations", 0),
)


def reported(msnwatch, capture):
    """The attempts in the events of one capture, hints left out, and the whole output."""
    run = subprocess.run(
        [msnwatch, "read", "--json", "--accounts", "show", capture],
        stdout=subprocess.PIPE, timeout=60, check=False,
    )
    if run.returncode not in (0, 4):
        raise ValueError(f"exit status {run.returncode}")
    events = (json.loads(line) for line in run.stdout.splitlines())
    attempts = [
        {"host": event["src_ip"], **event["attempt"]}
        for event in events
        if event["event_type"] == "attempt" and event["attempt"]["confidence"] != "hint"
    ]
    return attempts, run.stdout.decode()


def differences(wanted, got):
    found = []
    for name, key, absent in FIELDS:
        value = got.get(key, absent)
        if wanted.get(name) is not None and wanted[name] != value:
            found.append(f"{name} {value!r}, not {wanted[name]!r}")
    paths = [[p["path"], p["result"], p.get("count", 1)] for p in got["paths"]]
    if len(paths) == len(wanted["paths"]):
        paths = [path[:len(want)] for path, want in zip(paths, wanted["paths"])]
    if paths != wanted["paths"]:
        found.append(f"paths {paths!r}, not {wanted['paths']!r}")
    by = got["paths"][0].get("by")
    if wanted.get("by") not in (None, by):
        found.append(f"by {by!r}, not {wanted['by']!r}")
    return found


def compare(wanted, got, output):
    """Each attempt wanted takes the nearest of those left of its host."""
    found, left = [], list(got)
    for want in wanted:
        found += [f"{text!r} is told" for text in want.get("never", []) if text in output]
    for want in wanted:
        near = [got for got in left if got["host"] == want["host"]]
        if not near:
            found.append(f"missing: {want['host']} {want['outcome']} {want.get('account')}")
            continue
        nearest = min(near, key=lambda g: len(differences(want, g)))
        left.remove(nearest)
        found += [f"{want['host']}: {d}" for d in differences(want, nearest)]
    found += [f"too many: {g['host']} {g['outcome']} {g.get('account')}" for g in left]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("msnwatch")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    names = args.names or sorted(p.stem for p in EXPECTED.glob("*.json"))
    right = 0
    for name in names:
        try:
            wanted = json.loads((EXPECTED / f"{name}.json").read_text(encoding="utf-8"))
            found = compare(wanted, *reported(args.msnwatch, args.folder / f"{name}.pcap"))
        except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            found = [f"{type(error).__name__}: {error}"]
        for difference in found:
            print(f"{name}: {difference}")
        right += not found
    print(f"{right}/{len(names)}")
    return 0 if names and right == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Line coverage of rooms, from the counters that tests of a --coverage build left.

usage: coverage.py BUILD ROOM...

Prints each file and room with its share of lines run, and every line that no test ran
unless tests/coverage.allow explains it: "FILE: BEFORE => LINE: REASON", the line and the one
before it without indentation, so that the list outlives edits elsewhere.
Ends with 1 when a room is not above 95 %, when a line is neither run nor explained, or when
an explanation fits no line any more.
"""
import collections
import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
AIM = 95.0


def counts(build, rooms):
    """How often each line ran, {file: {line: times}}, over all objects that hold it."""
    data = [d.resolve() for room in rooms for d in
            (build / "CMakeFiles" / f"{room}.dir").rglob("*.gcda")]
    if not data:
        raise SystemExit(f"{build}: no counters; run tests/coverage.sh")
    ran = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["gcov", "--json-format", "--preserve-paths", *map(str, data)],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        for packed in pathlib.Path(folder).glob("*.gcov.json.gz"):
            with gzip.open(packed) as f:
                take(json.load(f), rooms, ran)
    return ran


def take(report, rooms, ran):
    for file in report["files"]:
        path = (pathlib.Path(report["current_working_directory"]) / file["file"]).resolve()
        if not path.is_relative_to(ROOT):
            continue
        name = path.relative_to(ROOT)
        if name.parts[0] in rooms:
            for line in file["lines"]:
                ran[str(name)][line["line_number"]] += line["count"]


def explained():
    out = {}
    allow = ROOT / "tests" / "coverage.allow"
    for line in allow.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            file, rest = line.split(": ", 1)
            text, reason = rest.rsplit(": ", 1)
            out[file, text] = reason
    return out


def share(lines):
    hit = sum(times > 0 for times in lines)
    return f"{hit:>5} of {len(lines):>5} lines {100 * hit / len(lines):6.1f} %"


def named(source, number):
    """A line by its text and that of the one before it."""
    before = next((t for t in reversed(source[:number - 1]) if t.strip()), "")
    return f"{before.strip()} => {source[number - 1].strip()}".rstrip(";")


def main():
    build, rooms = pathlib.Path(sys.argv[1]), sys.argv[2:]
    ran, reasons = counts(build, rooms), explained()
    known, not_run = set(), []
    for name in sorted(ran):
        print(f"{name:<32}{share(ran[name].values())}")
        source = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for number, times in sorted(ran[name].items()):
            line = (name, named(source, number))
            known.add(line)
            if times == 0 and line not in reasons:
                not_run.append(f"{name}:{number}: {line[1]}")
    good = not not_run
    for room in rooms:
        lines = [t for name in ran if name.startswith(room + "/") for t in ran[name].values()]
        print(f"{room + '/':<32}{share(lines)}")
        good = good and 100 * sum(t > 0 for t in lines) / len(lines) > AIM
    for line in not_run:
        print(f"not run: {line}")
    for file, text in sorted(set(reasons) - known):
        good = False
        print(f"explained, but gone: {file}: {text}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Checks JSON lines against doc/events.schema.json.

usage: schema.py [--refuse] [FILE...]     standard input when no file is named

Of a Markdown file only the lines that begin with a brace are taken.  Prints each fault as
FILE:LINE: place: reason.  Exit 0 when every line holds and there is at least one, else 1;
77 when the jsonschema package is missing.  With --refuse every line must be at fault
instead, which shows that the schema is strict.
"""
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("schema.py: needs the Python package jsonschema (Debian: python3-jsonschema)")
    sys.exit(77)

SCHEMA = pathlib.Path(__file__).resolve().parent.parent / "doc" / "events.schema.json"


def no_doubles(pairs):
    keys = [k for k, _ in pairs]
    for k in keys:
        if keys.count(k) > 1:
            raise ValueError("key %r stands twice" % k)
    return dict(pairs)


def narrowest(error):
    """The reason inside the branch of the line's own event_type, not "no branch fits"."""
    while error.context:
        fitting = [e for e in error.context if "const" not in e.schema_path]
        error = max(fitting or error.context, key=lambda e: len(e.absolute_path))
    return error


def faults(validator, line):
    try:
        event = json.loads(line, object_pairs_hook=no_doubles)
    except ValueError as e:
        return ["not JSON: %s" % e]
    errors = list(validator.iter_errors(event))
    # A fault inside the object also leaves its key unevaluated; that echo is dropped.
    errors = [e for e in errors if e.validator != "unevaluatedProperties"] or errors
    return ["%s: %s" % (e.json_path, e.message) for e in map(narrowest, errors)]


def check(validator, name, stream, refuse):
    """Returns (lines checked, lines that are not as they should be)."""
    checked = wrong = 0
    for number, line in enumerate(stream, 1):
        if name.endswith(".md") and not line.startswith("{"):
            continue
        checked += 1
        found = faults(validator, line)
        if refuse:
            found = [] if found else ["accepted, and should not be"]
        for fault in found:
            print("%s:%d: %s" % (name, number, fault))
        wrong += bool(found)
    return checked, wrong


def main(args):
    refuse = "--refuse" in args
    names = [a for a in args if a != "--refuse"]
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    checked = wrong = 0
    for name in names or ["-"]:
        stream = sys.stdin if name == "-" else open(name, encoding="utf-8")
        with stream:
            c, w = check(validator, name, stream, refuse)
        checked, wrong = checked + c, wrong + w
    print("%d lines checked, %d wrong" % (checked, wrong))
    return 0 if checked and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

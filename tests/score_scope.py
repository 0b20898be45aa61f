#!/usr/bin/env python3
"""Scores `msnwatch read` on real captures with known truth.

usage: score_scope.py [--plain] MSNWATCH CAPTURES

CAPTURES is a folder that holds truth.json, the captures it names, and score.py, whose judge()
compares one file.  With --plain only files count where every attempt is a sign-in tried directly
or through the gateway and nothing was blocked.
Prints the misses and a last line 'right/total'; exit 0 when all are right."""
import argparse
import importlib.util
import json
import os
import sys

PROXY_PATHS = {"connect", "socks"}


def is_plain(attempts):
    """Whether a file's truth needs neither blocked tries, proxies nor fallback."""
    return not any(
        a["outcome"] == "blocked"
        or a.get("fallback")
        or any(path in PROXY_PATHS for path, _ in a["paths"])
        for a in attempts
    )


def load_judge(captures):
    """The judge() of score.py in the captures folder, which may be read-only."""
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("score", os.path.join(captures, "score.py"))
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    return score.judge


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plain", action="store_true", help="only where nothing was blocked")
    parser.add_argument("msnwatch")
    parser.add_argument("captures")
    args = parser.parse_args()
    judge = load_judge(args.captures)
    with open(os.path.join(args.captures, "truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    wanted = {name: t for name, t in truth.items() if not args.plain or is_plain(t)}
    right = 0
    for name, attempts in wanted.items():
        try:
            wrong = judge(args.msnwatch, os.path.join(args.captures, name), attempts)
        except Exception as error:  # a miss, and the others are still scored
            wrong = [repr(error)]
        if wrong:
            print("MISS", name, "; ".join(map(str, wrong)))
        else:
            right += 1
    if len(wanted) < len(truth):
        print(f"{len(truth) - len(wanted)} files are left out")
    print(f"{right}/{len(wanted)}")
    return 0 if wanted and right == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main())

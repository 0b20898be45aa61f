#!/usr/bin/env bash
# Which lines of capture/, detect/ and enforce/ the tests run: builds with gcc's counters, runs all
# tests but lint, and prints what coverage.py makes of them.
#
# usage: coverage.sh [--again]       --again: count what the last run left
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need gcc gcov python3

build=build-coverage
if [ "${1:-}" != --again ]; then
	cmake --preset coverage >/dev/null
	cmake --build "$build" -j "$(nproc)" >/dev/null
	find "$build" -name '*.gcda' -delete
	ctest --test-dir "$build" -LE lint -j "$(nproc)" --output-on-failure | tail -n 15
fi
python3 tests/coverage.py "$build" capture detect enforce

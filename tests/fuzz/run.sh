#!/usr/bin/env bash
# usage: run.sh SECONDS [PARSER...]
# Builds the fuzz targets with clang and runs each for SECONDS, starting from its corpus;
# 0 replays the corpus only, which ends the same on every run.
# What is found stays in build-fuzz/findings/; the corpus in samples/ is left as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case ${1:-} in
'' | 0?* | *[!0-9]*)
	echo "usage: $0 SECONDS [PARSER...]" >&2
	exit 2
	;;
esac
seconds=$1
shift

shopt -s nullglob
if [ $# -eq 0 ]; then
	for source in tests/fuzz/fuzz_*.c; do
		parser=${source##*/fuzz_}
		set -- "$@" "${parser%.c}"
	done
fi
if [ $# -eq 0 ]; then
	echo "no fuzz targets"
	exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! { cmake --preset fuzz && cmake --build --preset fuzz -j "$(nproc)" \
    --target "${@/#/fuzz_}"; } >"$work/build.log" 2>&1; then
	cat "$work/build.log"
	exit 1
fi
mkdir -p build-fuzz/findings

# The number after a name in libFuzzer's closing statistics.
statistic()
{
	sed -n "s/^stat::$1: *//p" "$2"
}

limit=(-max_total_time="$seconds")
if [ "$seconds" -eq 0 ]; then
	limit=(-runs=0)
fi
failed=0
for parser in "$@"; do
	log=$work/$parser.log
	corpus=$work/$parser
	mkdir "$corpus"
	seeds=(samples/corpus/"$parser"/*)
	if [ ${#seeds[@]} -gt 0 ]; then
		cp -r "${seeds[@]}" "$corpus"
	fi
	if "build-fuzz/tests/fuzz_$parser" "${limit[@]}" -timeout=10 \
	    -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix="build-fuzz/findings/$parser-" "$corpus" >"$log" 2>&1; then
		printf '%-14s %10s executions, %s seeds, no finding\n' "$parser" \
		    "$(statistic number_of_executed_units "$log")" "${#seeds[@]}"
	else
		failed=$((failed + 1))
		printf '%-14s FAILED\n' "$parser"
		grep -m 1 -A 20 'ERROR: ' "$log" || tail -n 20 "$log"
		grep -F 'Test unit written' "$log" || true
	fi
done
exit $((failed > 0))

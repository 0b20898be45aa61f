#!/usr/bin/env bash
# usage: run.sh [-j N] SECONDS [PARSER...]
# Builds the fuzz targets with clang and runs each for SECONDS, N side by side (default 1),
# starting from its corpus; 0 replays the corpus only, which ends the same on every run.
# Prints the executions of each target and of all.
#
# What is found stays in build-fuzz/findings/ as PARSER-crash-HASH, -timeout-HASH or
# -oom-HASH.  Each comes with the command that keeps it: copied to samples/corpus/PARSER/HASH
# it is an input that ctest replays from then on (fuzz.PARSER), in every build.  Otherwise
# the corpus in samples/ is left as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage()
{
	echo "usage: $0 [-j N] SECONDS [PARSER...]" >&2
	exit 2
}

# number TEXT: it is one, without leading zeros
number()
{
	[[ $1 =~ ^(0|[1-9][0-9]*)$ ]] || usage
	echo "$1"
}

jobs=1
while getopts j: option; do
	case $option in
	j) jobs=$(number "$OPTARG") ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
if [ $# -eq 0 ] || [ "$jobs" -eq 0 ]; then
	usage
fi
seconds=$(number "$1")
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

# The command that makes a regression test of each input a log names as written.
keepers()
{
	local file

	sed -n 's/^.*Test unit written to //p' "$2" | while read -r file; do
		echo "  keep it: cp $file samples/corpus/$1/${file##*-}"
	done
}

limit=(-max_total_time="$seconds")
if [ "$seconds" -eq 0 ]; then
	limit=(-runs=0)
fi

# One target; what it did goes to its log, and its executions to its .count.
fuzz()
{
	local parser=$1 log=$work/$1.log corpus=$work/$1.corpus
	local seeds=(samples/corpus/"$1"/*)

	mkdir "$corpus"
	if [ ${#seeds[@]} -gt 0 ]; then
		cp -r "${seeds[@]}" "$corpus"
	fi
	# -entropic=0: weighing inputs by rarity takes longer than whole captures do.
	if "build-fuzz/tests/fuzz_$parser" "${limit[@]}" -entropic=0 -timeout=10 \
	    -rss_limit_mb=1024 -print_final_stats=1 \
	    -artifact_prefix="build-fuzz/findings/$parser-" "$corpus" >"$log" 2>&1; then
		statistic number_of_executed_units "$log" >"$work/$parser.count"
		printf '%-14s %10s executions, %s seeds, no finding\n' "$parser" \
		    "$(<"$work/$parser.count")" "${#seeds[@]}"
	else
		printf '%-14s FAILED\n%s\n%s\n' "$parser" \
		    "$(grep -m 1 -A 20 'ERROR: ' "$log" || tail -n 20 "$log")" \
		    "$(keepers "$parser" "$log")"
	fi
}

for parser in "$@"; do
	while [ "$(jobs -pr | wc -l)" -ge "$jobs" ]; do
		wait -n || true
	done
	fuzz "$parser" &
done
wait

counts=("$work"/*.count)
total=0
if [ ${#counts[@]} -gt 0 ]; then
	total=$(cat "${counts[@]}" | awk '{ n += $1 } END { print n + 0 }')
fi
printf '%-14s %10s executions, %s targets, %s with a finding\n' all "$total" $# \
    $(($# - ${#counts[@]}))
exit $((${#counts[@]} < $#))

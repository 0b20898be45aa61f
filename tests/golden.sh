#!/usr/bin/env bash
# usage: golden.sh [--accept] BUILD [NAME...]
# Compares what msnwatch prints with tests/golden/, case by case of tests/golden.list.
set -euo pipefail
accept=0
if [ "${1:-}" = --accept ]; then
	accept=1
	shift
fi
if [ $# -lt 1 ]; then
	echo "usage: $0 [--accept] BUILD [NAME...]" >&2
	exit 2
fi
build=$(cd "$1" && pwd)
shift
cd "$(dirname "${BASH_SOURCE[0]}")"

got=$(mktemp)
trap 'rm -f "$got"' EXIT

# run CAPTURE WORD...: output in $got; prints what is wrong with the exit status, if anything.
run()
{
	local capture=$1 wanted=0 status=0 settings=()

	shift
	while [[ ${1:-} =~ ^([A-Za-z_]+)=(.*)$ ]]; do
		if [ "${BASH_REMATCH[1]}" = status ]; then
			wanted=${BASH_REMATCH[2]}
		else
			settings+=("$1")
		fi
		shift
	done
	# Run beside the capture, so that its name is printed the same everywhere.
	(cd "$build/samples" && env -i PATH="$PATH" LC_ALL=C COLUMNS=80 NO_COLOR=1 \
	    "${settings[@]}" "$build/msnwatch" read "$@" "$capture") >"$got" || status=$?
	if [ "$status" -ne "$wanted" ]; then
		echo "exit status $status, not $wanted"
	fi
}

# check NAME CAPTURE EXPECTED WORD...
check()
{
	local name=$1 capture=$2 expected=golden/$3 wrong

	shift 3
	if [ ! -f "$build/samples/$capture" ]; then
		wrong="no capture $build/samples/$capture (target samples)"
	else
		wrong=$(run "$capture" "$@")
	fi
	if [ -z "$wrong" ] && [ "$accept" -eq 1 ]; then
		mkdir -p golden
		cp "$got" "$expected"
		echo "$name: accepted"
	elif [ -z "$wrong" ] && diff -u "$expected" "$got"; then
		echo "$name: as expected"
	else
		echo "$name: FAILED${wrong:+: $wrong}"
		return 1
	fi
}

failed=0
seen=" "
while IFS='|' read -r name capture words expected; do
	read -r name <<<"$name"
	if [ -z "$name" ] || [ "${name#\#}" != "$name" ]; then
		continue
	fi
	if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then
		continue
	fi
	read -r capture <<<"$capture"
	read -r expected <<<"$expected"
	read -ra words <<<"$words"
	seen+="$name "
	check "$name" "$capture" "$expected" "${words[@]}" || failed=1
done <golden.list
for name in "$@"; do
	if [[ $seen != *" $name "* ]]; then
		echo "$name: not in golden.list"
		failed=1
	fi
done
exit "$failed"

#!/usr/bin/env bash
# usage: readme_example.sh [--accept] BUILD
# The README's example is what msnwatch really prints: compares the fenced block between its
# example markers with the report on the generated office day, or puts it there.
set -euo pipefail
accept=0
if [ "${1:-}" = --accept ]; then
	accept=1
	shift
fi
if [ $# -ne 1 ]; then
	echo "usage: $0 [--accept] BUILD" >&2
	exit 2
fi
build=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
	printf '```\n$ msnwatch read office_day.pcap\n'
	(cd "$build/samples" && env -i PATH="$PATH" LC_ALL=C.UTF-8 COLUMNS=100 NO_COLOR=1 \
	    "$build/msnwatch" read office_day.pcap)
	printf '```\n'
} >"$work/real"

if [ "$accept" -eq 1 ]; then
	sed -e '/^<!-- example:begin -->$/,/^<!-- example:end -->$/{/^<!-- /!d}' \
	    -e "/^<!-- example:begin -->\$/r $work/real" README.md >"$work/README.md"
	cp "$work/README.md" README.md
	exit 0
fi
sed -n '/^<!-- example:begin -->$/,/^<!-- example:end -->$/{/^<!-- /!p}' README.md >"$work/shown"
diff -u "$work/shown" "$work/real"

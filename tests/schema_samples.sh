#!/usr/bin/env bash
# usage: schema_samples.sh BUILD
# Every event of every generated capture keeps to doc/events.schema.json.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")"

events=$(mktemp)
trap 'rm -f "$events"' EXIT
shopt -s nullglob
captures=("$build"/samples/*.pcap)
if [ ${#captures[@]} -eq 0 ]; then
	echo "no captures in $build/samples (target samples)"
	exit 1
fi
for capture in "${captures[@]}"; do
	status=0
	"$build/msnwatch" read --json "$capture" >>"$events" || status=$?
	if [ "$status" -ne 0 ] && [ "$status" -ne 4 ]; then
		echo "$capture: exit status $status"
		exit 1
	fi
done
python3 schema.py "$events"

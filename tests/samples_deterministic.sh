#!/usr/bin/env bash
# usage: samples_deterministic.sh MAKE_SAMPLES FOLDER
# Every scenario gives the bytes of the capture in FOLDER again, and has its expected attempts.
set -euo pipefail
make_samples=$1
folder=$2
cd "$(dirname "${BASH_SOURCE[0]}")/../samples"

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
"$make_samples" --all scenarios "$again"
faults=0
for scenario in scenarios/*.scn; do
	name=$(basename "$scenario" .scn)
	if ! cmp "$folder/$name.pcap" "$again/$name.pcap"; then
		faults=$((faults + 1))
	fi
	if [ ! -f "expected/$name.json" ]; then
		echo "expected/$name.json is missing"
		faults=$((faults + 1))
	fi
done
for capture in "$again"/office_*.pcap; do
	size=$(stat -c %s "$capture")
	if [ "$size" -gt 8000000 ]; then
		echo "$(basename "$capture") has $size bytes, over 8 MB"
		faults=$((faults + 1))
	fi
done
[ "$faults" -eq 0 ]

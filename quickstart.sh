#!/usr/bin/env bash
# Installs what building needs, builds msnwatch and audits the sample captures.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/packages.sh

jobs=$(nproc)
capture=build/samples/office_day.pcap
report=build/quickstart-report.txt
events=build/quickstart-events.jsonl

echo "== Packages"
packages_for_building

echo "== Build (in build/)"
cmake --preset release >/dev/null
cmake --build build -j "$jobs" --target msnwatch samples >build/quickstart-build.log 2>&1 || {
	cat build/quickstart-build.log
	exit 1
}

if [ -t 1 ]; then
	COLUMNS=$(tput cols 2>/dev/null || echo 80)
	export COLUMNS
fi
echo "== Audit of a generated office day: msnwatch read $capture"
echo
build/msnwatch read "$capture" | tee "$report"
build/msnwatch read --json "$capture" >"$events"
cat <<END

The report is in $report,
the same as events, one JSON object a line, in $events.

Next, your own captures (pcap, pcapng, .gz, .zst, whole directories):
  build/msnwatch read FILE|DIR...
To install: cmake --install build   To run every test: ./check.sh
END

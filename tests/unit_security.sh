#!/usr/bin/env bash
# usage: unit_security.sh MSNWATCH
# The unit is one that systemd understands, alone and with each drop-in for enforcement, and
# what it leaves open to a sensor that was taken over is little: systemd-analyze security
# says at most 1.5 (of 10), and 2.0 with IP sockets.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need systemd-analyze

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unit=$folder/msnwatch@span.service
sed -e "s,@MSNWATCH_BIN@,$program," -e 's,@MSNWATCH_CONFDIR@,/etc/msnwatch,' \
    doc/systemd/msnwatch@.service.in >"$unit"

# check MOST WHAT
check()
{
	local said report level most=$1

	said=$(systemd-analyze verify --man=no "$unit" 2>&1) || true
	# What it has to say about other units is not ours.
	said=$(grep -F "$folder" <<<"$said" || true)
	if [ -n "$said" ]; then
		echo "$said"
		exit 1
	fi
	report=$(SYSTEMD_COLORS=0 systemd-analyze security --offline=true --no-pager "$unit")
	level=$(sed -nE 's/^.*Overall exposure level for .*: ([0-9.]+) .*$/\1/p' <<<"$report")
	if [ -z "$level" ] || ! awk -v l="$level" -v m="$most" 'BEGIN { exit !(l <= m) }'; then
		echo "$report"
		echo "exposure ${level:-unknown} with $2, at most $most"
		exit 1
	fi
	echo "exposure $level with $2, at most $most"
}

check 1.5 "nothing more"
mkdir "$unit.d"
cp doc/systemd/enforce.conf "$unit.d"
check 1.5 enforce.conf
cp doc/systemd/enforce-tunnel.conf "$unit.d"
check 2.0 "enforce-tunnel.conf as well"

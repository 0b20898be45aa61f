#!/usr/bin/env bash
# usage: passive.sh BUILD
# A binary built with -DMSNWATCH_ENFORCE=OFF cannot send: it has none of the locked room's
# symbols or words, calls nothing that puts frames on a wire, and refuses to be told to.
# The ordinary one of BUILD has them, so what is looked for is there to be found.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need nm strings cmake

passive=$build/passive
cmake -S . -B "$passive" -DCMAKE_BUILD_TYPE=Debug -DMSNWATCH_ENFORCE=OFF \
    -DMSNWATCH_TESTS=OFF >"$build/passive.log"
cmake --build "$passive" -j "$(nproc)" --target msnwatch >>"$build/passive.log" 2>&1 ||
    { tail -n 20 "$build/passive.log"; exit 1; }

symbols='[ ]((inject|pursuit|chase|policy|quota|schedule|guard)_[a-z_]+|reset_(build|aim))$'
calls=' U (pcap_inject|pcap_sendpacket|pcap_sendqueue_transmit|sendmsg|sendmmsg)(@.*)?$'
words='no socket to send|resets (put|that)|--protect|--reset-interface|where resets are'
faults=0

# has WHAT PATTERN: prints what of it the passive binary has; the ordinary one must have some
has()
{
	local what=$1 pattern=$2

	if ! "$what" "$build/msnwatch" | grep -E "$pattern" >/dev/null; then
		echo "the ordinary binary has nothing like: $pattern"
		faults=$((faults + 1))
	fi
	if "$what" "$passive/msnwatch" | grep -E "$pattern"; then
		echo "^ in a binary that must not have it ($what)"
		faults=$((faults + 1))
	fi
}

has nm "$symbols"
has strings "$words"
if nm "$passive/msnwatch" | grep -E "$calls"; then
	faults=$((faults + 1))
fi
status=0
"$passive/msnwatch" live -i lo --enforce reset --protect 10.0.0.0/8 2>"$build/passive.log" ||
    status=$?
if [ "$status" -ne 2 ]; then
	echo "told to reset it ended with $status, not as wrong usage:"
	cat "$build/passive.log"
	faults=$((faults + 1))
fi
echo "$faults faults"
exit $((faults > 0))

#!/usr/bin/env bash
# usage: quiet.sh MSNWATCH CAPTURE...
# Captures without Messenger in them: no attempt may be reported.
set -uo pipefail
msnwatch=$1
shift
failed=0
for capture in "$@"; do
	"$msnwatch" read --quiet --exit-code "$capture"
	status=$?
	if [ $status -ne 0 ] && [ $status -ne 4 ]; then
		echo "$capture: status $status"
		"$msnwatch" read "$capture"
		failed=1
	fi
done
exit $failed

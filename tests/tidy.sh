#!/usr/bin/env bash
# usage: tidy.sh BUILD [FILE...]
# clang-tidy over the rooms (or the files given), one process a processor.
set -euo pipefail
build=$(cd "$1" && pwd)
shift
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need clang-tidy

if [ $# -eq 0 ]; then
	mapfile -t files < <(c_files "${rooms[@]}" | grep '\.c$')
	set -- "${files[@]}"
fi
for file in "$@"; do
	if ! grep -qF "\"$PWD/$file\"" "$build/compile_commands.json"; then
		echo "$file is not built"
		exit 1
	fi
done
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! printf '%s\0' "$@" |
    xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet >"$log" 2>&1; then
	grep -vE '^([0-9]+ warnings? (generated|treated).*)?$' "$log"
	exit 1
fi
echo "$# files are clean"

#!/usr/bin/env bash
# Bounds of files (400 lines; a fuzz target 25), functions (60 lines) and lines (90 columns),
# tests included.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need ctags

files=$(c_files "${rooms[@]}" tests)
long_files=$(xargs wc -l <<<"$files" |
    awk '{ most = $2 ~ /\/fuzz_[a-z_0-9]*\.c$/ ? 25 : 400 }
	$2 != "total" && $1 > most { print $2 ": " $1 " lines, at most " most }')
functions=$(ctags -L - -f - --languages=C --langmap=C:.c.h --kinds-C=f --excmd=number \
    --fields=+ne <<<"$files")
if [ -z "$functions" ]; then
	echo "ctags found no function at all"
	exit 1
fi
long_functions=$(awk -F '\t' '{
	for (i = 4; i <= NF; i++) {
		if ($i ~ /^line:/) first = substr($i, 6)
		if ($i ~ /^end:/) last = substr($i, 5)
	}
	if (last - first + 1 > 60)
		print $2 ":" first ": " $1 " has " last - first + 1 " lines, at most 60"
}' <<<"$functions")
long_lines=$(while read -r file; do
	expand -t 8 "$file" | awk -v file="$file" \
	    'length > 90 { print file ":" NR ": " length " columns, at most 90" }'
done <<<"$files")

faults=$(printf '%s\n' "$long_files" "$long_functions" "$long_lines" | sed '/^$/d')
if [ -n "$faults" ]; then
	echo "$faults"
	exit 1
fi
printf '%s files and %s functions keep to their sizes\n' \
    "$(wc -l <<<"$files")" "$(wc -l <<<"$functions")"

#!/usr/bin/env bash
# The bounds that doc/limits.md names in capitals are those of the headers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh

# The value of a constant defined in a header: a product of whole numbers, or one.
constant()
{
	local text

	text=$(c_files "${rooms[@]}" | grep '\.h$' |
	    xargs sed -nE "s/^#define[ \t]+$1[ \t]+\(?([0-9 *]+)\)?.*$/\1/p")
	if [ -n "$text" ]; then
		echo $((text))
	fi
}

faults=0
checked=0
# shellcheck disable=SC2016 # backquotes of Markdown
while read -r name value; do
	real=$(constant "$name")
	checked=$((checked + 1))
	if [ "$real" != "$value" ]; then
		echo "doc/limits.md: $name is ${real:-nowhere defined}, not $value"
		faults=$((faults + 1))
	fi
done < <(sed -nE 's/^\| `([A-Z_]+)`: [^|]*\| ([0-9]+)[^|]*\|.*$/\1 \2/p' doc/limits.md)
echo "$checked bounds compared"
exit $((faults > 0 || checked == 0))

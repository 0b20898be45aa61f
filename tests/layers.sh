#!/usr/bin/env bash
# usage: layers.sh [BUILD]
# Proves the shape of the house: which room includes which, where foreign headers live, and,
# from the objects of a build folder, that no room keeps mutable static state, exits or sends.
set -euo pipefail
build=${1:+$(cd "$1" && pwd)}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

. tests/lib.sh
need objdump
faults=0

# Headers of the C library that any room may use.
plain='assert|ctype|errno|float|inttypes|limits|locale|math|pwd|signal|std[a-z]+|string|time'
plain+='|wchar|wctype|arpa/inet|dirent|fcntl|fts|ftw|getopt|langinfo|poll|pthread|sched|strings'
plain+='|termios|threads|unistd|sys/(ioctl|mman|random|resource|stat|time|types|uio|wait)'

# header, the files that may include it, how many of them ("-": any number)
homes='
pcap(/.*)?        (capture/source[a-z_]*|enforce/inject|samples/[a-z_]+)\.c  -
zlib              base/gunzip\.c                                             1
zstd.*            capture/[a-z_]+\.c                                         1
jansson           [a-z]+/[a-z_]*_json\.c                                     -
gcrypt            report/digest\.c                                           1
ini               app/config\.c                                              1
ndpi_.*           detect/opinion\.c                                          1
sqlite3           report/[a-z_]+\.c                                          1
nats(/.*)?        report/[a-z_]+\.c                                          1
cap-ng            app/privilege\.c                                           1
(pwd|grp)         app/privilege\.c                                           -
seccomp           app/sandbox\.c                                             1
sys/prctl         app/(privilege|sandbox|sandbox_rules)\.c                   -
(linux/landlock|sys/syscall) app/sandbox_files\.c                            1
linux/(filter|if_ether|if_packet|netlink|sockios) (enforce/[a-z_]+|capture/fanout|app/sandbox_rules)\.c -
sys/socket        (enforce/[a-z_]+|capture/fanout|app/notify|app/sandbox(_rules)?|report/syslog)\.c -
sys/un            (enforce/[a-z_]+|app/notify|report/syslog)\.c              -
(netdb|ifaddrs|net/.*|netinet/.*|netpacket/.*|linux/.*) enforce/[a-z_]+\.c -
'

# symbols that objects may refer to only in these files
calls='
(_?exit|_Exit|quick_exit|v?errx?)                                        app/.*
socket                                                                   (enforce/.*|app/notify\.c|report/syslog\.c)
connect                                                                  (enforce/.*|app/notify\.c)
sendto                                                                   (enforce/.*|report/syslog\.c)
(bind|listen|accept4?|send|sendm?msg)                                    enforce/.*
(pcap_inject|pcap_sendpacket|pcap_sendqueue_transmit)                    enforce/inject\.c
'

fault()
{
	echo "$1"
	faults=$((faults + 1))
}

# own FILE:LINE FILE HEADER
own_include()
{
	local room=${2%%/*} target=$3

	if [ "${3#*/}" = "$3" ]; then
		target=${2%/*}/$3
	fi
	if [ ! -f "$target" ]; then
		fault "$1: \"$3\" is no header of this project"
	elif [ "$room" != app ] && [ "${target%%/*}" != base ] && [ "${target%%/*}" != "$room" ]; then
		fault "$1: $room/ may include base/ and itself, not $3"
	elif [ "${target%%/*}" = tests ]; then
		fault "$1: $3 belongs to the tests"
	fi
}

foreign_include()
{
	local header files

	if [[ $3 =~ ^($plain)\.h$ ]]; then
		return
	fi
	while read -r header files _; do
		if [ -n "$header" ] && [[ $3 =~ ^($header)\.h$ ]]; then
			[[ $2 =~ ^$files$ ]] || fault "$1: <$3> has its home in $files"
			return
		fi
	done <<<"$homes"
	fault "$1: <$3> has no home yet (tests/layers.sh)"
}

check_includes()
{
	local file line text include
	local pattern='^[[:space:]]*#[[:space:]]*include[[:space:]]*([<"])([^>"]+)[>"]'

	include=$(c_files "${rooms[@]}" | xargs grep -nHE '^[[:space:]]*#[[:space:]]*include')
	while IFS=: read -r file line text; do
		if ! [[ $text =~ $pattern ]]; then
			fault "$file:$line: an include this check cannot read"
		elif [ "${BASH_REMATCH[1]}" = '"' ]; then
			own_include "$file:$line" "$file" "${BASH_REMATCH[2]}"
		else
			foreign_include "$file:$line" "$file" "${BASH_REMATCH[2]}"
		fi
	done <<<"$include"
}

check_single_homes()
{
	local header most users

	while read -r header _ most; do
		if [ "${most:--}" = - ]; then
			continue
		fi
		users=$(c_files "${rooms[@]}" | xargs grep -lE \
		    "^[[:space:]]*#[[:space:]]*include[[:space:]]*<$header\.h>" || true)
		if [ "$(wc -w <<<"$users")" -gt "$most" ]; then
			fault "<$header> is included by more than one file: ${users//$'\n'/ }"
		fi
	done <<<"$homes"
}

# The objects of the rooms whose source is still there: "object source", both relative.
objects()
{
	local object source

	(cd "$build" && find . -path ./tests -prune -o -name '*.c.o' -print) | sort |
	    while read -r object; do
		source=${object#*CMakeFiles/*.dir/}
		source=${source%.o}
		case $object in
		./samples/*) source=samples/$source ;;
		esac
		if [ -f "$source" ]; then
			echo "$object $source"
		fi
	done
}

# Writable data of an object, less the flags that signal handlers set in app/main.c, and the
# guards of what a library wants done once.
check_state()
{
	local symbol allowed='once_flag'

	if [ "$2" = app/main.c ]; then
		allowed='(once_flag|volatile sig_atomic_t)'
	fi
	while read -r symbol; do
		symbol=${symbol%%.[0-9]*}
		if grep -qE "\b$allowed .*\b$symbol\b" "$2"; then
			continue
		fi
		fault "$2: $symbol is mutable static state"
	done < <(objdump -t "$1" | awk -F '\t' '
		{ n = split($1, left, " "); section = left[n]; split($2, right, " ") }
		section ~ /^\.data\.rel\.ro/ || right[2] ~ /^\./ { next }
		section ~ /^\.t?(data|bss)/ || section == "*COM*" { print right[2] }')
}

check_calls()
{
	local symbols files symbol

	while read -r symbols files; do
		if [ -z "$symbols" ] || [[ $2 =~ ^$files$ ]]; then
			continue
		fi
		while read -r symbol; do
			fault "$2: calls $symbol, which belongs to $files"
		done < <(objdump -t "$1" | awk '/\*UND\*/ { print $NF }' | grep -xE "$symbols")
	done <<<"$calls"
}

check_objects()
{
	local object source list

	list=$(objects)
	if [ -z "$list" ]; then
		fault "$build holds no objects: build first"
		return
	fi
	while read -r object source; do
		check_state "$build/$object" "$source"
		check_calls "$build/$object" "$source"
	done <<<"$list"
}

check_includes
check_single_homes
if [ -n "$build" ]; then
	check_objects
fi
if [ "$faults" -gt 0 ]; then
	echo "$faults faults"
	exit 1
fi
echo "$(c_files "${rooms[@]}" | wc -l) files keep to their rooms"

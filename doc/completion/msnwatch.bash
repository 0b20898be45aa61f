# shellcheck shell=bash
# Completion of msnwatch for bash.  Takes no package of helpers.

_msnwatch_options()
{
	case $1 in
	read)
		echo --json --filter --count -w --write --accounts --account-key --window \
		    --name --sinkhole --threads --exit-code -q --quiet -h --help
		;;
	live)
		echo -i --interface --ring --workers --window --name --sinkhole --sensor \
		    --sink --output --accounts --account-key --status-file \
		    --metrics-file -w --write --write-size --write-time --write-keep \
		    --enforce --protect --exempt --exempt-account --enforce-hours \
		    --time-zone --enforce-path --enforce-proxy --enforce-conversations \
		    --enforce-per-host --enforce-total --reset-interface --panic-file \
		    --user --no-sandbox --config --status -h --help
		;;
	check-config)
		echo --config -h --help
		;;
	esac
}

# One word a line.
_msnwatch_reply()
{
	local word

	COMPREPLY=()
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done
}

_msnwatch_interfaces()
{
	local folder

	for folder in /sys/class/net/*/; do
		folder=${folder%/}
		printf '%s\n' "${folder##*/}"
	done
}

# _msnwatch_value COMMAND OPTION WORD: false when the option takes no value.
_msnwatch_value()
{
	case $1$2 in
	live-i | live--interface | live--reset-interface)
		_msnwatch_reply < <(compgen -W "$(_msnwatch_interfaces)" -- "$3")
		;;
	*--accounts) _msnwatch_reply < <(compgen -W 'show hash hide' -- "$3") ;;
	*--sink) _msnwatch_reply < <(compgen -W 'file syslog' -- "$3") ;;
	*--enforce) _msnwatch_reply < <(compgen -W 'off dry-run reset' -- "$3") ;;
	*--enforce-path)
		_msnwatch_reply < <(compgen -W 'direct gateway connect socks' -- "$3")
		;;
	*--user) _msnwatch_reply < <(compgen -u -- "$3") ;;
	*-w | *--write | *--output | *--account-key | *-file | *--config)
		_msnwatch_reply < <(compgen -f -- "$3")
		;;
	*--filter | *--count | *--window | *--name | *--sinkhole | *--threads | *--ring | \
	    *--workers | *--sensor | *--write-size | *--write-time | *--write-keep | \
	    *--protect | *--exempt | *--exempt-account | *--enforce-hours | *--time-zone | \
	    *--enforce-per-host | *--enforce-total)
		COMPREPLY=()
		;;
	*) return 1 ;;
	esac
}

_msnwatch()
{
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
	local commands='read live check-config version help'

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		_msnwatch_reply < <(compgen -W "$commands --help --version" -- "$word")
		return
	fi
	if _msnwatch_value "$command" "${COMP_WORDS[COMP_CWORD - 1]}" "$word"; then
		return
	fi
	case $command$word in
	*-config-* | read-* | live-*)
		_msnwatch_reply < <(compgen -W "$(_msnwatch_options "$command")" -- "$word")
		;;
	help*) _msnwatch_reply < <(compgen -W "$commands" -- "$word") ;;
	read* | check-config*) _msnwatch_reply < <(compgen -f -- "$word") ;;
	esac
}

complete -o filenames -F _msnwatch msnwatch

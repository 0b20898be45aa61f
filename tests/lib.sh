# shellcheck shell=bash
# What the checking scripts share.  Sourced from the top of the project.

# shellcheck disable=SC2034 # used by those who source this
# The folders that hold the product; each is a room, and samples/ a small one of its own.
rooms=(app base capture detect enforce report samples)

# C files below the folders given (those that exist), one a line.
c_files()
{
	local folder

	for folder in "$@"; do
		if [ -d "$folder" ]; then
			find "$folder" -name '*.[ch]'
		fi
	done | sort
}

# Ends the script as skipped (ctest's SKIP_RETURN_CODE) when a tool is not installed.
need()
{
	local tool

	for tool in "$@"; do
		if ! command -v "$tool" >/dev/null; then
			echo "skipped: $tool is not installed"
			exit 77
		fi
	done
}

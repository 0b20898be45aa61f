# shellcheck shell=bash
# Installs missing Debian packages; sourced by quickstart.sh and check.sh.

# Names of those given that are not installed, on one line.
packages_missing()
{
	local name missing=()

	for name in "$@"; do
		if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
			missing+=("$name")
		fi
	done
	echo "${missing[*]}"
}

# Runs a command as root: directly, or through sudo, which asks only where it can be answered.
packages_as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	elif [ -t 0 ]; then
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

# packages_need PACKAGE...: afterwards they are installed, or the status says they are not.
packages_need()
{
	local missing

	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		echo "Not a Debian system: this needs what Debian calls $*"
		return 1
	fi
	missing=$(packages_missing "$@")
	if [ -z "$missing" ]; then
		return 0
	fi
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		echo "Not installed: $missing"
		echo "Neither root nor sudo here.  As root, run: apt-get install $missing"
		return 1
	fi
	echo "Installing: $missing"
	packages_as_root apt-get -q update >/dev/null ||
		echo "The package lists could not be refreshed; trying with those at hand." >&2
	# shellcheck disable=SC2086 # one word a package
	if ! packages_as_root apt-get -q -y -o DPkg::Lock::Timeout=120 \
	    install --no-install-recommends $missing >/dev/null; then
		echo "Could not install them.  As root, run: apt-get install $missing" >&2
		return 1
	fi
}

# packages_tools COMMAND...: names those that are not there; true when none is missing.
packages_tools()
{
	local tool status=0

	for tool in "$@"; do
		if ! command -v "$tool" >/dev/null; then
			echo "Missing: the command $tool"
			status=1
		fi
	done
	return "$status"
}

# packages_libraries NAME...: the same for libraries as pkg-config knows them.
packages_libraries()
{
	local library status=0

	packages_tools pkg-config || return 1
	for library in "$@"; do
		if ! pkg-config --exists "$library"; then
			echo "Missing: the library $library (with its headers)"
			status=1
		fi
	done
	return "$status"
}

# What building takes.  Where it cannot be installed but is there all the same, that will do.
packages_for_building()
{
	if packages_need gcc libc6-dev cmake make pkg-config libpcap-dev libjansson-dev \
	    zlib1g-dev libzstd-dev libgcrypt20-dev libinih-dev libcap-ng-dev \
	    libseccomp-dev; then
		return 0
	fi
	packages_tools cc cmake make || return 1
	packages_libraries libpcap jansson zlib libzstd libgcrypt inih libcap-ng libseccomp ||
		return 1
	echo "Going on with the compiler and libraries found."
}

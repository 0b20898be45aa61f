#!/usr/bin/env bash
# Installs what building and testing need, builds every variant and runs every test.
# The last lines are ctest's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/packages.sh

jobs=$(nproc)
fuzz_seconds=${MSNWATCH_FUZZ_SECONDS:-0} # 0: the corpus only, for chance has no place here

heading()
{
	printf '\n== %s (%d s)\n' "$1" "$SECONDS"
}

build()
{
	local log

	log=$(mktemp)
	if ! { cmake --preset "$1" && cmake --build --preset "$1" -j "$jobs" "${@:2}"; } \
	    >"$log" 2>&1; then
		cat "$log"
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}

run_tests()
{
	ctest --test-dir "$1" "${@:2}" --output-on-failure --no-tests=error -j "$jobs"
}

heading "Packages"
packages_for_building
if ! packages_need libcunit1-dev python3; then
	packages_libraries cunit || exit 1
	packages_tools python3 || exit 1
fi
if packages_need clang clang-format clang-tidy universal-ctags python3-jsonschema; then
	major=$(clang -dumpversion)
	packages_need "libclang-rt-${major%%.*}-dev" || echo "Going on without fuzzing."
else
	echo "Going on without: what needs them is reported as skipped."
fi

packages_need mandoc || echo "Going on: the manuals are not checked for their form."
packages_need iproute2 tcpreplay procps || echo "Going on: tests of live are skipped."
packages_need systemd adduser dpkg-dev file lintian logrotate util-linux ||
	echo "Going on: tests of the package are reported as skipped."

if [ "$(id -u)" -eq 0 ]; then
	packages_need iproute2 nftables dnsmasq-base tcpdump ||
		echo "Going on without: the tests between namespaces are reported as skipped."
	# Where systemd runs, installing squid would leave a proxy running.
	if [ ! -d /run/systemd/system ]; then
		packages_need squid || echo "Going on without the tests through a proxy."
	fi
fi

heading "Builds: release, passive, dev, asan"
for preset in release passive dev asan; do
	echo "$preset"
	build "$preset"
done

heading "Fuzz targets: their corpus, and $fuzz_seconds s each"
if command -v clang >/dev/null; then
	tests/fuzz/run.sh "$fuzz_seconds"
else
	echo "No clang here: the targets only replay their corpus, among the tests."
fi

heading "Tests of what has threads, under the thread sanitizer"
build tsan --target unit msnwatch samples enforce_scene
run_tests build-tsan -L threads

heading "Tests under the address and undefined behaviour sanitizers"
run_tests build-asan

heading "Tests and lint"
run_tests build-dev

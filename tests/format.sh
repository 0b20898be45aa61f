#!/usr/bin/env bash
# Every C file is as clang-format leaves it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib.sh
need clang-format

c_files "${rooms[@]}" tests | xargs clang-format --dry-run -Werror

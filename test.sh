#!/usr/bin/env bash
# Every test suite, or the ones named: ./test.sh [SUITE...]. SANITIZE=1: under ASan and UBSan.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. build-aux/common.sh

need_packages build run test
dir=build options=() multiplier=1
if [ -n "${SANITIZE:-}" ]; then
  dir=build-asan multiplier=5 options=(-Db_sanitize=address,undefined -Db_lundef=false)
  # GTK, fontconfig and GIO keep caches for the life of the process; the suppressions name them.
  export ASAN_OPTIONS=abort_on_error=0:detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
  export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0 XH_SANITIZED=1
fi
build_tree "$dir" "${options[@]}"
chinese_locale "$PWD/$dir"


suites=()
for suite in "$@"; do suites+=(--suite "$suite"); done
rm -f "$dir"/meson-logs/testlog*
status=0
own_session xvfb-run -a -s '-screen 0 1280x800x24 -noreset' \
  meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier "$multiplier" "${suites[@]}" || status=$?
grep -ohE '[0-9]+ histories, [0-9]+ violations' "$dir"/meson-logs/testlog*.txt 2>/dev/null | sort -u || true
/usr/bin/python3 build-aux/count-tests.py "$dir/meson-logs" "$status"

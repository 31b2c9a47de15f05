#!/usr/bin/env bash
# Measures the budgets: ./bench.sh [NAME...] prints one JSON line a figure, each with the floor of the same run.
# Names: score search list-open list-memory list-sort form-edit put sync (pull, push, push-2000, delta-pull) my-work list-mixed form-open first-sync-100k first-sync-1m sync-read-latency sync-memory window-start.
# Data of a million households is made once in build-bench/county. BENCH_HOUSEHOLDS=26500 tries sync-read-latency with fewer.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. build-aux/common.sh

need_packages build run bench test
build_tree build-bench -Dbuildtype=release -Dbench=true
chinese_locale "$PWD/build-bench"
export BENCH_DATA=$PWD/build-bench/county XH_CATALOG=$PWD/data/catalog XH_SERVER=$PWD/build-bench/root/bin/xinheng-server
mkdir -p "$BENCH_DATA"

wanted() { local name=$1; shift; [ $# -eq 0 ] && return 0; local w; for w; do [ "$w" = "$name" ] && return 0; done; return 1; }

for name in score search list-open list-memory list-sort form-edit put sync my-work list-mixed form-open \
            first-sync-100k first-sync-1m sync-read-latency sync-memory; do
  if wanted "$name" "$@"; then build-bench/tests/bench/xh-bench "$name"; fi
done

if wanted window-start "$@"; then
  own_session xvfb-run -a -s '-screen 0 1280x800x24 -noreset' /usr/bin/python3 tests/bench/window-start.py \
    build-bench/tests/bench/window-start build-bench/root
fi

#!/usr/bin/env bash
# Xinheng with its demo county: builds, starts the server on loopback and opens the client.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
. build-aux/common.sh

usage() {
  cat <<'END'
./run.sh [--data DIR] [--households N] [--port N]    打开演示县 / open the demo county
./run.sh --check                                     无显示器自检主流程 / the main job by itself, no display needed
END
}

data=${XDG_DATA_HOME:-$HOME/.local/share}/xinheng-demo households=20000 port=0 check=
while [ $# -gt 0 ]; do
  case "$1" in
    --data|--households|--port) [ $# -gt 1 ] || { usage >&2; exit 2; }
      case "$1" in --data) data=$(realpath -m "$2") ;; --households) households=$2 ;; --port) port=$2 ;; esac; shift 2 ;;
    --check) check=1; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[[ $households =~ ^[1-9][0-9]*$ && $port =~ ^[0-9]+$ ]] || { usage >&2; exit 2; }

if [ -n "$check" ]; then
  need_packages build run test
  build_tree build
  chinese_locale "$PWD/build"
  rm -rf build/check
  for name in attachments new-register live conflict tray repair sticks work subject tools print every-kind; do
    own_session /usr/bin/python3 "tests/ui/$name.py" --root "$PWD/build/root" --out "$PWD/build/check/$name"
  done
  own_session /usr/bin/python3 tests/ui/check.py --root "$PWD/build/root" --out "$PWD/build/check"
  exit
fi

need_packages build run
[ -x build/root/bin/xinheng ] || say "正在编译，第一次要几分钟… / building, some minutes the first time"
build_tree build
[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || { say "没有图形桌面；自检请用 ./run.sh --check / no display; try ./run.sh --check"; exit 1; }
chinese_locale "$PWD/build"
server=$PWD/build/root/bin/xinheng-server

if [ ! -f "$data/server/ready" ]; then
  say "正在生成演示县（$households 户）…"
  rm -rf "$data/server.new"
  "$server" demo --data "$data/server.new" --households "$households"
  touch "$data/server.new/ready"
  rm -rf "$data/server" && mv "$data/server.new" "$data/server"
fi

rm -f "$data/port"
"$server" serve --data "$data/server" --port "$port" --port-file "$data/port" &
pid=$!
stop() { trap - EXIT INT TERM; kill -TERM "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
trap stop EXIT
trap 'stop; exit 0' INT TERM
until [ -s "$data/port" ]; do kill -0 "$pid" 2>/dev/null || { say "服务没有启动 / the server did not start"; exit 1; }; read -rt 0.05 <> <(:) || true; done

[ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] && session=() || session=(dbus-run-session --)
XINHENG_DEMO=1 XDG_DATA_DIRS="$PWD/build/root/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}" \
  "${session[@]}" "$PWD/build/root/bin/xinheng" --server "http://127.0.0.1:$(cat "$data/port")" --data "$data/client" || true

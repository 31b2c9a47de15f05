# Shared by run.sh, test.sh and bench.sh: packages, build, Chinese locale. Source it from the project's top folder.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# need_packages GROUP...: installs the Debian packages of these groups that are missing.
need_packages() {
  local missing=() name group wanted=" $* "
  while read -r group name; do
    case "$group" in ''|'#'*) continue ;; esac
    case "$wanted" in *" $group "*) ;; *) continue ;; esac
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done < build-aux/packages.txt
  [ ${#missing[@]} -eq 0 ] && return 0
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "需要 root 或 sudo 来安装 / root or sudo is needed to install: ${missing[*]}"; return 1; }
    root=(sudo)
  fi
  say "安装 / installing: ${missing[*]}"
  "${root[@]}" apt-get update -qq >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"${TMPDIR:-/tmp}/xinheng-apt.$$.log" 2>&1 \
    || { cat "${TMPDIR:-/tmp}/xinheng-apt.$$.log" >&2; return 1; }
  rm -f "${TMPDIR:-/tmp}/xinheng-apt.$$.log"
}

# build_tree DIR [meson options...]: configures once, compiles, and installs into DIR/root, from where everything runs.
build_tree() {
  local dir=$1; shift
  if [ "$(cat "$dir/.options" 2>/dev/null)" != "$PWD $*" ]; then
    mkdir -p "$dir"
    local again=()
    [ -f "$dir/build.ninja" ] && again=(--reconfigure)
    meson setup "${again[@]}" "$dir" --prefix="$PWD/$dir/root" "$@" >"$dir/setup.log" 2>&1 || { cat "$dir/setup.log" >&2; return 1; }
    printf '%s' "$PWD $*" >"$dir/.options"
  fi
  meson compile -C "$dir" >"$dir/compile.log" 2>&1 || { tail -n 60 "$dir/compile.log" >&2; return 1; }
  meson install -C "$dir" --only-changed --no-rebuild >"$dir/install.log" 2>&1 || { tail -n 20 "$dir/install.log" >&2; return 1; }
}

# chinese_locale DIR: makes zh_CN.UTF-8 usable, in a folder of our own where the system has none.
chinese_locale() {
  if ! locale -a 2>/dev/null | grep -qiE '^zh_CN\.utf-?8$'; then
    [ -d "$1/locale/zh_CN.UTF-8" ] || { mkdir -p "$1/locale"; localedef -i zh_CN -f UTF-8 "$1/locale/zh_CN.UTF-8" >/dev/null 2>&1 || true; }
    export LOCPATH=$1/locale
  fi
  unset LC_ALL LC_MESSAGES
  { export LANG=zh_CN.UTF-8 LANGUAGE=zh_CN; } 2>/dev/null # the shell itself may not find it
}

# own_session COMMAND...: runs it on a session bus of its own, with a runtime folder of its own: the accessibility bus keeps its
# socket there, and two runs at the same time must not take it from each other.
own_session() {
  local folder status=0
  folder=$(mktemp -d)
  XDG_RUNTIME_DIR=$folder dbus-run-session -- "$@" || status=$?
  rm -rf "$folder"
  return "$status"
}

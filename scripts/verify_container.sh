#!/usr/bin/env bash
# Builds the image and runs it, on a machine without a Docker engine and without a registry: Debian, as root.
#   bash scripts/verify_container.sh
# The base image is made by debootstrap. It is built and kept in /var/tmp/carquery-verify, so that the second time is
# fast; CARQUERY_VERIFY names another folder. What could not be tried is listed at the end. Exit 1: something that
# could be tried failed.
set -euo pipefail
cd "$(dirname "$0")/.."

kept="${CARQUERY_VERIFY:-/var/tmp/carquery-verify}"
image=localhost/carquery:verify
base=localhost/carquery-base:verify
token=123456:TEST # of the Telegram emulator, which is mounted: the image has none
telegram_port=18085
health_port=18080
nginx_port=18443
declare -a failed=() untried=()

say() { printf '%s\n' "$*"; }
untried() { untried+=("$1: $2"); say "not tried  $1: $2"; }
part() { # part NAME COMMAND…: sets `passed`; what the command prints is shown if it fails
    local name="$1" code=0
    shift
    # In a process of its own, and in no condition: in one, bash would go on after a command that fails.
    set +e
    (set -e; "$@") >"$scratch/output" 2>&1
    code=$?
    set -e
    if [ $code = 0 ]; then
        passed=true
        say "ok         $name"
    else
        passed=false
        failed+=("$name")
        say "FAILED     $name"
        tail -n 20 "$scratch/output" | sed 's/^/           /'
    fi
}
engine() { command "$1" --root "$kept/store" --runroot "$kept/run" --storage-driver vfs "${@:2}"; }

finish() {
    local name
    for name in telegram bot alone; do
        engine podman "${podman_options[@]}" rm --force --time 0 "carquery-verify-$name" >/dev/null 2>&1 || true
    done
    engine podman "${podman_options[@]}" volume rm --force carquery-verify >/dev/null 2>&1 || true
    engine buildah rmi --prune >/dev/null 2>&1 || true # of builds before
    rm -rf "$scratch"
}
scratch="$(mktemp -d)"
# Secrets lie there that processes with other numbers read.
chmod 755 "$scratch"
podman_options=(--cgroup-manager cgroupfs)
trap finish EXIT

# --- what is needed -----------------------------------------------------------------------------------------------
install_tools() {
    local missing=()
    command -v buildah >/dev/null || missing+=(buildah)
    command -v podman >/dev/null || missing+=(podman)
    command -v runc >/dev/null || missing+=(runc)
    command -v debootstrap >/dev/null || missing+=(debootstrap)
    command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
    command -v nginx >/dev/null || missing+=(nginx-light)
    command -v openssl >/dev/null || missing+=(openssl)
    [ ${#missing[@]} = 0 ] && return
    apt-get update -qq
    # The nginx of this script is its own: the package must start no other.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# --- the compose files --------------------------------------------------------------------------------------------
compose() { if docker compose version >/dev/null 2>&1; then docker compose "$@"; else docker-compose "$@"; fi; }
compose_files_are_valid() {
    # In a folder of their own, with the secrets that they name.
    cp -r docker-compose.yml docker-compose.scale.yml deploy "$scratch/"
    cp .env.example "$scratch/.env"
    sh scripts/make_secrets.sh "$scratch/secrets"
    (
        cd "$scratch"
        compose -f docker-compose.yml config -q
        compose -f docker-compose.yml -f docker-compose.scale.yml config -q
        for secret in $(sed -n 's|^    file: ||p' docker-compose.yml docker-compose.scale.yml); do
            [ -f "$secret" ] || { say "scripts/make_secrets.sh makes no $secret"; exit 1; }
        done
    )
}

# --- the image ----------------------------------------------------------------------------------------------------
make_base() {
    engine buildah inspect --type image "$base" >/dev/null 2>&1 && return
    mkdir -p "$kept"
    rm -rf "$kept/root"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates,tzdata \
        "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$kept/root"
    chroot "$kept/root" python3 -c 'import sys; sys.exit(f"Python {sys.version}, but 3.11 is needed" if sys.version_info < (3, 11) else 0)'
    # pip in the build trusts whom this machine trusts: there may be a proxy that opens TLS.
    cp /etc/ssl/certs/ca-certificates.crt "$kept/root/etc/ssl/certs/ca-certificates.crt"
    local container
    container="$(engine buildah from scratch)"
    engine buildah add --quiet "$container" "$kept/root"
    engine buildah config --env PIP_CERT=/etc/ssl/certs/ca-certificates.crt --cmd python3 "$container"
    engine buildah commit --quiet "$container" "$base"
    engine buildah rm "$container"
    rm -rf "$kept/root"
}
build() {
    # Docker's format: the OCI's knows no HEALTHCHECK.
    engine buildah build --isolation chroot --network host --format docker --build-arg "BASE_IMAGE=$base" --tag "$image" .
}
configuration_is_as_promised() {
    engine buildah inspect --type image "$image" | python3 -c '
import json, sys
config = json.load(sys.stdin)["Docker"]["config"]
assert config["User"] == "10001:10001", config["User"]
assert config["Entrypoint"] == ["carquery"] and config["Cmd"] == ["bot"], config
assert config["StopSignal"] == "SIGTERM", config.get("StopSignal")
assert config["Healthcheck"]["Test"][0] == "CMD", config["Healthcheck"]
assert "/data" in config["Volumes"], config["Volumes"]
for label in ("title", "description", "licenses", "version", "revision"):
    assert config["Labels"].get(f"org.opencontainers.image.{label}"), label
'
}

# --- running it ---------------------------------------------------------------------------------------------------
# As docker-compose.yml does. Limits: those of podman may be above what this machine allows.
locked_down=(--network host --no-healthcheck --ulimit nofile=1024:1024 --ulimit nproc=1024:1024
    --read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges --pids-limit 128 --memory 512m)
run() { engine podman "${podman_options[@]}" run "${locked_down[@]}" "$@"; }
podman() { engine podman "${podman_options[@]}" "$@"; }
can_run() {
    local runtime
    for runtime in crun runc; do
        command -v $runtime >/dev/null || continue
        podman_options=(--cgroup-manager cgroupfs --runtime "$runtime")
        reason="$(run --rm --entrypoint true "$image" 2>&1)" && return
    done
    return 1
}
help_is_shown() { run --rm "$image" --help | grep -q worker; }
holds_no_tools() {
    run --rm --entrypoint python "$image" -c '
import importlib.util, os, shutil, zoneinfo
from pathlib import Path
assert (os.getuid(), os.getgid()) == (10001, 10001), os.getuid()
found = [tool for tool in ("gcc", "cc", "make", "git", "pip") if shutil.which(tool)]
found += [module for module in ("pip", "setuptools", "carquery_emulators") if importlib.util.find_spec(module)]
assert not found, found
zoneinfo.ZoneInfo("Europe/Moscow")
caps = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(("CapEff", "CapBnd"))]
assert set(caps) == {"0" * 16}, caps
for folder, writable in (("/", False), ("/opt/carquery", False), ("/tmp", True), ("/data", True)):
    try:
        (Path(folder) / "probe").write_text("x")
        (Path(folder) / "probe").unlink()
    except OSError:
        assert not writable, f"{folder} is read-only"
    else:
        assert writable, f"{folder} is writable"
'
}
wrong_token_is_explained() {
    local code=0 output
    output="$(run --rm --env TELEGRAM_BOT_TOKEN=nonsense "$image" bot 2>&1)" || code=$?
    say "exit $code: $output"
    [ "$code" = 2 ]
    grep 'TELEGRAM_BOT_TOKEN: not a bot token; expected' <<<"$output"
    if grep nonsense <<<"$output"; then return 1; fi
}
wait_for() { # wait_for SECONDS COMMAND…
    local until=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || { say "not within the time: $*"; return 1; }
        sleep 0.2
    done
}
answers() { python3 - "$@" <<'PYTHON'
import http.client, sys
there = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
there.request("GET", sys.argv[2])
answer = there.getresponse()
print(answer.status, answer.read().decode())
sys.exit(answer.status != 200)
PYTHON
}
start() { # start NAME OPTIONS… IMAGE ARGUMENTS…
    run --detach --name "$1" "${@:2}" >/dev/null
}
ends_well() { # ends_well NAME: SIGTERM, and exit 0 well before it would be killed
    podman stop --time 30 "$1" >/dev/null
    [ "$(podman inspect --format '{{.State.ExitCode}}' "$1")" = 0 ] || { podman logs "$1"; return 1; }
}
settings_of_bot() {
    printf '%s' "$token" >"$scratch/token"
    printf 'sqlite:////data/carquery.db' >"$scratch/database_url"
    : >"$scratch/openai_api_key"
    # Read as docker-compose.yml lets it be read: as the working directory's .env.
    sed -e "s|^TELEGRAM_API_BASE=.*|TELEGRAM_API_BASE=http://127.0.0.1:$1  # the emulator|" \
        -e "s|^HEALTH_CHECK_PORT=.*|HEALTH_CHECK_PORT=$health_port|" .env.example >"$scratch/settings"
    bot_options=(--env TELEGRAM_BOT_TOKEN_FILE=/run/secrets/token --env DATABASE_URL_FILE=/run/secrets/database_url
        --env OPENAI_API_KEY_FILE=/run/secrets/openai_api_key
        --env "HEALTH_CHECK_PORT=$health_port" --volume carquery-verify:/data
        --volume "$scratch/settings:/data/.env:ro" --volume "$scratch/token:/run/secrets/token:ro"
        --volume "$scratch/database_url:/run/secrets/database_url:ro"
        --volume "$scratch/openai_api_key:/run/secrets/openai_api_key:ro")
}
bot_works_and_drains() {
    settings_of_bot "$telegram_port"
    cp -r emulators/src "$scratch/emulators" # where whoever runs the image may read it
    start carquery-verify-telegram --volume "$scratch/emulators:/emulators:ro" --env PYTHONPATH=/emulators \
        --entrypoint python "$image" -m carquery_emulators telegram --port "$telegram_port" --token "$token"
    wait_for 30 answers "$telegram_port" "/bot$token/getMe"
    run --rm "${bot_options[@]}" "$image" db upgrade
    start carquery-verify-bot "${bot_options[@]}" "$image"
    wait_for 60 answers "$health_port" /ready || { podman logs carquery-verify-bot; return 1; }
    answers "$health_port" /ready
    # The HEALTHCHECK of the image, as an engine would run it.
    engine buildah inspect --type image "$image" | python3 -c '
import json, sys
print("\0".join(json.load(sys.stdin)["Docker"]["config"]["Healthcheck"]["Test"][1:]), end="\0")' >"$scratch/healthcheck"
    mapfile -d '' -t check <"$scratch/healthcheck"
    podman exec carquery-verify-bot "${check[@]}"
    ends_well carquery-verify-bot
    podman logs carquery-verify-bot >"$scratch/logs" 2>&1
    grep bot_stopped "$scratch/logs"
    if grep -F "$token" "$scratch/logs"; then return 1; fi
}
bot_lives_without_telegram() {
    settings_of_bot 9 # the port of nobody
    start carquery-verify-alone "${bot_options[@]}" "$image"
    wait_for 60 answers "$health_port" /health || { podman logs carquery-verify-alone; return 1; }
    ends_well carquery-verify-alone
}

# --- the load balancer --------------------------------------------------------------------------------------------
replicas() { # three replicas at 127.0.0.2 … 4, of which the first is gone and the second has its hands full; and their DNS
    exec python3 - <<'PYTHON'
import http.server, socket, socketserver, struct, threading

class Replica(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        busy = self.server.server_address[0] == "127.0.0.3"
        answer = b"" if busy else body
        self.send_response(503 if busy else 200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *_): pass

for host in ("127.0.0.3", "127.0.0.4"):
    threading.Thread(target=http.server.ThreadingHTTPServer((host, 8081), Replica).serve_forever, daemon=True).start()
names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
names.bind(("127.0.0.1", 18053))
while True:
    asked, whom = names.recvfrom(512)
    addresses = [b"\xc0\x0c\0\x01\0\x01\0\0\0\x02\0\x04" + bytes((127, 0, 0, last)) for last in (2, 3, 4)]
    names.sendto(asked[:2] + b"\x81\x80" + struct.pack(">4H", 1, 3, 0, 0) + asked[12:] + b"".join(addresses), whom)
PYTHON
}
load_balancer_finds_a_replica() {
    local tls="$scratch/secrets/tls" conf="$scratch/nginx.conf"
    mkdir -p "$tls"
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout "$tls/privkey.pem" -out "$tls/fullchain.pem" 2>/dev/null
    mkdir -p "$scratch/tmp"
    sed -e "s|/tmp/|$scratch/tmp/|" -e "s|127.0.0.11 |127.0.0.1:18053 |" -e "s|/etc/nginx/tls|$tls|" \
        -e "s|/dev/std[a-z]*|$scratch/nginx.log|" -e "s|listen 8443|listen 127.0.0.1:$nginx_port|" deploy/nginx.conf >"$conf"
    nginx -q -t -c "$conf"
    replicas &
    local children=$!
    nginx -c "$conf" -g 'daemon off;' &
    children="$children $!"
    # shellcheck disable=SC2064,SC2086 # these children
    trap "kill $children" EXIT
    wait_for 10 answers 8082 /
    python3 - "$nginx_port" <<'PYTHON' || { tail -n 5 "$scratch/nginx.log"; return 1; }
import http.client, ssl, sys
there = http.client.HTTPSConnection("127.0.0.1", int(sys.argv[1]), timeout=20, context=ssl._create_unverified_context())
for number in range(30):
    there.request("POST", "/telegram", body=f'{{"update_id": {number}}}')
    answer = there.getresponse()
    body = answer.read()
    assert (answer.status, body) == (200, f'{{"update_id": {number}}}'.encode()), (number, answer.status, body)
there.request("GET", "/telegram")
answer = there.getresponse()
answer.read()
assert answer.status == 403, answer.status
PYTHON
}

# --- one after the other ------------------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    part "the tools are there" install_tools
fi
if docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null; then
    part "the compose files are valid, and their secrets can be made" compose_files_are_valid
else
    untried "the compose files" "there is no docker-compose"
fi
built=false
if [ "$(id -u)" = 0 ] && command -v buildah >/dev/null && command -v debootstrap >/dev/null; then
    part "a base image by debootstrap" make_base
    if $passed; then
        part "the image is built, dependencies by their hashes" build
        built=$passed
    fi
    if $built; then part "user, entry point, signal, health check, labels" configuration_is_as_promised; fi
else
    untried "the image" "needs root, buildah and debootstrap"
fi
if ! $built; then
    untried "running the image" "it was not built"
elif ! can_run; then
    untried "running the image" "podman can't run containers here: $(tail -n 1 <<<"$reason")"
else
    part "it runs: carquery --help" help_is_shown
    part "not root, no capability, no build tools, no emulators, read-only but /tmp and /data" holds_no_tools
    part "a wrong token is explained, exit 2" wrong_token_is_explained
    part "the bot beside a Telegram emulator: secrets from files, ready, healthy, SIGTERM drains, exit 0" bot_works_and_drains
    part "the bot while Telegram is away: healthy, SIGTERM ends it, exit 0" bot_lives_without_telegram
fi
if command -v nginx >/dev/null && command -v openssl >/dev/null; then
    part "the load balancer passes over replicas that are gone or full" load_balancer_finds_a_replica
else
    untried "the load balancer" "needs nginx and openssl"
fi
untried "bringing the compose files up" "needs a registry with postgres, redis and nginx, and an engine with networks"
untried "python:3.12-slim as the base" "needs a registry; the base was Debian's Python"

say
say "${#failed[@]} failed, ${#untried[@]} could not be tried here"
[ ${#failed[@]} = 0 ]

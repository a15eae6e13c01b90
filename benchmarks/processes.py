"""Programs that are measured: started, looked at in /proc, and killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from benchmarks.usage import cpu_seconds

ROOT: Final = Path(__file__).parents[1]
CARQUERY: Final = str(Path(sys.executable).with_name("carquery"))
PEERS: Final = ROOT / ".venv" / "peers" / "bin" / "python"
"""Has the libraries that only peers need; `make bench` makes it."""

LONGEST_START_SECONDS: Final = 120.0


class Served(Protocol):
    """A messenger on loopback that a bot is started for."""

    polled: asyncio.Event

    @property
    def settings(self) -> Mapping[str, str]:
        """By which a bot finds it."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """A bot that can be started."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Process:
    """One that runs."""

    pid: int
    log: Path

    def cpu_seconds(self) -> float:
        """User and system time since it started, of all its threads."""
        return cpu_seconds(self.pid)

    def megabytes(self) -> float:
        """Resident."""
        rows = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS:")) / 1024


def carquery(api: Served, folder: Path, *, name: str = "CarQuery", **settings: str) -> Program:
    """`carquery bot` with those settings; without any, the embedded default."""
    usual = {
        "DATABASE_URL": f"sqlite:///{folder}/carquery.db",
        "HEALTH_CHECK_PORT": "0",
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",
    }
    return Program(name, (CARQUERY, "bot"), _environment(api, usual | settings))


def peer(api: Served, name: str, module: str, *, python: str = sys.executable, **settings: str) -> Program:
    """A bot of `benchmarks/peers/`."""
    return Program(name, (python, str(ROOT / "benchmarks" / "peers" / f"{module}.py")), _environment(api, settings))


@asynccontextmanager
async def running(program: Program, folder: Path) -> AsyncIterator[Process]:
    """Run it, with what it says in a file, until the block ends; how it stops is not measured."""
    log = folder / f"{program.name.replace(' ', '-').replace('/', '-')}.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *program.command, env=dict(program.environment), cwd=folder, stdout=output, stderr=output
        )
    try:
        yield Process(process.pid, log)
    except Exception as failure:
        failure.add_note(f"{program.name} complained:\n{_complaints(log)}")
        raise
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def asked_for_updates(api: Served) -> None:
    """Wait until the bot is there. Raises TimeoutError."""
    async with asyncio.timeout(LONGEST_START_SECONDS):
        await api.polled.wait()


def _complaints(log: Path) -> str:
    """The last lines of its log that are more than a record of what was done."""
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if '"level": "info"' not in line]
    return "\n".join(lines[-20:])


def _environment(api: Served, settings: Mapping[str, str]) -> dict[str, str]:
    """Nothing of this machine's but the path: a PYTHONDONTWRITEBYTECODE would have everything compiled each time."""
    return {"PATH": os.environ["PATH"], **api.settings, **settings}

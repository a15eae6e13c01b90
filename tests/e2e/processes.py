"""`carquery …` as a process, against the Telegram emulator."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.telegram import TelegramEmulator
from tests import warm_processes
from tests.e2e.admin_chat import ADMIN_CHAT
from tests.entrypoints.command_line import CARQUERY
from tests.patience import waiting_for
from tests.warm_processes import AnyProcess


def environment(telegram: TelegramEmulator | None, folder: Path, **more: str) -> dict[str, str]:
    """Nothing from this machine's environment but what a process needs to run."""
    messenger = {}
    if telegram is not None:
        messenger = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.base_url}
    return {
        "PATH": os.environ["PATH"],
        **messenger,
        "DATABASE_URL": f"sqlite:///{folder}/carquery.db",
        "AMOCRM_MOCK_MODE": "true",
        "LOG_FORMAT": "json",
        "HEALTH_CHECK_PORT": "0",
        **more,
    }


@asynccontextmanager
async def a_process(
    *arguments: str, env: dict[str, str], folder: Path, is_fresh: bool = False
) -> AsyncIterator[AnyProcess]:
    """`carquery …`, killed on leaving if it still runs. `is_fresh`: not a warm one, it imports all by itself."""
    start = asyncio.create_subprocess_exec if is_fresh else warm_processes.start
    process = await start(CARQUERY, *arguments, env=env, cwd=folder, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(*arguments: str, env: dict[str, str], folder: Path, is_fresh: bool = False) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    async with a_process(*arguments, env=env, folder=folder, is_fresh=is_fresh) as process:
        async with waiting_for(f"`carquery {' '.join(arguments)}` to end"):
            out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()


async def terminated(process: AnyProcess) -> tuple[int, str]:
    """Exit code and log after SIGTERM."""
    process.send_signal(signal.SIGTERM)
    async with waiting_for("the process to end after SIGTERM"):
        _, err = await process.communicate()
    return process.returncode or 0, err.decode()


async def logged(process: AnyProcess, event: str) -> list[str]:
    """The lines of its log until that event, which they end with."""
    assert process.stderr is not None
    lines: list[str] = []
    async with waiting_for(f"{event} in the log", instead=lambda: "".join(lines[-20:])):
        while not lines or f'"{event}"' not in lines[-1]:
            line = await process.stderr.readline()
            assert line, f"the process ended before {event}:\n{''.join(lines)}"
            lines.append(line.decode())
    return lines


async def started(telegram: TelegramEmulator) -> None:
    """The bot has registered its commands."""
    await telegram.wait_for(lambda: bool(telegram.calls_of("setMyCommands")))


def environment_with(telegram: TelegramEmulator, amocrm: AmoCrmEmulator, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a bot that delivers to that amoCRM."""
    group = telegram.group(ADMIN_CHAT)
    given = {
        "AMOCRM_MOCK_MODE": "false",
        "AMOCRM_BASE_URL": amocrm.base_url,
        "AMOCRM_LONG_LIVED_TOKEN": amocrm.long_lived_token(),
        "ADMIN_CHAT_ID": str(group.id),
    }
    return environment(telegram, folder, **given | more)

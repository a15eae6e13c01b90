"""`carquery play`: the real bot against a Telegram on this machine, and a page to be its customer."""

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from dishka import AsyncContainer

from carquery.adapters.memory.crm import MemoryCrm
from carquery.application.ports.leads import Leads
from carquery.emulators.telegram import TelegramEmulator, control_routes
from carquery.emulators.telegram.server import UPLOAD_LIMIT
from carquery.entrypoints.bot import serve
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.playground.board import StoredLeads
from carquery.entrypoints.playground.page import add_page
from carquery.entrypoints.settings import BotSettings, read_settings

TOKEN = "1000001:PLAYGROUND"  # noqa: S105  # known to the emulator alone
CUSTOMERS = (
    ("Анна", "Смирнова", "+79161234567"),
    ("Борис", None, "+79035550101"),
    ("Гульнара", "Ахметова", "+79272223344"),
)


async def play(*, port: int, folder: Path, open_browser: bool, tell: Callable[[str], None]) -> None:
    """Serve the page until SIGTERM or SIGINT.

    Args:
        port: of the page; 0: a free one.
        folder: where the database stands; an earlier one is gone on with.
        tell: says where the page is.

    Raises:
        OSError: the port is taken.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with playground(folder, port=port) as (address, container):
        tell(f"CarQuery plays at {address} (database: {folder / 'carquery.db'}). Ctrl+C stops it.")
        if open_browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, address)
        await serve(container, stop)


@asynccontextmanager
async def playground(folder: Path, *, port: int) -> AsyncIterator[tuple[str, AsyncContainer]]:
    """The page's address, and the container of a bot that is yet to be started. Raises OSError: the port is taken."""
    async with _telegram(folder) as (container, telegram), _page(container, telegram, port) as address:
        yield address, container


@asynccontextmanager
async def _telegram(folder: Path) -> AsyncIterator[tuple[AsyncContainer, TelegramEmulator]]:
    """The bot's container and the Telegram it speaks to, with a few customers in it."""
    async with TelegramEmulator(TOKEN) as telegram:
        for first_name, last_name, phone in CUSTOMERS:
            telegram.customer(telegram.next_customer_id(), first_name, last_name, phone=phone)
        settings = read_settings(
            BotSettings,
            telegram_bot_token=TOKEN,
            telegram_api_base=telegram.base_url,
            telegram_proxy=None,
            admin_chat_id=None,
            bot_mode="polling",
            database_url=f"sqlite:///{folder / 'carquery.db'}",
            redis_url=None,
            amocrm_mock_mode=True,
        )
        container = make_bot_container(settings)
        try:
            yield container, telegram
        finally:
            await container.close()


@asynccontextmanager
async def _page(container: AsyncContainer, telegram: TelegramEmulator, port: int) -> AsyncIterator[str]:
    app = web.Application(client_max_size=UPLOAD_LIMIT)
    board = StoredLeads(await container.get(Leads), await container.get(MemoryCrm))
    add_page(app, board, control=control_routes(telegram))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await telegram.close()  # ends the event streams that the page holds open
        await runner.cleanup()


def _has_screen() -> bool:
    """Without one, a text browser would take the terminal."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

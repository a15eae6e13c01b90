"""`carquery play`: the real bot against messengers and an amoCRM on this machine, and a page to be its customer."""

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.amocrm.ports import CrmGate, CrmTokens
from carquery.adapters.system.clock import SystemClock
from carquery.application.follow_up.remind_customers import RemindCustomers
from carquery.application.follow_up.send_unfinished import SendUnfinished
from carquery.application.free_text.read_message import ClosedModels
from carquery.application.ports.alerts import AlertBell
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Bell, Clock
from carquery.application.ports.leads import Leads
from carquery.application.ports.visits import Visits
from carquery.entrypoints.container import make_bot_container
from carquery.entrypoints.playground.chats import EmulatedChats
from carquery.entrypoints.playground.crm_account import furnish, leave_numbers_out, open_account
from carquery.entrypoints.playground.emulated_openai import LARGE_MODEL, SMALL_MODEL, open_openai
from carquery.entrypoints.playground.free_text_monitor import FreeTextMonitor
from carquery.entrypoints.playground.hurry import BACKOFF, HurryProvider
from carquery.entrypoints.playground.lead_board import StoredLeadBoard
from carquery.entrypoints.playground.moved_clock import MovedClock
from carquery.entrypoints.playground.page import add_page
from carquery.entrypoints.playground.salon import Salon, SalonChat
from carquery.entrypoints.playground.told_stories import ToldStories
from carquery.entrypoints.playground.watched_free_text import WatchedFreeText
from carquery.entrypoints.processes.bot import serve
from carquery.entrypoints.processes.running import prepare_database
from carquery.entrypoints.report_page.routes import ReportPage
from carquery.entrypoints.report_page.serving import report_page
from carquery.entrypoints.settings.reading import read_settings
from carquery.entrypoints.settings.settings import BotSettings
from carquery.entrypoints.stories.recording import Recorder
from carquery_emulators.amocrm import AmoCrmEmulator
from carquery_emulators.amocrm import control_routes as amocrm_routes
from carquery_emulators.max import MaxEmulator
from carquery_emulators.max import control_routes as max_routes
from carquery_emulators.openai import OpenAiEmulator
from carquery_emulators.telegram import UPLOAD_LIMIT, TelegramEmulator, control_routes

TOKEN = "1000001:PLAYGROUND"  # noqa: S105  # known to the emulator alone
MAX_TOKEN = "playground-of-carquery"  # noqa: S105  # likewise
DAILY_BUDGET = 1000
"""US dollars that nobody is paid."""
DEALERSHIP: Final = Path(__file__).with_name("dealership.toml")
"""Made up."""
REPORT_REFRESH_SECONDS: Final = 5
"""So often its page shows what has happened; what customers do is counted as often."""
MOST_LEADS = 10_000
"""How many leads of earlier runs are looked at."""


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
async def playground(
    folder: Path, *, port: int, clock: MovedClock | None = None
) -> AsyncIterator[tuple[str, AsyncContainer]]:
    """The page's address, and the container of a bot that is yet to be started. Raises OSError: the port is taken.

    Args:
        clock: None: this machine's, until somebody moves it.
    """
    moved = clock or MovedClock(SystemClock())
    telegram = TelegramEmulator(TOKEN, username="carquery_bot", name="CarQuery")
    max_ = MaxEmulator(MAX_TOKEN, username="carquery_bot", name="CarQuery")
    chats = EmulatedChats(telegram, max_)
    async with telegram, max_, open_account(moved.seconds) as amocrm, open_openai() as openai:
        chats.move_in()
        monitor, chat = FreeTextMonitor(openai), SalonChat.of(telegram)
        container = make_bot_container(
            _settings(folder, chats, amocrm, openai, chat), HurryProvider(moved), WatchedFreeText(monitor)
        )
        try:
            board = await _board(container, amocrm, monitor, chat, moved, chats)
            stories = await _stories(container, chats)
            report = await report_page(container, kept_seconds=1, refresh_seconds=REPORT_REFRESH_SECONDS)
            async with _page(board, stories, report, chats, amocrm, port) as address:
                yield address, container
        finally:
            await container.close()


def _settings(
    folder: Path, chats: EmulatedChats, amocrm: AmoCrmEmulator, openai: OpenAiEmulator, chat: SalonChat
) -> BotSettings:
    """Whatever could lead out of this machine is given, so that nothing of it comes from the environment."""
    return read_settings(
        BotSettings,
        telegram_bot_token=TOKEN,
        telegram_api_base=chats.telegram.base_url,
        telegram_proxy=None,
        max_bot_token=MAX_TOKEN,
        max_api_base=chats.max.base_url,
        max_ca_file=None,
        max_webhook_url=None,
        max_webhook_secret=None,
        admin_chat_id=chat.group.id,
        bot_mode="polling",
        health_check_host="127.0.0.1",
        health_check_port=0,  # a bot in earnest may run on this machine
        database_url=f"sqlite:///{folder / 'carquery.db'}",
        redis_url=None,
        openai_api_key=openai.api_key,
        openai_base_url=openai.base_url,
        openai_model=SMALL_MODEL,
        openai_fallback_model=LARGE_MODEL,
        openai_daily_budget_usd=DAILY_BUDGET,
        dealership_file=DEALERSHIP,
        **furnish(amocrm),
        **BACKOFF,
    )


async def _board(
    container: AsyncContainer,
    amocrm: AmoCrmEmulator,
    monitor: FreeTextMonitor,
    chat: SalonChat,
    clock: MovedClock,
    chats: EmulatedChats,
) -> StoredLeadBoard:
    """The board, and the bot logged in."""
    await prepare_database(await container.get(AsyncEngine))
    leads: Leads = await container.get(Leads)
    earlier = await leads.newest(limit=MOST_LEADS)
    leave_numbers_out(amocrm.world, up_to=max((made for lead in earlier for made in lead.made.values()), default=0))
    board = StoredLeadBoard(
        leads=leads,
        gate=await container.get(CrmGate),
        tokens=await container.get(CrmTokens),
        bell=await container.get(Bell),
        clock=await container.get(Clock),
        amocrm=amocrm,
        monitor=monitor,
        chats=chats,
        salon=Salon(
            clock=clock,
            dealership=await container.get(ToldOfDealership),
            chat=chat,
            remind=await container.get(RemindCustomers),
            send_unfinished=await container.get(SendUnfinished),
            bells=(await container.get(Bell), await container.get(AlertBell)),
        ),
    )
    monitor.watch(await container.get(ClosedModels))
    await board.log_in()
    return board


async def _stories(container: AsyncContainer, chats: EmulatedChats) -> ToldStories:
    return ToldStories(
        chats=chats,
        visits=await container.get(Visits),
        leads=await container.get(Leads),
        clock=await container.get(Clock),
        recorder=Recorder(await container.get(ToldOfDealership)),
    )


@asynccontextmanager
async def _page(
    board: StoredLeadBoard,
    stories: ToldStories,
    report: ReportPage,
    chats: EmulatedChats,
    amocrm: AmoCrmEmulator,
    port: int,
) -> AsyncIterator[str]:
    app = web.Application(client_max_size=UPLOAD_LIMIT)
    app.router.add_get("/report", report.show)
    control, in_max, in_amocrm = control_routes(chats.telegram), max_routes(chats.max), amocrm_routes(amocrm)
    add_page(app, board, stories, control=control, amocrm=in_amocrm, max_=in_max)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await chats.telegram.close()  # ends the event streams that the page holds open
        await chats.max.close()
        await amocrm.close()
        await runner.cleanup()
        await report.close()


def _has_screen() -> bool:
    """Without one, a text browser would take the terminal."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

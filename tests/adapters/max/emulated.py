"""Our way to an emulated MAX."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from carquery.adapters.max.api.connection import connect
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.system.clock import SystemClock
from carquery_emulators.max import MaxEmulator


@asynccontextmanager
async def a_max_bot(emulator: MaxEmulator) -> AsyncIterator[MaxApi]:
    """The bot's calls, at the speed that MAX takes."""
    limits = Limits(SystemClock())
    async with connect(emulator.token, api_base=emulator.base_url, ca_file=None, limits=limits) as api:
        yield api

"""The connection to MAX."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from carquery.adapters.http.connecting import directly
from carquery.adapters.http.pool import HttpPool
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.max_api import MaxApi
from carquery.adapters.max.api.trust import trusting

MOST_CONNECTIONS: Final = 1000
"""So many that customers whose replies hang keep none from others."""


@asynccontextmanager
async def connect(token: str, *, api_base: str, ca_file: Path | None, limits: Limits) -> AsyncIterator[MaxApi]:
    """A bot's calls, on connections that are kept; closed on leaving. Nothing is connected before the first call.

    Args:
        api_base: where the Bot API is, such as https://platform-api2.max.ru.
        ca_file: certificates to trust beside the usual ones; None: no others.

    Raises:
        NotCertificates: there are none in that file.
    """
    pool = HttpPool(directly(trusting(ca_file)), at_once=MOST_CONNECTIONS)
    try:
        yield MaxApi(pool, limits, base=api_base, token=token)
    finally:
        await pool.close()

"""`/report`, for whoever looks at it inside the network."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.report_page.figures import PERIODS, ReportFigures
from carquery.entrypoints.report_page.html import page_of

USUAL_PERIOD: Final = 7
SOON_SECONDS: Final = 2
"""While figures are being read for the first time."""
AWAY: Final = "База данных недоступна: отчёт появится, когда она ответит."

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ReportPage:
    """Shows the same to everybody; it never waits long."""

    def __init__(
        self,
        figures: ReportFigures,
        dealership: ToldOfDealership,
        channels: Mapping[str, str],
        *,
        refresh_seconds: int,
    ) -> None:
        """`channels`: what messengers are called; `refresh_seconds`: so often an open page loads itself anew."""
        self._figures = figures
        self._dealership = dealership
        self._channels = channels
        self._refresh_seconds = refresh_seconds

    async def show(self, request: web.Request) -> web.Response:
        """GET /report?days=7: of one of the periods that there are."""
        asked = request.query.get("days", "")
        period = int(asked) if asked in set(map(str, PERIODS)) else USUAL_PERIOD
        try:
            known = await self._figures.of(period)
        except StoreUnavailable:
            return web.Response(text=AWAY, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_HEADERS)
        text = page_of(
            None if known is None else known.value,
            self._dealership(),
            period=period,
            refresh_seconds=SOON_SECONDS if known is None else self._refresh_seconds,
            channels=self._channels,
        )
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    async def close(self) -> None:
        """Read no more."""
        await self._figures.close()

"""What the Bot API needs of HTTP: two requests, so that what is behind them can be another."""

from typing import Protocol

from carquery.adapters.http.answer import HttpAnswer


class HttpClient(Protocol):
    """Connections that are kept and shared. Both raise TelegramAway: there was no whole answer within `seconds`.

    It knows whether the request may have been sent, and says neither address nor secret.
    """

    async def post(self, url: str, body: bytes, *, seconds: float) -> HttpAnswer:
        """Post JSON."""
        ...

    async def get(self, url: str, *, seconds: float) -> HttpAnswer: ...

"""One request to the Bot API: whatever becomes of it, the caller gets a result or one of aiogram's errors.

aiogram knows aiohttp's errors. A proxy has some of its own, so have TLS, the operating system and whoever answers in
Telegram's place; no list of them is complete. So everything that happens between sending a request and reading its
answer means that Telegram is away.
"""

import json
import os
from asyncio import IncompleteReadError
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramServerError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiohttp import (
    ClientConnectorDNSError,
    ClientError,
    ClientResponseError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    TraceConfig,
)
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

CONNECT_SECONDS: Final = 5
"""For the connection alone, so that what was surely not sent can be told from what perhaps was."""

AT_PROXY: Final = "TELEGRAM_PROXY: is a proxy there that takes this user name and password?"
DIRECTLY: Final = "is the Bot API reached from this machine? TELEGRAM_API_BASE; TELEGRAM_PROXY where Telegram is slowed"
IN_CONFLICT: Final = "one process polls: stop the other one; or a webhook is set: BOT_MODE=webhook, or --delete-webhook"


class TelegramAway(TelegramNetworkError):
    """There was no answer.

    Attributes:
        reason, remedy: in words for the log, without addresses and secrets.
        is_sent: whether Telegram may have got the request; if not, it may be made again.
    """

    def __init__(self, method: TelegramMethod[Any], reason: str, remedy: str, *, is_sent: bool) -> None:
        super().__init__(method, reason)
        self.reason = reason
        self.remedy = remedy
        self.is_sent = is_sent


class DownloadBroken(AiogramError):
    """A file did not come, or not whole. Its text: why, in words for the log."""


@dataclass(slots=True)
class _Progress:
    is_sent: bool = False


class Transport(AiohttpSession):
    """aiogram's session, with every failure translated."""

    async def create_session(self) -> ClientSession:
        session = await super().create_session()
        if _WATCHING not in session.trace_configs:
            session.trace_configs.append(_WATCHING)
        return session

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's
    ) -> TelegramType:
        """Make one request.

        Raises:
            TelegramAway: there was no answer.
            TelegramServerError: not done, by Telegram or by a server in front of it.
            ClientDecodeError: the answer is none of Telegram's; whether it was done, nobody knows.
            TelegramAPIError: Telegram's answer is an error.
        """
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        limit = ClientTimeout(total=self.timeout if timeout is None else timeout, sock_connect=CONNECT_SECONDS)
        progress = _Progress()
        try:
            async with session.post(url, data=form, timeout=limit, trace_request_ctx=progress) as answer:
                content = await answer.read()
        except Exception as failure:  # see above
            remedy = DIRECTLY if self.proxy is None else AT_PROXY
            raise TelegramAway(method, _in_words(failure), remedy, is_sent=progress.is_sent) from failure
        return self._result(bot, method, answer.status, content)

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:  # noqa: ANN401  # aiogram's
        """Raises ClientResponseError, with the token in its text; DownloadBroken."""
        try:
            async for piece in super().stream_content(*args, **kwargs):
                yield piece
        except ClientResponseError:
            raise
        except Exception as failure:  # see above
            raise DownloadBroken(_in_words(failure)) from failure

    def _result(self, bot: Bot, method: TelegramMethod[TelegramType], status: int, content: bytes) -> TelegramType:
        try:
            text = content.decode(json.detect_encoding(content))
            response: Response[TelegramType] = self.check_response(bot, method, status, text)
        except TelegramAPIError:
            raise
        except Exception as nonsense:  # a page, or an error without its description: the library expects neither
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise TelegramServerError(method, f"HTTP {status}") from nonsense
            raise ClientDecodeError(f"HTTP {status}, not an answer of Telegram's", nonsense, None) from nonsense
        if response.result is None:
            raise ClientDecodeError("no result", ValueError("no result"), None)
        return response.result


def in_words(failure: AiogramError) -> tuple[str, str]:
    """Why a call failed, and what to do about it, for the log: neither address nor secret, nor what was sent."""
    match failure:
        case TelegramAway(reason=reason, remedy=remedy):
            return reason, remedy
        case DownloadBroken():
            return str(failure), DIRECTLY
        case TelegramConflictError():
            return failure.message, IN_CONFLICT
        case TelegramServerError():
            return "it, or a server in front of it, answers with 5xx", DIRECTLY
        case ClientDecodeError():
            return "what answers is not the Bot API", DIRECTLY
        case TelegramNotFound():
            return "HTTP 404", "TELEGRAM_API_BASE: is the Bot API there?"
        case TelegramAPIError():
            return " ".join(str(failure.message).split())[:200], ""
        case _:
            return type(failure).__name__, ""


def _in_words(failure: BaseException) -> str:
    """What happened to a connection. The texts of these errors hold addresses, and some of them the token."""
    match failure:
        case ProxyTimeoutError() | TimeoutError():
            return "no answer in time"
        case ProxyConnectionError():
            return "the proxy can't be reached"
        case ProxyError(error_code=int(code)):
            return f"the proxy refuses to connect to it ({int(code)})"
        case ProxyError() | IncompleteReadError():
            return "the proxy refuses the user name and password, or is no proxy of this kind"
        case ClientConnectorDNSError():
            return "its name can't be resolved"
        case ClientSSLError():
            return "no trusted TLS connection"
        case OSError(errno=int(number)):
            return f"no connection ({os.strerror(number)})"
        case ClientError():
            return f"the connection broke ({type(failure).__name__})"
        case _:
            return f"no connection ({type(failure).__name__})"


async def _note_sending(_session: ClientSession, context: SimpleNamespace, _params: object) -> None:
    if isinstance(progress := context.trace_request_ctx, _Progress):
        progress.is_sent = True


def _watching() -> TraceConfig:
    config = TraceConfig()
    config.on_request_headers_sent.append(_note_sending)
    config.freeze()
    return config


_WATCHING: Final = _watching()

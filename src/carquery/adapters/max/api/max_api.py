"""MAX's Bot API: a call gives what we need of its answer, or a failure with its meaning."""

import ssl
from http import HTTPStatus
from typing import Final

from msgspec.json import Encoder

from carquery.adapters.http.answer import HttpAnswer
from carquery.adapters.http.connecting import Origin, connection_in_words, place_of
from carquery.adapters.http.connection import AnswerTooLong
from carquery.adapters.http.pool import HttpPool, NoAnswer
from carquery.adapters.max.api.answers import result_of
from carquery.adapters.max.api.failures import AT_ADDRESS, AT_CERTIFICATE, MaxAway, MaxNotFound, NotMaxApi
from carquery.adapters.max.api.limits import Limits
from carquery.adapters.max.api.methods import MaxMethod, Result_co

ANSWER_SECONDS: Final = 60.0
"""For what nobody waits for."""
UNTRUSTED: Final = "its certificate is signed by nobody whom we trust"

_ENCODER: Final = Encoder()


class MaxApi:
    """One bot's calls, no faster than MAX takes them.

    Args:
        base: where the Bot API is, such as https://platform-api2.max.ru.
        token: stands in a header, as it is; nobody else gets it.
    """

    def __init__(self, pool: HttpPool, limits: Limits, *, base: str, token: str) -> None:
        self._pool = pool
        self._limits = limits
        self._origin, host, root = place_of(base)
        self._root = root.rstrip("/")
        self._head = f" HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n"

    async def __call__(self, call: MaxMethod[Result_co], *, seconds: float = ANSWER_SECONDS) -> Result_co:
        """Make one call, once, within so many seconds from its turn.

        Raises:
            MaxFailure: it did not succeed, or nobody knows.
        """
        await self._limits.turn(call.line)
        return result_of(call, await self._exchange(self._origin, self._written(call), seconds))

    async def download(self, url: str, *, seconds: float, at_most: int) -> bytes:
        """What is to be had at an address that MAX gave. `at_most`: bytes.

        Raises:
            MaxNotFound: it is not there, or not any more, or too long.
            MaxFailure: it did not come, or not whole.
        """
        try:
            origin, host, path = place_of(url)
        except ValueError as nonsense:
            raise NotMaxApi("no address") from nonsense
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        answer = await self._exchange(origin, request, seconds, at_most=at_most)
        match answer.status:
            case HTTPStatus.OK:
                return answer.body
            case HTTPStatus.BAD_REQUEST | HTTPStatus.FORBIDDEN | HTTPStatus.NOT_FOUND | HTTPStatus.GONE:
                raise MaxNotFound("", f"HTTP {answer.status}")
            case status:
                raise NotMaxApi(f"HTTP {status}")

    def _written(self, call: MaxMethod[object]) -> bytes:
        head = f"{call.verb} {self._root}{call.target}{self._head}"
        said = call.body
        if said is None:
            return f"{head}\r\n".encode()
        body = _ENCODER.encode(said)
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    async def _exchange(
        self, origin: Origin, request: bytes, seconds: float, *, at_most: float = float("inf")
    ) -> HttpAnswer:
        try:
            return await self._pool.exchange(origin, request, seconds=seconds, at_most=at_most)
        except NoAnswer as none:
            raise _away(none) from none.failure


def _away(none: NoAnswer) -> MaxAway | MaxNotFound:
    match none.failure:
        case AnswerTooLong():
            return MaxNotFound("", "too long")
        case ssl.SSLCertVerificationError():
            return MaxAway(UNTRUSTED, AT_CERTIFICATE, is_sent=False)
        case failure:
            return MaxAway(connection_in_words(failure), AT_ADDRESS, is_sent=none.is_sent)

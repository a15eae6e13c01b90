"""The Bot API: a call is one POST of JSON, and gives what we need of the answer, or a failure with its meaning."""

from http import HTTPStatus
from typing import Final

from msgspec.json import Encoder

from carquery.adapters.telegram.api.answers import result_of
from carquery.adapters.telegram.api.failures import CallRefused, NotFound
from carquery.adapters.telegram.api.http_client import HttpClient
from carquery.adapters.telegram.api.methods import Method, Result_co

ANSWER_SECONDS: Final = 60.0
"""For what nobody waits for."""

_ENCODER: Final = Encoder()


class BotApi:
    """One bot's calls. `base`: where the Bot API is, such as https://api.telegram.org."""

    def __init__(self, http: HttpClient, *, base: str, token: str) -> None:
        self._http = http
        self._calls = f"{base.rstrip('/')}/bot{token}/"
        self._files = f"{base.rstrip('/')}/file/bot{token}/"

    async def __call__(self, call: Method[Result_co], *, seconds: float = ANSWER_SECONDS) -> Result_co:
        """Make one call, once, within so many seconds.

        Raises:
            BotApiFailure: it did not succeed, or nobody knows.
        """
        answer = await self._http.post(self._calls + call.method, _ENCODER.encode(call), seconds=seconds)
        return result_of(call, answer)

    async def download(self, file_path: str, *, seconds: float) -> bytes:
        """A file's content. `file_path`: as getFile gives it.

        Raises:
            NotFound: there is no such file.
            BotApiFailure: it did not come, or not whole.
        """
        answer = await self._http.get(self._files + file_path, seconds=seconds)
        match answer.status:
            case HTTPStatus.OK:
                return answer.body
            case HTTPStatus.BAD_REQUEST | HTTPStatus.NOT_FOUND:
                raise NotFound(f"HTTP {answer.status}")
            case status:
                raise CallRefused(f"HTTP {status}")

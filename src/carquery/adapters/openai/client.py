"""The connection to the OpenAI API, or to a server that speaks like it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx2
from openai import AsyncOpenAI

OFFICIAL_API: Final = "https://api.openai.com/v1"
CONNECT_SECONDS: Final = 3.0
KEPT_ALIVE_SECONDS: Final = 4.0
"""Shorter than servers keep an idle connection, so that a request is rarely written into one that they have closed."""
MOST_AT_ONCE: Final = 16
LARGEST_ANSWER: Final = 64 * 1024
"""Bytes, headers not counted; an answer to us is some 1500."""


class AnswerTooLarge(httpx2.RequestError):
    """The answer is larger than any that is meant for us, or may become so."""


@asynccontextmanager
async def open_client(
    *, api_key: str, base_url: str = OFFICIAL_API, timeout_seconds: float
) -> AsyncIterator[AsyncOpenAI]:
    """A client with a pool of connections, closed on leaving. It never asks twice and follows no redirect.

    The environment decides nothing: no proxy, organisation, project or header of its variables is used.

    Args:
        timeout_seconds: that the server may be silent. They bound no call as a whole: a server that drips keeps them.

    Raises:
        httpx2.InvalidURL: `base_url` is no URL.
    """
    limits = httpx2.Limits(
        max_connections=MOST_AT_ONCE,
        max_keepalive_connections=MOST_AT_ONCE,
        keepalive_expiry=KEPT_ALIVE_SECONDS,
    )
    patience = httpx2.Timeout(timeout_seconds, connect=min(timeout_seconds, CONNECT_SECONDS))
    async with httpx2.AsyncClient(
        transport=_BoundedTransport(httpx2.AsyncHTTPTransport(limits=limits)),
        timeout=patience,
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    ) as http:
        client = AsyncOpenAI(api_key=api_key, base_url=base_url, timeout=patience, max_retries=0, http_client=http)
        # Given nothing, it has taken these from OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS.
        for logger in ("openai", "httpx2", "httpcore2"):
            logging.getLogger(logger).setLevel(logging.WARNING)  # below that they write what customers wrote
        client.organization = client.project = None
        client._custom_headers = {}  # noqa: SLF001  # nothing public takes them away
        yield client


class _BoundedTransport(httpx2.AsyncBaseTransport):
    """Lets answers of at most LARGEST_ANSWER through; errors too, which the library reads whole."""

    def __init__(self, transport: httpx2.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._transport.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            # 64 KB of gzip may unpack to 64 MB.
            await response.aclose()
            raise AnswerTooLarge("the answer is packed", request=request)
        stream = response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101 - the type of a stream that came from async code
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_BoundedStream(stream, request),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._transport.aclose()


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, request: httpx2.Request) -> None:
        self._stream = stream
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in self._stream:
            taken += len(piece)
            if taken > LARGEST_ANSWER:
                raise AnswerTooLarge(f"the answer is larger than {LARGEST_ANSWER} bytes", request=self._request)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()

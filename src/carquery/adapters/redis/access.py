"""How a server is entered: where it is, over TLS or not, as whom."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from carquery.adapters.redis.failures import ErrorReply, NotLetIn
from carquery.adapters.redis.pipeline import Argument, Pipeline

CONNECT_SECONDS: Final = 1.0

_LATER: Final = frozenset({"BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN"})
"""What may be refused with now, and not in a moment."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A port of a host."""

    host: str
    port: int


Place: TypeAlias = Endpoint | str
"""Where a server listens; a text: the path of its socket."""


@dataclass(frozen=True, slots=True)
class ServerAccess:
    """As whom a server is entered. `database`: the number of the one that is used there."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    database: int = 0
    client_name: str | None = None
    tls: ssl.SSLContext | None = None

    @property
    def greeting(self) -> tuple[tuple[Argument, ...], ...]:
        """What is sent first."""
        greeting: list[tuple[Argument, ...]] = []
        if self.password is not None:
            greeting.append(("AUTH", *filter(None, (self.username,)), self.password))
        if self.client_name is not None:
            greeting.append(("CLIENT", "SETNAME", self.client_name))
        if self.database:
            greeting.append(("SELECT", self.database))
        return tuple(greeting)


async def enter(place: Place, access: ServerAccess) -> Pipeline:
    """A connection that may be used.

    Raises:
        OSError, TimeoutError, NotRedis: nobody is there, or somebody else.
        NotLetIn: it refuses us.
        ErrorReply: it can't be used now.
    """
    async with asyncio.timeout(CONNECT_SECONDS):
        pipeline = await _connected(place, access.tls)
        try:
            await _greeted(pipeline, access)
        except BaseException:
            pipeline.close()
            raise
    return pipeline


async def _connected(place: Place, tls: ssl.SSLContext | None) -> Pipeline:
    loop = asyncio.get_running_loop()
    if isinstance(place, str):
        return (await loop.create_unix_connection(Pipeline, place))[1]
    return (await loop.create_connection(Pipeline, place.host, place.port, ssl=tls))[1]


async def _greeted(pipeline: Pipeline, access: ServerAccess) -> None:
    """All of it goes in one piece."""
    replies = await asyncio.gather(*(pipeline.send(*command) for command in access.greeting), return_exceptions=True)
    for reply in replies:
        if isinstance(reply, ErrorReply) and reply.code not in _LATER:
            raise NotLetIn from reply
        if isinstance(reply, BaseException):
            raise reply

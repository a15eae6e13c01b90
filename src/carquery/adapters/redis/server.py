"""One server, and the connection to it: opened when it is needed, and anew after it was lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from carquery.adapters.redis.access import Place, ServerAccess, enter
from carquery.adapters.redis.pipeline import Argument, Pipeline


class Server:
    """All who call share one connection.

    Args:
        find: says where the server is, before each connection.
        describe: says of what it is one.
    """

    def __init__(
        self,
        find: Callable[[], Awaitable[Place]],
        access: ServerAccess,
        *,
        describe: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._find = find
        self._describe = describe
        self._access = access
        self._pipeline: Pipeline | None = None
        self._opening: asyncio.Task[Pipeline] | None = None

    @classmethod
    def at(cls, place: Place, access: ServerAccess) -> "Server":
        """One that is always in the same place."""

        async def find() -> Place:
            return place

        return cls(find, access)

    @property
    def is_connected(self) -> bool:
        return self._pipeline is not None and self._pipeline.is_open

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401  # whatever a Redis replies
        """Its reply, or why there is none: see `Pipeline.send`, `access.enter`. Nothing is sent twice."""
        pipeline = self._pipeline
        if pipeline is None or not pipeline.is_open:
            pipeline = await self._opened()
        return await pipeline.send(*command)

    async def call_each(self, *command: Argument) -> Sequence[Any]:
        """The same of each server, of which there is one."""
        return [await self.call(*command)]

    async def call_asking(self, *command: Argument) -> Any:  # noqa: ANN401
        """The same of a server of a cluster that is just being given the key."""
        pipeline = await self._opened()
        asking, reply = pipeline.send("ASKING"), pipeline.send(*command)
        await asyncio.wait((asking, reply))
        asking.exception()
        return await reply

    @property
    def is_whole(self) -> bool:
        """What works says that it works."""
        return True

    async def described(self) -> str:
        """What watches it; empty: nothing does. Raises what `find` raises."""
        return "" if self._describe is None else await self._describe()

    def leave(self) -> None:
        """Go on with a new connection: whoever is behind this one takes no more writes."""
        if self._pipeline is not None:
            self._pipeline.retire()
            self._pipeline = None

    async def close(self) -> None:
        """Close the connection."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait((self._opening,))
        if self._pipeline is not None:
            self._pipeline.close()

    async def _opened(self) -> Pipeline:
        """Whoever comes while it is being opened waits for the same one."""
        if self._pipeline is not None and self._pipeline.is_open:
            return self._pipeline
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(self._note_opened)
        return await asyncio.shield(self._opening)

    async def _open(self) -> Pipeline:
        self._pipeline = await enter(await self._find(), self._access)
        return self._pipeline

    def _note_opened(self, opening: "asyncio.Task[Pipeline]") -> None:
        self._opening = None
        if not opening.cancelled():
            opening.exception()  # whoever waited has heard of it, if anybody still did

"""A Redis Cluster: each key is with the server that has its slot. Source: Redis cluster specification."""

import asyncio
from binascii import crc_hqx
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from carquery.adapters.redis.access import Endpoint, ServerAccess
from carquery.adapters.redis.failures import ErrorReply, NotLetIn, NotRedis, SlotsUncovered
from carquery.adapters.redis.pipeline import Argument
from carquery.adapters.redis.server import Server

SLOTS: Final = 16_384
MOST_REDIRECTIONS: Final = 4
_UNREACHABLE: Final = (OSError, TimeoutError, NotRedis, NotLetIn, ErrorReply)
_DOUBTFUL: Final = frozenset({"CLUSTERDOWN", "LOADING", "MASTERDOWN", "MOVED", "READONLY"})
"""After such a reply somebody else may have the key."""
_HERE: Final = frozenset({"", "?"})
"""What a server calls its host when it does not know it."""
_SCRIPTS: Final = frozenset({"EVAL", "EVALSHA"})


def slot_of(key: bytes | str) -> int:
    """Of a key with a tag in braces, the tag's slot: keys of one tag stay together."""
    name = key.encode() if isinstance(key, str) else key
    _, opening, behind = name.partition(b"{")
    tag, closing, _ = behind.partition(b"}")
    return crc_hqx(tag if opening and closing and tag else name, 0) % SLOTS


def key_of(command: Sequence[Argument]) -> bytes | str:
    """The key that a command begins with; all keys of a script have one slot."""
    key = command[3] if command[0] in _SCRIPTS else command[1]
    return key if isinstance(key, bytes | str) else str(key)


@dataclass(frozen=True, slots=True)
class SlotMap:
    """Who has which slots, in their order. `replicas`: how many servers hold copies."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    masters: tuple[Endpoint, ...]
    replicas: int

    @classmethod
    def read(cls, reply: Sequence[Sequence[Any]], asked: Endpoint) -> "SlotMap":
        """Read what CLUSTER SLOTS replies; a server that does not know its own host is the one that was asked."""
        ranges = sorted((int(first), int(last), _endpoint(servers[0], asked)) for first, last, *servers in reply)
        replicas = {_endpoint(server, asked) for _, _, _, *copies in reply for server in copies}
        firsts, lasts, masters = zip(*ranges, strict=True) if ranges else ((), (), ())
        return cls(firsts, lasts, masters, len(replicas))

    def master_of(self, slot: int) -> Endpoint:
        """Raises SlotsUncovered."""
        place = bisect_right(self.firsts, slot) - 1
        if place < 0 or slot > self.lasts[place]:
            raise SlotsUncovered
        return self.masters[place]

    @property
    def covered(self) -> int:
        """How many slots have a master."""
        return sum(last - first + 1 for first, last in zip(self.firsts, self.lasts, strict=True))


class Cluster:
    """Several servers as one: each command goes to the master that has its key. `seeds`: any of them that are known."""

    def __init__(self, seeds: Sequence[Endpoint], access: ServerAccess) -> None:
        self._seeds = tuple(seeds)
        self._access = access
        self._servers: dict[Endpoint, Server] = {}
        self._map: SlotMap | None = None
        self._mapping: asyncio.Task[SlotMap] | None = None
        self._failing: set[Endpoint] = set()

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401  # whatever a Redis replies
        """Its reply, or why there is none: see `Server.call`. What a server sends elsewhere, it has not done.

        Raises:
            SlotsUncovered: nobody has the key now.
        """
        endpoint = (await self.map()).master_of(slot_of(key_of(command)))
        for _ in range(MOST_REDIRECTIONS):
            try:
                reply = await self._server(endpoint).call(*command)
            except ErrorReply as refusal:
                if refusal.code in _DOUBTFUL:
                    self._map = None
                if refusal.code == "ASK":
                    return await self._server(_named_in(refusal, endpoint)).call_asking(*command)
                if refusal.code != "MOVED":
                    raise
                endpoint = _named_in(refusal, endpoint)
            except _UNREACHABLE:
                self._map = None
                self._failing.add(endpoint)
                raise
            else:
                self._failing.discard(endpoint)
                return reply
        raise SlotsUncovered

    async def call_each(self, *command: Argument) -> Sequence[Any]:
        """The replies of all masters. Raises as `call`, if any of them does."""
        masters = dict.fromkeys((await self.map()).masters)
        return await asyncio.gather(*(self._server(master).call(*command) for master in masters))

    @property
    def is_whole(self) -> bool:
        """Whether no master is known to be away: what works with one says nothing of another."""
        return not self._failing

    async def described(self) -> str:
        """How many masters and replicas. Raises as `call`, and SlotsUncovered: there are slots without a master."""
        found = await self.map()
        if found.covered != SLOTS:
            raise SlotsUncovered
        return f"a cluster of {len(set(found.masters))} masters and {found.replicas} replicas"

    def leave(self) -> None:
        """Look anew who has what."""
        self._map = None

    async def close(self) -> None:
        """Close all connections."""
        if self._mapping is not None:
            self._mapping.cancel()
            await asyncio.wait((self._mapping,))
        for server in self._servers.values():
            await server.close()

    async def map(self) -> SlotMap:
        """Who has what. When there is doubt it is asked, once for all who come meanwhile. Raises as `call`."""
        if self._map is not None:
            return self._map
        if self._mapping is None:
            self._mapping = asyncio.create_task(self._ask())
            self._mapping.add_done_callback(self._note_map)
        return await asyncio.shield(self._mapping)

    async def _ask(self) -> SlotMap:
        failure: Exception = SlotsUncovered()
        known = dict.fromkeys((*self._servers, *self._seeds))
        for endpoint in sorted(known, key=lambda endpoint: not self._server(endpoint).is_connected):
            try:
                found = SlotMap.read(await self._server(endpoint).call("CLUSTER", "SLOTS"), endpoint)
            except _UNREACHABLE as error:
                failure = error
                continue
            for left in self._servers.keys() - set(found.masters):
                self._servers[left].leave()
            self._map = found
            self._failing &= set(found.masters)
            return found
        raise failure

    def _note_map(self, mapping: "asyncio.Task[SlotMap]") -> None:
        self._mapping = None
        if not mapping.cancelled():
            mapping.exception()  # whoever waited has heard of it, if anybody still did

    def _server(self, endpoint: Endpoint) -> Server:
        if endpoint not in self._servers:
            self._servers[endpoint] = Server.at(endpoint, self._access)
        return self._servers[endpoint]


def _endpoint(server: Sequence[Any], asked: Endpoint) -> Endpoint:
    host = (server[0] or b"").decode()
    return Endpoint(host if host not in _HERE else asked.host, int(server[1]))


def _named_in(refusal: ErrorReply, asked: Endpoint) -> Endpoint:
    """Such as `ASK 3999 127.0.0.1:6381`."""
    host, _, port = str(refusal).split()[2].rpartition(":")
    return Endpoint(host if host not in _HERE else asked.host, int(port))

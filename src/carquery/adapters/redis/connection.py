"""The Redis that is used, whatever it consists of, and what its failures mean."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Final, Protocol

from carquery.adapters.outage import Outage
from carquery.adapters.redis.address import RedisAddress
from carquery.adapters.redis.failures import (
    ErrorReply,
    MasterUnknown,
    NotLetIn,
    NotRedis,
    NotSentinel,
    SlotsUncovered,
)
from carquery.adapters.redis.pipeline import Argument
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.words import PART_OF_CLUSTER, in_words
from carquery.application.ports.stores import StoreUnavailable

_AWAY: Final = (OSError, MasterUnknown, NotLetIn, NotRedis, NotSentinel, SlotsUncovered)
_DEMOTED: Final = frozenset({"CLUSTERDOWN", "LOADING", "MASTERDOWN", "NOREPLICAS", "READONLY"})
"""It takes no writes now; another behind the same address may: our connection leads to the wrong one."""
_REFUSING: Final = frozenset({"NOAUTH", "NOPERM", "WRONGPASS"})
_ELSEWHERE: Final = frozenset({"ASK", "CROSSSLOT", "MOVED", "TRYAGAIN"})
_AWAY_REPLIES: Final = _DEMOTED | _REFUSING | _ELSEWHERE | {"BUSY", "MISCONF", "OOM"}
_TOO_MANY: Final = "max number of clients"

READING: Final = "reading"
WRITING: Final = "writing"

AWAY: Final = "REDIS_URL: a Redis that answers and takes writes; nothing has to be restarted"


class Servers(Protocol):
    """One server, or several as one."""

    async def call(self, *command: Argument) -> Any:  # noqa: ANN401  # whatever a Redis replies
        """The reply of the server that has the command's (first) key. Raises what `failures` has, and OSError."""
        ...

    async def call_each(self, *command: Argument) -> Sequence[Any]:
        """The replies of all servers that take writes. Raises as `call`."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether none of them is known to be away, when one of them works."""
        ...

    def leave(self) -> None:
        """What is connected takes no writes: connect anew."""
        ...

    async def described(self) -> str:
        """What it consists of, in a few words; empty: one server, as most have. Raises as `call`."""
        ...


class Script:
    """A script, which a Redis knows by its hash once it has seen it."""

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.sha: Final = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class RedisStore:
    """Calls, and whether what they lead to can be used. `is_tls`: by REDIS_URL; `is_cluster`: likewise."""

    def __init__(self, servers: Servers, *, is_tls: bool = False, is_cluster: bool = False) -> None:
        self._servers: Final = servers
        self.call: Final = servers.call
        self.call_each: Final = servers.call_each
        self.described: Final = servers.described
        self.is_tls: Final = is_tls
        self.is_cluster: Final = is_cluster
        self._outage = Outage("redis")

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:  # noqa: ANN401
        """What a script returns; a Redis that does not know it (any more) learns it. All keys have one slot."""
        try:
            return await self.call("EVALSHA", script.sha, len(keys), *keys, *args)
        except ErrorReply as refusal:
            if refusal.code != "NOSCRIPT":
                raise
            return await self.call("EVAL", script.text, len(keys), *keys, *args)

    async def greet(self) -> None:
        """Try it once; that it is away is only said.

        Raises:
            RedisRefused: it does not let us in, or is not what the address says; waiting would change nothing.
        """
        try:
            with self.translated():
                await self._look()
        except StoreUnavailable as away:
            error = away.__cause__
            is_refusal = isinstance(error, ErrorReply) and error.code in _REFUSING
            if is_refusal or isinstance(error, MasterUnknown | NotLetIn | NotSentinel):
                raise RedisRefused(str(away).removeprefix("redis: ")) from away

    async def connect(self) -> None:
        """Try it once. Raises RedisRefused: as `greet`, or it is away."""
        try:
            await self._look()
        except (*_AWAY, ErrorReply) as error:
            raise RedisRefused(in_words(error, is_tls=self.is_tls)) from error

    async def _look(self) -> None:
        """Raises RedisRefused: it is something else than the address says."""
        await self.call_each("PING")
        try:
            (said, *_) = await self.call_each("INFO", "server")
        except ErrorReply:
            return  # hosted ones forbid the question
        if not self.is_cluster and b"_mode:cluster" in said:
            raise RedisRefused(PART_OF_CLUSTER)
        if b"_mode:sentinel" in said:
            raise RedisRefused("it is a Sentinel: redis+sentinel://host:port,host:port/service is the address of some")

    def translated(self, doing: str = READING) -> AbstractContextManager[None]:
        """Turn an absent, slow, full or read-only Redis into StoreUnavailable; any other error is a bug and stays.

        Args:
            doing: `READING` or `WRITING`: it may do the one and not the other.
        """
        return _Translated(self, doing)

    def worked(self, doing: str) -> None:
        """What was done there was done."""
        if self._servers.is_whole:
            self._outage.worked(of=doing)
            self._outage.worked(of=READING)

    def failed(self, error: Exception, doing: str) -> None:
        """It was not. Raises StoreUnavailable: for want of a Redis that does it; else it is a bug."""
        if isinstance(error, ErrorReply):
            if error.code not in _AWAY_REPLIES and _TOO_MANY not in str(error):
                return
            if error.code in _DEMOTED:
                self._servers.leave()
        words = in_words(error, is_tls=self.is_tls)
        self._outage.failed(words, AWAY, of=doing)
        raise StoreUnavailable(f"redis: {words}") from error


class _Translated:
    """What `RedisStore.translated` promises. (A generator as context costs thrice, twice an update.)"""

    def __init__(self, store: RedisStore, doing: str) -> None:
        self._store = store
        self._doing = doing

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if error is None:
            self._store.worked(self._doing)
        elif isinstance(error, (*_AWAY, ErrorReply)):
            self._store.failed(error, self._doing)


@asynccontextmanager
async def open_redis(redis_url: str) -> AsyncIterator[RedisStore]:
    """Whatever the address leads to, closed on leaving. Nothing is connected yet.

    Raises:
        RedisRefused: a file that the address names can't be used.
    """
    address = RedisAddress(redis_url)
    servers = address.opened()
    try:
        yield RedisStore(servers, is_tls=address.is_tls, is_cluster=address.is_cluster)
    finally:
        await servers.close()

"""Visits in Redis: one hash for each customer, read in one command and replaced in one script."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

import structlog

from carquery.adapters.redis.connection import WRITING, RedisStore, Script
from carquery.adapters.redis.failures import ConnectionLost, Refusal
from carquery.adapters.redis.keeping import Keeping, look_at_keeping
from carquery.adapters.redis.keys import visit_key, visit_key_before
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.visit import Version, Visit

log = structlog.get_logger(__name__)

_Stored: TypeAlias = tuple[bytes, bytes | None, bytes | None]

_SAVE: Final = Script("""
local stored
for _, key in ipairs(KEYS) do stored = stored or redis.call('HGET', key, 'version') end
if (stored or '0') ~= ARGV[1] then return 0 end
for _, key in ipairs(KEYS) do
  redis.call('HSET', key, 'version', ARGV[2], 'body', ARGV[3])
  redis.call('PEXPIRE', key, ARGV[4])
end
return 1
""")
_NOTE_SHOWN: Final = Script("""
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('HSET', key, 'shown', ARGV[1]) end
end
return 1
""")


class RedisVisits:
    """Every key has a TTL, and those of one customer stay together on a cluster.

    The visit of a customer whom the version before knows stands under that version's key too. That one counts, for that
    version may have saved since. It knows no clusters.
    """

    def __init__(self, store: RedisStore, *, lifetime: timedelta) -> None:
        self._store = store
        self._lifetime_ms = int(lifetime / timedelta(milliseconds=1))

    async def prepare(self) -> None:
        """Have Redis learn the scripts now, so that the first customer need not wait for it; say if it may forget.

        If it is away, that is all that is said.

        Raises:
            RedisRefused: it does not let us in.
        """
        await self._store.greet()
        with suppress(StoreUnavailable):
            with self._store.translated():
                for script in (_SAVE, _NOTE_SHOWN):
                    await self._store.call_each("SCRIPT", "LOAD", script.text)
            if troubles := (await self.keeping()).troubles():
                log.warning("redis_may_forget", reason="; ".join(troubles))

    async def keeping(self) -> Keeping:
        """Whether this Redis keeps what it is given. Raises StoreUnavailable."""
        with self._store.translated():
            return await look_at_keeping(self._store)

    async def load(self, customer: CustomerId) -> Visit | None:
        try:
            with self._store.translated():
                stored = await self._first(self._keys(customer))
            return None if stored is None else _visit_from(*stored)
        except (UnreadableJson, ValueError):  # the latter: a version that is no number
            await self._forget(customer)
            return None

    async def save(self, visit: Visit) -> None:
        body = encode_visit(visit)
        with self._store.translated(WRITING):
            is_saved = await self._store.run(
                _SAVE, self._keys(visit.customer), [visit.version, visit.version + 1, body, self._lifetime_ms]
            )
        if not is_saved:
            raise VisitChanged

    async def note_shown(self, customer: CustomerId, shown: MessageToken) -> None:
        with self._store.translated(WRITING):
            await self._store.run(_NOTE_SHOWN, self._keys(customer), [shown])

    async def _forget(self, customer: CustomerId) -> None:
        with self._store.translated(WRITING):
            await self._store.call("DEL", *self._keys(customer))

    async def _first(self, keys: Sequence[str]) -> _Stored | None:
        """What is stored under the first key that has a version."""
        for key in keys:
            version, body, shown = await self._read(key)
            if version is not None:
                return version, body, shown
        return None

    async def _read(self, key: str) -> Sequence[bytes | None]:
        """A read is repeated once: a connection that was silent for long may have been cut meanwhile."""
        try:
            return await self._fields(key)
        except ConnectionLost:
            return await self._fields(key)

    async def _fields(self, key: str) -> Sequence[bytes | None]:
        try:
            fields: Sequence[bytes | None] = await self._store.call("HMGET", key, "version", "body", "shown")
        except Refusal as refusal:
            if refusal.code == "WRONGTYPE":
                raise UnreadableJson("a visit: no hash") from refusal
            raise
        return fields

    def _keys(self, customer: CustomerId) -> list[str]:
        """The first that is there counts."""
        own, before = visit_key(customer), visit_key_before(customer)
        return [own] if before is None or self._store.is_cluster else [before, own]


def _visit_from(version: bytes, body: bytes | None, shown: bytes | None) -> Visit:
    return decode_visit(
        body or b"",
        version=Version(int(version)),
        shown=None if shown is None else MessageToken(shown.decode()),
    )

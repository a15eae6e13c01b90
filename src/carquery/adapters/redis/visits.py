"""Visits in Redis: one hash for each customer, read in one command and replaced in one script."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

import structlog
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from carquery.adapters.redis.connection import WRITING, RedisStore
from carquery.adapters.redis.keeping import Keeping, look_at_keeping
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.before_channels import number_of
from carquery.adapters.stored.visit_json import decode_visit, encode_visit
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import CustomerId, MessageToken
from carquery.domain.visit import Version, Visit

log = structlog.get_logger(__name__)

_Stored: TypeAlias = tuple[bytes | str, bytes | str | None, bytes | str | None]

_SAVE: Final = """
local stored
for _, key in ipairs(KEYS) do stored = stored or redis.call('HGET', key, 'version') end
if (stored or '0') ~= ARGV[1] then return 0 end
for _, key in ipairs(KEYS) do
  redis.call('HSET', key, 'version', ARGV[2], 'body', ARGV[3])
  redis.call('PEXPIRE', key, ARGV[4])
end
return 1
"""
_NOTE_SHOWN: Final = """
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('HSET', key, 'shown', ARGV[1]) end
end
return 1
"""


class RedisVisits:
    """Every key of one customer shares a hash tag, so that they stay together on a cluster; every key has a TTL.

    The visit of a customer whom the version before knows stands under that version's key too. That one counts, for that
    version may have saved since.
    """

    def __init__(self, store: RedisStore, *, lifetime: timedelta) -> None:
        self._store = store
        self._redis = redis = store.redis
        self._lifetime_ms = int(lifetime / timedelta(milliseconds=1))
        self._save = redis.register_script(_SAVE)
        self._note_shown = redis.register_script(_NOTE_SHOWN)

    async def prepare(self) -> None:
        """Have Redis learn the scripts now, so that the first customer need not wait for it; say if it may forget.

        If it is away, that is all that is said.

        Raises:
            RedisRefused: it does not let us in.
        """
        await self._store.greet()
        with suppress(StoreUnavailable):
            async with self._store.translated():
                await self._redis.script_load(_SAVE)
                await self._redis.script_load(_NOTE_SHOWN)
            if troubles := (await self.keeping()).troubles():
                log.warning("redis_may_forget", reason="; ".join(troubles))

    async def keeping(self) -> Keeping:
        """Whether this Redis keeps what it is given. Raises StoreUnavailable."""
        async with self._store.translated():
            return await look_at_keeping(self._redis)

    async def load(self, customer: CustomerId) -> Visit | None:
        try:
            async with self._store.translated():
                stored = await self._first(_keys(customer))
            return None if stored is None else _visit_from(*stored)
        except (UnreadableJson, ValueError):  # the latter: a version that is no number
            await self._forget(customer)
            return None

    async def save(self, visit: Visit) -> None:
        body = encode_visit(visit)
        async with self._store.translated(WRITING):
            is_saved = await self._save(
                keys=_keys(visit.customer),
                args=[visit.version, visit.version + 1, body, self._lifetime_ms],
            )
        if not is_saved:
            raise VisitChanged

    async def note_shown(self, customer: CustomerId, shown: MessageToken) -> None:
        async with self._store.translated(WRITING):
            await self._note_shown(keys=_keys(customer), args=[shown])

    async def _forget(self, customer: CustomerId) -> None:
        async with self._store.translated(WRITING):
            await self._redis.delete(*_keys(customer))

    async def _first(self, keys: Sequence[str]) -> _Stored | None:
        """What is stored under the first key that has a version."""
        for key in keys:
            version, body, shown = await self._read(key)
            if version is not None:
                return version, body, shown
        return None

    async def _read(self, key: str) -> Sequence[bytes | str | None]:
        """A read is repeated once: a connection that slept in the pool may have been cut meanwhile."""
        try:
            return await self._redis.hmget(key, ["version", "body", "shown"])
        except RedisConnectionError:
            return await self._redis.hmget(key, ["version", "body", "shown"])
        except ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                raise UnreadableJson("a visit: no hash") from error
            raise


def _keys(customer: CustomerId) -> list[str]:
    """The first that is there counts."""
    own = f"carquery:{customer.channel}:{{{customer.number}}}:visit"
    number = number_of(customer)
    return [own] if number is None else [f"carquery:{{{number}}}:visit", own]


def _visit_from(version: bytes | str, body: bytes | str | None, shown: bytes | str | None) -> Visit:
    return decode_visit(
        b"" if body is None else body,
        version=Version(int(version)),
        shown=None if shown is None else MessageToken(shown.decode() if isinstance(shown, bytes) else shown),
    )

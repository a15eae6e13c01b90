"""Visits in Redis: one hash for each customer, read in one command and replaced in one script."""

import time
from asyncio import gather
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from carquery.adapters.redis.connection import WRITING, RedisStore
from carquery.adapters.redis.failures import ConnectionLost, ErrorReply
from carquery.adapters.redis.keeping import Keeping, look_at_keeping
from carquery.adapters.redis.keys import BUCKETS, aside_key, owed_key, owed_keys, visit_key, visit_key_before
from carquery.adapters.redis.visit_scripts import CLAIM, SAVE, SET_ASIDE, SHOWN
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.owed_mark import mark_of, milliseconds, owed_from
from carquery.adapters.stored.saved_visits import SavedVisits
from carquery.adapters.stored.visit_json import encode_visit
from carquery.application.ports.owed_replies import USUAL_TIMES, OwedTimes
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.ports.visits import VisitChanged
from carquery.domain.ids import Channel, CustomerId, InputId, MessageToken
from carquery.domain.visit import Version, Visit

log = structlog.get_logger(__name__)

_Stored: TypeAlias = tuple[bytes, bytes | None, bytes | None, bytes | None]

_PLACE_BYTES: Final = 8
"""A hash has no order: each input that is set aside says when it came."""


class RedisVisits:
    """Every key has a TTL, and those of one customer stay together on a cluster.

    The visit of a customer whom the version before knows stands under that version's key too. That one counts, for that
    version may have saved since. It knows no clusters.
    """

    def __init__(self, store: RedisStore, *, lifetime: timedelta, times: OwedTimes = USUAL_TIMES) -> None:
        self._store = store
        self._grace = times.grace
        self._lifetime_ms = int(lifetime / timedelta(milliseconds=1))
        self._saved = SavedVisits()

    async def prepare(self) -> None:
        """Have Redis learn the scripts now, so that the first customer need not wait for it; say if it may forget.

        If it is away, that is all that is said.

        Raises:
            RedisRefused: it does not let us in.
        """
        await self._store.greet()
        with suppress(StoreUnavailable):
            with self._store.translated():
                for script in (SAVE, SHOWN, SET_ASIDE, CLAIM):
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
                stored = await self._first(self._visit_keys(customer))
            return None if stored is None else self._visit_from(customer, *stored)
        except (UnreadableJson, ValueError):  # the latter: a version that is no number
            await self._forget(customer)
            return None

    async def save(self, visit: Visit, *, of: Collection[InputId] = ()) -> None:
        due = "" if visit.owed is None else milliseconds(visit.owed.since + self._grace)
        body = encode_visit(visit)
        about = (body, self._lifetime_ms, mark_of(visit.owed), visit.customer.number, due)
        with self._store.translated(WRITING):
            is_saved = await self._store.run(
                SAVE, self._keys(visit.customer), [visit.version, visit.version + 1, *about, *of]
            )
        if not is_saved:
            raise VisitChanged
        self._saved.keep(visit, body)

    async def note_shown(self, customer: CustomerId, shown: MessageToken, *, owed_by: Version | None = None) -> None:
        await self._was_shown(customer, "" if owed_by is None else owed_by, shown)

    async def settle(self, replies: Collection[tuple[CustomerId, Version]]) -> None:
        await gather(*(self._was_shown(customer, version) for customer, version in replies))

    async def set_aside(self, customer: CustomerId, inputs: Mapping[InputId, bytes], *, due: datetime) -> None:
        pairs: list[str | bytes] = []
        for place, (name, raw) in enumerate(inputs.items(), start=time.time_ns()):
            pairs += (name, place.to_bytes(_PLACE_BYTES, "big") + raw)
        with self._store.translated(WRITING):
            await self._store.run(
                SET_ASIDE,
                [owed_key(customer), aside_key(customer)],
                [self._lifetime_ms, customer.number, milliseconds(due), *pairs],
            )

    async def left_aside(self, customer: CustomerId) -> Sequence[bytes]:
        with self._store.translated():
            kept: list[bytes] = await self._store.call("HVALS", aside_key(customer))
        return tuple(one[_PLACE_BYTES:] for one in sorted(kept))

    async def drop_aside(self, customer: CustomerId, inputs: Collection[InputId]) -> None:
        with self._store.translated(WRITING):
            await self._store.call("HDEL", aside_key(customer), *inputs)

    async def claim(self, channel: Channel, *, at: datetime, until: datetime, limit: int) -> Sequence[CustomerId]:
        args = [milliseconds(at), milliseconds(until), -(-limit // BUCKETS)]
        with self._store.translated(WRITING):
            due: list[list[bytes]] = await gather(*(self._store.run(CLAIM, [key], args) for key in owed_keys(channel)))
        return [CustomerId(channel, number.decode()) for some in due for number in some]

    async def put_off(self, customers: Collection[CustomerId], *, until: datetime) -> None:
        with self._store.translated(WRITING):
            await gather(
                *(
                    self._store.call("ZADD", owed_key(customer), "XX", milliseconds(until), customer.number)
                    for customer in customers
                )
            )

    async def _was_shown(self, customer: CustomerId, version: Version | str, shown: MessageToken | str = "") -> None:
        with self._store.translated(WRITING):
            await self._store.run(SHOWN, self._keys(customer), [version, shown, customer.number])

    async def _forget(self, customer: CustomerId) -> None:
        with self._store.translated(WRITING):
            await self._store.call("DEL", *self._visit_keys(customer))

    async def _first(self, keys: Sequence[str]) -> _Stored | None:
        """What is stored under the first key that has a version."""
        for key in keys:
            version, body, shown, owed = await self._read(key)
            if version is not None:
                return version, body, shown, owed
        return None

    async def _read(self, key: str) -> Sequence[bytes | None]:
        """A read is repeated once: a connection that was silent for long may have been cut meanwhile."""
        try:
            return await self._fields(key)
        except ConnectionLost:
            return await self._fields(key)

    async def _fields(self, key: str) -> Sequence[bytes | None]:
        try:
            fields: Sequence[bytes | None] = await self._store.call("HMGET", key, "version", "body", "shown", "owed")
        except ErrorReply as refusal:
            if refusal.code == "WRONGTYPE":
                raise UnreadableJson("a visit: no hash") from refusal
            raise
        return fields

    def _visit_from(
        self, customer: CustomerId, version: bytes, body: bytes | None, shown: bytes | None, owed: bytes | None
    ) -> Visit:
        return self._saved.read(
            customer,
            body or b"",
            version=Version(int(version)),
            shown=None if shown is None else MessageToken(shown.decode()),
            owed=owed_from(owed.decode()) if owed else None,
        )

    def _visit_keys(self, customer: CustomerId) -> list[str]:
        """The first that is there counts."""
        own, before = visit_key(customer), visit_key_before(customer)
        return [own] if before is None or self._store.is_cluster else [before, own]

    def _keys(self, customer: CustomerId) -> list[str]:
        return [*self._visit_keys(customer), owed_key(customer), aside_key(customer)]

"""Whether a Redis keeps what it is given: open dialogs live there, and the customer is told that they are kept."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from carquery.adapters.redis.connection import RedisStore
from carquery.adapters.redis.failures import ErrorReply

KEEPS_ALL = "noeviction"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a Redis says of itself; `None` if it does not say, for hosted ones forbid the question.

    Attributes:
        policy: what it does when its memory is full.
        survives: whether it knows after a restart what it was given.
    """

    policy: str | None = None
    survives: bool | None = None

    @property
    def is_known(self) -> bool:
        """Whether it says all of it."""
        return self.policy is not None and self.survives is not None

    def troubles(self) -> tuple[str, ...]:
        """What loses dialogs, each with what to do."""
        found = []
        if self.policy not in {None, KEEPS_ALL}:
            found.append(
                f"when its memory is full it throws open dialogs away (maxmemory-policy {self.policy}): "
                f"set maxmemory-policy {KEEPS_ALL}"
            )
        if self.survives is False:
            found.append("open dialogs end with its restart: set appendonly yes")
        return tuple(found)


async def look_at_keeping(store: RedisStore) -> Keeping:
    """Ask it, of several servers each: what one loses is lost. Raises what `Servers.call` does if it is away."""
    memory = await _asked(store, "INFO", "memory")
    persistence = await _asked(store, "INFO", "persistence")
    saving = await _asked(store, "CONFIG", "GET", "save")
    policies = [said.get("maxmemory_policy") for said in map(_pairs, memory)]
    policy = next((policy for policy in policies if policy not in {None, KEEPS_ALL}), policies[0] if policies else None)
    appends = all(_pairs(said).get("aof_enabled") == "1" for said in persistence) if persistence else None
    snapshots = all(said[1:] and said[1] for said in saving) if saving else None
    known = [one for one in (appends, snapshots) if one is not None]
    survives = True if any(known) else False if len(known) == 2 else None
    return Keeping(policy, survives)


async def _asked(store: RedisStore, *question: str) -> Sequence[Any]:
    """What each server says; nothing where the question is forbidden."""
    with suppress(ErrorReply):
        return await store.call_each(*question)
    return ()


def _pairs(said: bytes) -> dict[str, str]:
    """What INFO says: a line for each name and value."""
    lines = (line.partition(":") for line in said.decode().splitlines())
    return {name: value for name, _, value in lines}

"""Whether a Redis keeps what it is given: open dialogs live there, and the customer is told that they are kept."""

from contextlib import suppress
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import ResponseError

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


async def look_at_keeping(redis: Redis) -> Keeping:
    """Ask it. Raises redis' own errors if it is away."""
    policy: str | None = None
    appends: bool | None = None
    snapshots: bool | None = None
    with suppress(ResponseError):
        policy = (await redis.info("memory")).get("maxmemory_policy")
    with suppress(ResponseError):
        appends = bool(int((await redis.info("persistence"))["aof_enabled"]))
    with suppress(ResponseError):
        snapshots = bool((await redis.config_get("save")).get("save"))
    known = [one for one in (appends, snapshots) if one is not None]
    survives = True if any(known) else False if len(known) == 2 else None
    return Keeping(policy, survives)

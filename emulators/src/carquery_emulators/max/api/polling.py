"""GET /updates: whoever asks gets what happened since the marker that it brings."""

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.api.asked import MaxRequest
from carquery_emulators.max.api.errors import not_allowed
from carquery_emulators.max.api.rates import RateLimits
from carquery_emulators.max.state import MaxState

# Source: dev.max.ru, docs-api, GET /updates, and the limits since 2026-05
LONGEST_POLL, LARGEST_BATCH = 30, 100
_TIMEOUT_LIMIT, _BATCH_LIMIT = 90, 1000


class UpdatePolls:
    """Several may ask at once; each is told the same."""

    def __init__(self, state: MaxState, limits: RateLimits) -> None:
        self._state = state
        self._limits = limits
        self._waiting = 0
        self._is_closed = False

    @property
    def is_waiting(self) -> bool:
        """Whether somebody waits for an update right now."""
        return self._waiting > 0

    async def get_updates(self, asked: MaxRequest) -> Json:
        """Updates from `marker` on, and the next marker; without one, only the latest.

        Raises:
            MaxError: too often, a parameter out of range, or there is a webhook.
        """
        self._limits.count_poll()
        limit = min(asked.within("limit", 1, _BATCH_LIMIT, default=LARGEST_BATCH), LARGEST_BATCH)
        seconds = min(asked.within("timeout", 0, _TIMEOUT_LIMIT, default=LONGEST_POLL), LONGEST_POLL)
        kinds = frozenset((asked.text("types") or "").split(",")) - {""}
        marker = asked.whole("marker")
        self._refuse_beside_webhook()
        if marker is not None:
            self._state.updates.commit_before(marker)
        await self._wait(kinds, seconds)
        self._refuse_beside_webhook()
        waiting = [] if self._is_closed else self._state.updates.to_hand_out(kinds)
        handed = waiting[:limit] if marker is not None else waiting[-1:]
        next_marker = handed[-1].number + 1 if handed else self._state.updates.next_marker
        return {"updates": [update.body for update in handed], "marker": next_marker}

    def close(self) -> None:
        self._is_closed = True
        self._state.changes.wake()

    def _refuse_beside_webhook(self) -> None:
        if self._state.updates.bring is not None:
            raise not_allowed("GET /updates does not work beside a subscription")

    async def _wait(self, kinds: frozenset[str], seconds: float) -> None:
        self._waiting += 1
        self._state.changes.wake()
        try:
            await self._state.changes.until(
                lambda: (
                    bool(self._state.updates.to_hand_out(kinds))
                    or self._state.updates.bring is not None
                    or self._is_closed
                ),
                seconds=seconds,
            )
        finally:
            self._waiting -= 1

"""getUpdates as the Bot API server answers it."""

import asyncio
import time

from carquery_emulators.kit.json_types import Json
from carquery_emulators.telegram.api.errors import BotApiError
from carquery_emulators.telegram.api.parameters import Parameters
from carquery_emulators.telegram.state import State

LONGEST_POLL = 50  # seconds. Source for all numbers here: tdlib/telegram-bot-api, process_get_updates_query
_LARGEST_BATCH = 100
_HASTY_POLL, _HASTY_POLL_WAITS = 0.5, 3.0
_OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "Conflict: terminated by setWebhook request"


class Polling:
    """One poll at a time; a second one ends the first with 409."""

    def __init__(self, state: State, *, delay_scale: float) -> None:
        self._state = state
        self._delay_scale = delay_scale
        self._waiting: asyncio.Future[str] | None = None
        self._is_closed = False
        self._last_offset: int | None = None
        self._last_at = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether a poll waits for an update right now."""
        return self._waiting is not None and not self._waiting.done()

    async def get_updates(self, parameters: Parameters) -> list[Json]:
        """Hand out updates, waiting `timeout` seconds for the first; those below `offset` are confirmed on arrival."""
        self._abort(_OTHER_POLLER)
        offset = parameters.integer("offset") or 0
        limit = parameters.integer("limit") or _LARGEST_BATCH
        timeout = float(min(max(parameters.integer("timeout") or 0, 0), LONGEST_POLL))
        allowed = parameters.structure("allowed_updates")
        if isinstance(allowed, list):
            self._state.updates.allow([str(kind) for kind in allowed])
        self._state.updates.confirm_before(offset)
        limit = min(max(limit, 1), _LARGEST_BATCH)
        # whoever asks for the same again at once gets one update, so that a poisonous one can be told apart
        since_last = time.monotonic() - self._last_at
        if offset == self._last_offset:
            limit = 1 if since_last < _HASTY_POLL * self._delay_scale else limit
            if since_last < _HASTY_POLL_WAITS * self._delay_scale:
                timeout = max(timeout, _HASTY_POLL_WAITS * self._delay_scale)
        self._last_offset, self._last_at = offset, time.monotonic()
        await self._wait(timeout)
        return [] if self._is_closed else self._state.updates.hand_out(limit)

    def end_for_webhook(self) -> None:
        self._abort(_WEBHOOK_SET)

    def close(self) -> None:
        self._is_closed = True
        self._state.changes.wake()

    def _abort(self, reason: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(reason)
            self._state.changes.wake()

    async def _wait(self, seconds: float) -> None:
        aborted: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting = aborted
        self._state.changes.wake()
        try:
            await self._state.changes.until(
                lambda: bool(self._state.updates.pending()) or aborted.done() or self._is_closed, seconds=seconds
            )
        finally:
            if self._waiting is aborted:
                self._waiting = None
        if aborted.done():
            raise BotApiError(409, aborted.result())

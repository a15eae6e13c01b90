"""The queue of updates that the bot has not confirmed yet."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.json_types import Json

# Source: tdlib/telegram-bot-api, Client.cpp, add_new_* (seconds)
MESSAGE_LIFETIME = 86_400
CALLBACK_QUERY_LIFETIME = 150
_LIFETIMES = {"callback_query": CALLBACK_QUERY_LIFETIME, "inline_query": 30, "chosen_inline_result": 600}
_ONLY_WHEN_ASKED_FOR = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True)
class QueuedUpdate:
    """One update on its way. `lane` is the webhook queue it belongs to: one update in flight per lane."""

    id: int
    body: Json
    expires_at: float
    lane: tuple[str, int]
    user_id: int | None
    is_redelivery: bool = False
    """Sent although its id is below the confirmed offset: goes out once whatever the offset says."""


class UpdateQueue:
    """Updates in order of arrival, each until it is confirmed or expires."""

    def __init__(self, clock: Callable[[], float], changes: Changes, *, first_id: int) -> None:
        self._clock = clock
        self._changes = changes
        self._ids = itertools.count(first_id)
        self._last_id = first_id - 1
        self._offset = 0
        self._queue: list[QueuedUpdate] = []
        self._sent: dict[int, Json] = {}
        self._allowed: frozenset[str] = frozenset()

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def allow(self, kinds: list[str]) -> None:
        """Remember which kinds to send; none means all but those that must be asked for."""
        self._allowed = frozenset(kinds)

    def pending(self) -> list[QueuedUpdate]:
        now = self._clock()
        self._queue = [update for update in self._queue if update.expires_at > now]
        return list(self._queue)

    @property
    def confirmed_up_to(self) -> int:
        """The highest id such that it and all before it left the queue."""
        return min((update.id for update in self.pending()), default=self._last_id + 1) - 1

    def add(self, kind: str, content: Json) -> int:
        """Queue a new update and return its id; kinds that the bot did not allow only use up the id."""
        update_id = next(self._ids)
        body = {"update_id": update_id, kind: content}
        self._sent[update_id] = body
        wanted = kind in self._allowed if self._allowed else kind not in _ONLY_WHEN_ASKED_FOR
        self._last_id = max(self._last_id, update_id)
        if wanted:
            self._put(update_id, body)
        return update_id

    def inject(self, raw: Json) -> int:
        """Queue anything, well-formed or not; without a usable `update_id` it gets the next one."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int):
            update_id = next(self._ids)
            raw = {"update_id": update_id, **raw}
        elif update_id > self._last_id:
            self._ids = itertools.count(update_id + 1)
        self._last_id = max(self._last_id, update_id)
        self._sent[update_id] = raw
        self._put(update_id, raw)
        return update_id

    def repeat(self, update_id: int) -> None:
        """Deliver an update once more, confirmed or not."""
        self._put(update_id, self._sent[update_id])

    def confirm_before(self, offset: int) -> None:
        """What getUpdates with this offset does, at the moment it arrives."""
        if offset < 0:
            self._queue = self.pending()[offset:]
        elif 0 < offset <= self._last_id + 1:  # an offset in the future confirms nothing. Source: tdlib/td, TQueue::get
            self._offset = offset
            self._queue = [update for update in self._queue if update.id >= offset or update.is_redelivery]
        self._changes.wake()

    def hand_out(self, limit: int) -> list[Json]:
        handed = self.pending()[:limit]
        for update in handed:
            update.is_redelivery = False
        return [update.body for update in handed]

    def confirm(self, update: QueuedUpdate) -> None:
        self._queue = [other for other in self._queue if other is not update]
        self._changes.wake()

    def clear(self) -> None:
        self._queue.clear()
        self._changes.wake()

    def _put(self, update_id: int, body: Json) -> None:
        kind = next((key for key in body if key != "update_id"), "")
        content = body.get(kind)
        user_id, chat_id = _whose(content if isinstance(content, dict) else {})
        is_callback = kind == "callback_query"
        self._queue.append(
            QueuedUpdate(
                id=update_id,
                body=body,
                expires_at=self._clock() + _LIFETIMES.get(kind, MESSAGE_LIFETIME),
                lane=("callback", user_id or 0) if is_callback else ("chat", chat_id or 0),
                user_id=user_id,
                is_redelivery=update_id < self._offset,
            )
        )
        self._changes.wake()


def _whose(content: Json) -> tuple[int | None, int | None]:
    """The user and the chat of an update; None where a malformed one names none."""

    def number(field: str) -> int | None:
        body = content.get(field)
        found = body.get("id") if isinstance(body, dict) else None
        return found if isinstance(found, int) else None

    return number("from"), number("chat")

"""What happened, in order: kept a day for whoever asks, or brought to webhooks."""

import itertools
from collections.abc import Callable, Collection
from dataclasses import dataclass

from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.json_types import Json

LIFETIME = 24 * 3600
"""Seconds. Source: love-apples/maxapi, docs/guides/webhook_vs_polling.md, as of 2026-05."""


@dataclass(slots=True, eq=False)
class LoggedUpdate:
    """One update. MAX does not tell its number; `marker` counts by it.

    Attributes:
        open_deliveries: webhooks that it is still to be brought to; None: it waits for whoever asks for updates.
    """

    number: int
    body: Json
    expires_at: float
    user_id: int | None
    chat_id: int | None
    open_deliveries: int | None = None
    is_committed: bool = False

    @property
    def kind(self) -> str:
        return str(self.body.get("update_type"))

    @property
    def is_done(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.is_committed if self.open_deliveries is None else self.open_deliveries == 0


Take = Callable[[LoggedUpdate], int]
"""Bring an update to the webhooks; returns how many there are that want it, None of them yet served."""


class UpdateLog:
    """Updates in order of arrival."""

    def __init__(self, clock: Callable[[], float], changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._numbers = itertools.count(25_493_970)
        self._log: list[LoggedUpdate] = []
        self._waiting: list[LoggedUpdate] = []
        self.bring: Take | None = None
        """Set while there is a webhook: updates go there, and not to whoever asks."""

    @property
    def next_marker(self) -> int:
        """The number of the next update to come."""
        return self._log[-1].number + 1 if self._log else 25_493_970

    def pending(self) -> list[LoggedUpdate]:
        """What nobody has taken yet."""
        now = self._clock()
        self._waiting = [update for update in self._waiting if not update.is_done and update.expires_at > now]
        return list(self._waiting)

    def add(self, kind: str, fields: Json, *, user_id: int | None = None, chat_id: int | None = None) -> int:
        """Let something have happened. Returns its number."""
        body = {**fields, "timestamp": int(self._clock() * 1000), "update_type": kind}
        return self.put(body, user_id=user_id, chat_id=chat_id)

    def put(self, body: Json, *, user_id: int | None = None, chat_id: int | None = None) -> int:
        """Any object as an update, well-formed or not. Returns its number."""
        update = LoggedUpdate(next(self._numbers), body, self._clock() + LIFETIME, user_id, chat_id)
        self._log.append(update)
        self._waiting.append(update)
        if self.bring is not None:
            update.open_deliveries = self.bring(update)
        self._changes.wake()
        return update.number

    @property
    def latest(self) -> int | None:
        """The number of the newest update; None: nothing has happened yet."""
        return self._log[-1].number if self._log else None

    def repeat(self, number: int) -> int:
        """The same once more, as if it happened again. Returns the new number."""
        old = next(update for update in self._log if update.number == number)
        return self.put(old.body, user_id=old.user_id, chat_id=old.chat_id)

    def commit_before(self, marker: int) -> None:
        """What a marker does on arrival: what stands before it never comes again."""
        for update in self._waiting:
            if update.number < marker:
                update.is_committed = True
        self._changes.wake()

    def to_hand_out(self, kinds: Collection[str]) -> list[LoggedUpdate]:
        """What waits for whoever asks, of these kinds; none: of all."""
        return [
            update
            for update in self.pending()
            if update.open_deliveries is None and (not kinds or update.kind in kinds)
        ]

    def delivered(self, update: LoggedUpdate) -> None:
        """One webhook has it, or will never have it."""
        if update.open_deliveries:
            update.open_deliveries -= 1
        self._changes.wake()

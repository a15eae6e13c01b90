"""Forms that customers leave: kept behind their backs, taken up again when they come back.

No reply waits for it. What the visit of each customer holds is noted in the process after each input, and written for
many at once some seconds later; a process that is killed loses these seconds, of which the visit itself knows.
"""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Final

from carquery.application.conversation.navigator import Navigator
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Clock
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.contact import Handle
from carquery.domain.draft import KEPT_FOR, Draft
from carquery.domain.ids import CustomerId, DialogId
from carquery.domain.values import dataclass
from carquery.domain.visit import Visit

AT_ONCE: Final = 200
"""Forms in one transaction."""
UNWRITTEN_FOR: Final = timedelta(minutes=1)
"""So long at most answers wait for a pause; who answers without one is written so often."""
MOST_NOTED: Final = 20_000
"""While the database is away, notes wait, and dialogs that have ended; beyond so many the oldest are forgotten. A form
that was sent is known by its lead; one that was thrown away may be offered once more."""


@dataclass(frozen=True, slots=True)
class _Note:
    """A visit as it was saved, and when. `since`: so long something of it is not written."""

    visit: Visit
    at: datetime
    since: datetime
    handle: Handle | None

    @property
    def draft(self) -> Draft | None:
        return Draft.of(self.visit, at=self.at, handle=self.handle)


@dataclass(slots=True, kw_only=True)
class LeftForms:
    """One for each process: it holds what was not written yet.

    Attributes:
        most: notes at once, and dialogs that have ended.
    """

    drafts: Drafts
    navigator: Navigator
    clock: Clock
    most: int = MOST_NOTED
    _noted: dict[CustomerId, _Note] = field(default_factory=dict, init=False)
    _ended: dict[DialogId, None] = field(default_factory=dict, init=False)

    async def with_left(self, visit: Visit, *, may_be_stored: bool) -> Visit:
        """A visit that has just begun, with the form that the customer left before. Raises StoreUnavailable.

        Args:
            may_be_stored: False: it is known that the store has none.
        """
        since = self.clock.now() - KEPT_FOR
        left = self._unwritten(visit.customer, since)
        if left is None and may_be_stored:
            left = await self.drafts.of(visit.customer, touched_since=since)
        if left is None or left.dialog.id in self._ended:
            return visit
        return self.navigator.with_left(visit, left)

    def note(self, before: Visit, after: Visit, *, handle: Handle | None = None) -> None:
        """An input was taken: the visit that it found, and the one that was saved; `handle`: the customer's."""
        gone = before.dialog
        if gone is not None and (after.dialog is None or after.dialog.id != gone.id):
            self._ended[gone.id] = None
            self._noted.pop(after.customer, None)
            self._forget_oldest_of(self._ended)
        if after.dialog is None:
            return
        unwritten, now = self._noted.pop(after.customer, None), self.clock.now()  # so that the latest stand last
        since = now if unwritten is None else unwritten.since
        self._noted[after.customer] = _Note(after, now, since, handle)
        self._forget_oldest_of(self._noted)

    async def write(self, *, still_for: timedelta = timedelta()) -> int:
        """Write what was noted until now. Returns how many forms.

        Args:
            still_for: leave out those whose customers did something within that time, for `UNWRITTEN_FOR` at most.

        Raises:
            StoreUnavailable: what is not written waits.
            Exception: the store can't take a form, and would not the next time: it is given up, the others wait.
        """
        customers, dialogs = self._due(still_for), list(self._ended)
        count, at_once = 0, AT_ONCE
        while customers or dialogs:
            noted = {customer: self._noted[customer] for customer in customers[:at_once] if customer in self._noted}
            ended = frozenset(dialogs[: at_once if at_once > 1 or not noted else 0])
            kept = [draft for note in noted.values() if (draft := note.draft) is not None]
            try:
                if kept or ended:
                    await self.drafts.write(kept, ended=ended, at=self.clock.now())
            except StoreUnavailable:
                raise
            except Exception:
                if len(noted) + len(ended) > 1:
                    at_once = 1  # which of them it was, shows when each is written alone
                    continue
                self._forget(noted, ended)
                raise
            self._forget(noted, ended)
            del customers[:at_once], dialogs[: len(ended)]
            count += len(kept)
        return count

    def _due(self, still_for: timedelta) -> list[CustomerId]:
        if not still_for:
            return list(self._noted)
        now = self.clock.now()
        paused, long_ago = now - still_for, now - UNWRITTEN_FOR
        return [one for one, note in self._noted.items() if note.at <= paused or note.since <= long_ago]

    def _forget(self, written: dict[CustomerId, _Note], ended: frozenset[DialogId]) -> None:
        """All but what was noted anew meanwhile."""
        for dialog in ended:
            self._ended.pop(dialog, None)
        for customer, note in written.items():
            if self._noted.get(customer) is note:
                del self._noted[customer]

    def _unwritten(self, customer: CustomerId, since: datetime) -> Draft | None:
        note = self._noted.get(customer)
        return None if note is None or note.at < since else note.draft

    def _forget_oldest_of(self, waiting: dict[Any, Any]) -> None:
        if len(waiting) > self.most:
            del waiting[next(iter(waiting))]

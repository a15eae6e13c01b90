"""The port to what is open between customers and the bot."""

from collections.abc import Collection
from typing import Protocol

from carquery.domain.ids import CustomerId, InputId, MessageToken
from carquery.domain.visit import Version, Visit


class VisitChanged(Exception):
    """The stored visit is another version than the one that was to be replaced; nothing was written."""


class Visits(Protocol):
    """Open visits, at most one per customer, each forgotten `DIALOG_TTL` after its last save.

    A visit that can't be read any more (written by a version of the program too old or too new, or damaged) counts as
    forgotten. Every method may raise `StoreUnavailable`.
    """

    async def load(self, customer: CustomerId) -> Visit | None:
        """The visit as it was saved last, with where it was shown last; `None` if there is none, or no more."""
        ...

    async def save(self, visit: Visit, *, of: Collection[InputId] = ()) -> None:
        """Store `visit` as version `visit.version + 1`, if the stored version still is `visit.version` (0: none is).

        Of two saves that replace one version exactly one succeeds, from any process. Where the visit is shown
        (`visit.shown`) is not part of a save: `note_shown` alone changes it. What is owed (`visit.owed`) is, and from
        then on `OwedReplies` knows of it.

        Args:
            of: the inputs that it takes; of what was set aside they are gone with the same write.

        Raises:
            VisitChanged: the stored version is another; nothing was written.
        """
        ...

    async def note_shown(self, customer: CustomerId, shown: MessageToken, *, owed_by: Version | None = None) -> None:
        """Remember where the customer's screen stands; no new version, no longer life; without a visit, nothing.

        Args:
            owed_by: the version whose reply it is. If no other was saved since, nothing is owed any more.
        """
        ...

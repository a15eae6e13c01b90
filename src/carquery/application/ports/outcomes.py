"""The port to what became of the requests that customers sent."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, tzinfo
from typing import Final, Protocol

from carquery.application.ports.tallies import By


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of so many requests: those that stand in the CRM, those that a person has touched there, and those on their way.

    One that was erased before it was delivered is none of these: it never will be.
    """

    sent: int = 0
    delivered: int = 0
    touched: int = 0
    waiting: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


NOTHING_SENT: Final = Outcome()


class Outcomes(Protocol):
    """Looked up among all leads, those that were erased among them. Every method may raise `StoreUnavailable`."""

    async def of_sent(
        self, since: datetime, until: datetime, *, by: By | None = None, zone: tzinfo
    ) -> Mapping[str, Outcome]:
        """What became of requests received from `since` on and before `until`; not of forms that nobody has sent.

        Args:
            zone: whose days they are told apart by; its clock differs from UTC by whole hours.

        Returns:
            By what they are told apart by, empty if by nothing, or if that is not known (any more).
        """
        ...

"""The port to when each delivered lead was touched first, and whom to look at next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from carquery.application.ports.alerts import Alert
from carquery.domain.first_touch import FirstTouch
from carquery.domain.forms.form import Service
from carquery.domain.ids import LeadId, Source
from carquery.domain.lead import Lead


@dataclass(frozen=True, slots=True)
class WatchedLead:
    """A delivered lead whose touch is watched for, or has not settled yet.

    Attributes:
        told_at: when people were told that nobody had touched it; None: they were not.
    """

    lead: Lead
    delivered_at: datetime
    touch: FirstTouch | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a lead has found.

    Attributes:
        touch: None: none, as far as one can see.
        again_at: when to look again; None: no more.
        told: what people are to be told, once; None: nothing.
    """

    lead: LeadId
    touch: FirstTouch | None
    again_at: datetime | None
    told: Alert | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A delivered lead that was watched: when it was received, and first touched; None: it was not."""

    service: Service
    source: Source | None
    received_at: datetime
    touched_at: datetime | None


class FirstTouches(Protocol):
    """Kept with the leads. A lead is watched from its delivery on. Every method may raise `StoreUnavailable`."""

    async def due(self, *, limit: int, now: datetime) -> tuple[WatchedLead, ...]:
        """Those to be looked at, the longest due first; none that was erased."""
        ...

    async def note(self, looks: Sequence[Look], *, at: datetime) -> int:
        """Store what was seen, in ONE transaction: of two touches the earlier one stays, whoever comes later with it.

        What people are to be told is put into the alerts' outbox there, unless they were told before, or the lead has
        been touched.

        Returns:
            Of how many leads this is the first touch that is known.
        """
        ...

    async def answered(
        self, *, since: datetime, until: datetime | None = None, at_most: int | None = None
    ) -> tuple[Answered, ...]:
        """Every lead received since then, before `until`, that was looked at, oldest first; or the latest of them."""
        ...

    async def of_leads(self, leads: Collection[LeadId]) -> Mapping[LeadId, FirstTouch]:
        """Which of these were touched, and when first; the others are not among them."""
        ...

    async def untouched(self) -> int:
        """How many are watched and have not been touched; none that was erased: it is not looked at any more."""
        ...

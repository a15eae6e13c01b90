"""The port to the CRM: what is made there for a lead, and what can go wrong.

CrmFailure
├── CrmBusy            not done: try again later
├── CrmAmbiguous       perhaps done: look before trying again
├── CrmUnauthorised    our authorisation is gone: tell someone; no lead is to blame
└── CrmShutOut         blocked or unpaid: stop everything, tell someone; no lead is to blame
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from carquery.domain.ids import LeadId
from carquery.domain.lead import CrmId, Effect, Lead


class CrmFailure(Exception):
    """A whole call failed."""


class CrmBusy(CrmFailure):
    """Nothing was done. `retry_after`: how long the CRM wants to be left alone, if it said so."""

    def __init__(self, reason: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class CrmAmbiguous(CrmFailure):
    """The call was sent and its answer was lost: each of its items may or may not have been made."""


class CrmUnauthorised(CrmFailure):
    """The CRM does not accept our authorisation, and renewing it did not help."""


class CrmShutOut(CrmFailure):
    """The CRM has blocked us, or the account is unpaid."""


@dataclass(frozen=True, slots=True)
class CrmMade:
    """It stands in the CRM. `left_out`: what the CRM would not take of it, in words for the note and for operators."""

    id: CrmId
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrmRefused:
    """The CRM will not make this one item, however often it is asked. `reason`: its explanation, for operators."""

    reason: str


class Crm(Protocol):
    """Contacts, leads, notes, tasks and files in the CRM.

    Every method may raise a `CrmFailure`; after all but `CrmAmbiguous` nothing was made.
    """

    async def make(self, effect: Effect, leads: Sequence[Lead]) -> Mapping[LeadId, CrmMade | CrmRefused]:
        """Make one kind of thing for up to 50 leads, each of which has all effects before this one.

        - contact: found by the lead's phone, or made; name, phone and Telegram are added, nothing is overwritten;
          leads with one phone get one contact;
        - lead: the deal, linked with the contact, the reference in its name;
        - note: all answers; task: the manager's; files: the photos.

        What a lead doesn't need is answered with `NOTHING_TO_MAKE`. One refused item does not keep the others from
        being made. Contacts and files are looked for before they are made, so that repeating them makes nothing twice;
        the CRM knows no idempotency key, so repeating a lead, note or task makes a second one: `find` it first.

        Returns:
            For each lead, by its id, what was made or why not.
        """
        ...

    async def find(self, effect: Effect, lead: Lead) -> CrmId | None:
        """What an earlier `make` made for this lead, found without relying on the CRM's search index alone."""
        ...

"""Which leads a resubmission takes, and which of those asked for it leaves alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from carquery.application.ports.amendments import Amendments
from carquery.application.ports.leads import Chosen, Leads
from carquery.domain.amendment import AmendmentStatus
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.entrypoints.commands.leads.reading import every
from carquery.entrypoints.commands.leads.tables import in_moscow

CAN_BE_RESUBMITTED: Final = (LeadStatus.FAILED, LeadStatus.DEAD, LeadStatus.PENDING)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A reference that nothing is done for, and why."""

    reference: Reference
    reason: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a resubmission is going to do.

    Attributes:
        leads: in the order they are delivered in; one that is being delivered just now is only waited for.
        amended: delivered ones, of which the CRM has refused what the customer changed since: a worker tries it again.
    """

    leads: tuple[Lead, ...]
    left_alone: tuple[LeftAlone, ...] = ()
    amended: tuple[Lead, ...] = ()

    @property
    def is_anything_missing(self) -> bool:
        return any(left.is_missing for left in self.left_alone)


async def plan_for(references: Sequence[Reference], leads: Leads, amendments: Amendments) -> Plan:
    """Take the leads of these references, in their order."""
    amended: list[Lead] = []
    taken: list[Lead] = []
    left_alone: list[LeftAlone] = []
    for reference in dict.fromkeys(references):
        lead = await leads.find(reference)
        if lead is None:
            left_alone.append(LeftAlone(reference, "there is no such lead", is_missing=True))
        elif lead.erased_at is not None:
            left_alone.append(LeftAlone(reference, "nothing to do: the customer had their data erased"))
        elif lead.status is LeadStatus.DELIVERED and await _has_dead(amendments, lead):
            amended.append(lead)
        elif lead.status is LeadStatus.DELIVERED:
            when = "" if lead.delivered_at is None else f" on {in_moscow(lead.delivered_at)}"
            left_alone.append(LeftAlone(reference, f"nothing to do: it was delivered{when}"))
        else:
            taken.append(lead)
    return Plan(tuple(taken), tuple(left_alone), tuple(amended))


async def _has_dead(amendments: Amendments, lead: Lead) -> bool:
    found = (await amendments.of([lead.id])).get(lead.id, ())
    return any(one.status is AmendmentStatus.DEAD for one in found)


async def plan_of(chosen: Chosen, leads: Leads) -> Plan:
    """Take all the chosen leads that can be delivered, oldest first."""
    newest_first = [lead async for lead in every(leads, chosen) if lead.erased_at is None]
    return Plan(tuple(reversed(newest_first)))

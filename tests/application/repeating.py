"""A customer who asks again, in a dealership where repeat requests join the open deal."""

from dataclasses import dataclass, replace
from datetime import timedelta

from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.lead import Lead
from tests.application.delivering import Delivery, an_eager_delivery, counts
from tests.builders import MINUTE, a_lead_with_files

DAYS = 14


@dataclass(frozen=True, slots=True)
class Regular:
    """Anna, who has sent one request, which has its deal, and sends others."""

    delivery: Delivery
    first: Lead

    @property
    def deal(self) -> CrmId:
        """The first request's."""
        return self.first.made[Effect.LEAD]

    async def asks_again(self, number: int = 2, *, after: timedelta = MINUTE, service: Service = Service.SELL) -> Lead:
        """One more request of hers, due now."""
        self.delivery.clock.pass_time(after)
        now = self.delivery.clock.now()
        lead = replace(a_lead_with_files(number), service=service, created_at=now, next_attempt_at=now)
        return await self.delivery.leads.add(lead)

    def texts_of(self, lead: Lead) -> tuple[str, str]:
        """Note and task, each of which stands there once, with the lead's own deal or the one that it has joined."""
        crm, deal = self.delivery.crm, lead.made[Effect.LEAD]
        note, task = crm.notes[lead.made[Effect.NOTE]], crm.tasks[lead.made[Effect.TASK]]
        assert {note.deal, task.deal} == {deal}
        return note.text, task.text


async def a_regular(*, days: int = DAYS) -> Regular:
    delivery = an_eager_delivery(join_open_deal_days=days)
    first = await delivery.leads.add(a_lead_with_files(1))
    await delivery.pass_of()()
    return Regular(delivery, await delivery.stored(first))


JOINED_ONCE = {"contacts": 1, "deals": 1, "notes": 2, "tasks": 2, "files": 2}
"""What two requests leave there, with the same two files, if the second has joined the first's deal."""

APART_ONCE = {"contacts": 1, "deals": 2, "notes": 2, "tasks": 2, "files": 4}
"""If each has its own."""


def stands(delivery: Delivery) -> dict[str, int]:
    return counts(delivery.crm)

"""The lead was stored, but the answer to that was lost."""

from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.collect_lead_step import CollectLeadStep, Edit
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import NotStored, Receipt
from carquery.application.submit_lead import SubmitLead
from carquery.domain.answers import Typed
from carquery.domain.contact import PersonName
from carquery.domain.lead import Lead
from tests.application.in_memory import Dealership, button_of, shown
from tests.builders import a_reviewed_dialog, an_arrival


class AnswersLateOnce(MemoryLeads):
    """Stores, and the first time says that it could not."""

    is_late = True

    async def add(self, lead: Lead) -> Lead:
        stored = await super().add(lead)
        if self.is_late:
            self.is_late = False
            raise StoreUnavailable
        return stored


async def test_what_the_customer_changed_since_is_in_the_lead(dealership: Dealership) -> None:
    leads = AnswersLateOnce(dealership.database, dealership.clock)
    submit = SubmitLead(
        reception=dealership.reception,
        leads=leads,
        clock=dealership.clock,
        lots=dealership.lots,
        bell=dealership.bell,
    )
    collect = CollectLeadStep(reception=dealership.reception)
    summary = a_reviewed_dialog()
    await dealership.has_open(summary)

    told = await submit(an_arrival(1), button_of(summary))
    await collect(an_arrival(2), Edit("name"), button_of(summary))
    await collect(an_arrival(3), Typed("Мария"))
    changed = (await dealership.visit()).dialog
    assert changed is not None
    sent = await submit(an_arrival(4), button_of(changed))

    assert told.screen == NotStored()
    (lead,) = dealership.stored_leads
    assert shown(sent, Receipt).reference == lead.reference
    assert lead.name == PersonName("Мария")

"""A store is away while a lead is sent, or its answer is lost: nothing is lost, nothing is promised."""

from dataclasses import replace

import pytest

from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.conversation.collect_lead_step import CollectLeadStep, Edit
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import NotStored, Receipt
from carquery.domain.answers import Typed
from carquery.domain.contact import PersonName
from carquery.domain.dealership.routing import Turn
from carquery.domain.lead import Lead
from carquery.domain.lead_limits import LeadLimits
from tests.application.in_memory import Dealership, button_of, receipt_of, shown
from tests.builders import a_reviewed_dialog, an_arrival


class LeadsBeforeVisitsFail(MemoryLeads):
    """Leads are stored; right after, visits are away."""

    def __init__(self, dealership: Dealership) -> None:
        super().__init__(dealership.database, dealership.clock)
        self._visits = dealership.visits

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        stored = await super().add(lead, limits=limits, turn=turn)
        self._visits.fail_next(StoreUnavailable())
        return stored


class LeadsWhoseAnswerIsLost(MemoryLeads):
    """Leads are stored, and nobody hears of it."""

    def __init__(self, dealership: Dealership) -> None:
        super().__init__(dealership.database, dealership.clock)

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        await super().add(lead, limits=limits, turn=turn)
        raise StoreUnavailable


class LeadsAddedLate(MemoryLeads):
    """Stores, and the first time says that it could not."""

    is_late = True

    async def add(self, lead: Lead, *, limits: LeadLimits | None = None, turn: Turn | None = None) -> Lead:
        stored = await super().add(lead, limits=limits, turn=turn)
        if self.is_late:
            self.is_late = False
            raise StoreUnavailable
        return stored


async def test_what_the_customer_changed_since_is_in_the_lead(dealership: Dealership, submit: SubmitLead) -> None:
    submit = replace(submit, leads=LeadsAddedLate(dealership.database, dealership.clock))
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


async def test_when_the_lead_cannot_be_stored_the_summary_stays(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)
    dealership.database.fail_next(StoreUnavailable())

    reply = await submit(an_arrival(1), button_of(dialog))

    assert reply.screen == NotStored()
    assert await dealership.dialog() == dialog
    assert dealership.stored_leads == []
    assert not await dealership.has_rung()
    shown(await submit(an_arrival(2), button_of(dialog)), Receipt)


async def test_a_lead_whose_receipt_was_lost_is_found_by_the_next_tap(
    dealership: Dealership, submit: SubmitLead
) -> None:
    """The visit could not be saved after the lead was stored."""
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    with pytest.raises(StoreUnavailable):
        await replace(submit, leads=LeadsBeforeVisitsFail(dealership))(an_arrival(1), button_of(dialog))

    lead = dealership.only_lead
    assert await dealership.dialog() == dialog
    assert (await submit(an_arrival(1), button_of(dialog))).screen == receipt_of(lead)
    assert len(dealership.stored_leads) == 1


async def test_a_lead_stored_though_nobody_heard_of_it_is_found_by_the_next_tap(
    dealership: Dealership, submit: SubmitLead
) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    lost = await replace(submit, leads=LeadsWhoseAnswerIsLost(dealership))(an_arrival(1), button_of(dialog))
    found = await submit(an_arrival(2), button_of(dialog))

    lead = dealership.only_lead
    assert (lost.screen, found.screen) == (NotStored(), receipt_of(lead))


@pytest.mark.parametrize("store", ["visits", "leads"])
async def test_a_tap_can_be_repeated_when_the_store_is_back(
    dealership: Dealership, submit: SubmitLead, store: str
) -> None:
    sent = a_reviewed_dialog()
    await dealership.has_open(sent)
    first = await submit(an_arrival(1), button_of(sent))
    (dealership.visits if store == "visits" else dealership.database).fail_next(StoreUnavailable())

    with pytest.raises(StoreUnavailable):
        await submit(an_arrival(2), button_of(sent))

    assert (await submit(an_arrival(2), button_of(sent))).screen == first.screen

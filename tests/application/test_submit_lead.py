"""One dialog makes one lead, however often and from wherever it is sent."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.conversation.reception import Decision
from carquery.application.conversation.submit_lead import SubmitLead
from carquery.application.screens import EnoughLeads, Question, Receipt, Stale
from carquery.domain.answers import Typed
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dealership.dealership import Dealership as Told
from carquery.domain.dealership.routing import Route, Routing
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmPipelineId, CrmUserId, LeadId, Source
from carquery.domain.lead import LeadStatus
from carquery.domain.visit import Acquaintance, Visit
from tests.application.in_memory import Dealership, button_of, receipt_of, shown
from tests.builders import ANNA, ANNA_S_HANDLE, BORIS, NOW, a_dialog, a_lead, a_reviewed_dialog, an_arrival

IVAN, PETR = CrmUserId(501), CrmUserId(502)
ROUTED = Told(
    routing=Routing(
        services={Service.SELL: Route(pipeline=CrmPipelineId(7001), responsible=(IVAN, PETR))},
        sources={(Service.SELL, Source("avito")): Route(tags=("Авито",))},
    )
)


async def test_a_sent_summary_becomes_a_lead_that_is_due(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog(service=Service.SELL, source=Source("avito"))
    await dealership.has_open(dialog)

    receipt = shown(await submit(an_arrival(), button_of(dialog)), Receipt)

    lead = dealership.only_lead
    assert (lead.id, lead.reference, lead.customer) == (LeadId(dialog.id), receipt.reference, ANNA)
    assert (dict(lead.answers), lead.source, lead.service) == (dict(dialog.answers), "avito", Service.SELL)
    assert (lead.status, lead.created_at, lead.next_attempt_at) == (LeadStatus.PENDING, NOW, NOW)


async def test_the_lead_goes_where_its_service_and_source_are_routed() -> None:
    dealership = Dealership(told=lambda: ROUTED)
    dialog = a_reviewed_dialog(service=Service.SELL, source=Source("avito"))
    await dealership.has_open(dialog)

    await dealership.submit_lead(an_arrival(), button_of(dialog))

    lead = dealership.only_lead
    assert lead.route == ROUTED.routing.of(Service.SELL, Source("avito"))
    assert lead.responsible == IVAN


async def test_who_has_left_the_crm_is_passed_over() -> None:
    dealership = Dealership(told=lambda: ROUTED)
    dealership.departed = {IVAN}
    dialog = a_reviewed_dialog(service=Service.SELL)
    await dealership.has_open(dialog)

    await dealership.submit_lead(an_arrival(), button_of(dialog))

    assert dealership.only_lead.responsible == PETR


async def test_the_lead_knows_how_to_find_the_customer_in_the_messenger(
    dealership: Dealership, submit: SubmitLead
) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    await submit(replace(an_arrival(), handle=ANNA_S_HANDLE), button_of(dialog))

    assert dealership.only_lead.handle == ANNA_S_HANDLE


async def test_the_dialog_makes_way_for_the_receipt(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog, conversation=("Позвоните",))

    receipt = shown(await submit(an_arrival(), button_of(dialog)), Receipt)

    visit = await dealership.visit()
    assert (visit.dialog, visit.receipt, visit.conversation) == (None, receipt.reference, ())
    assert visit.known == Acquaintance(PersonName("Анна"), Phone("+79161234567"))


async def test_words_beside_a_phone_are_not_kept_for_the_next_lead(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog().edit("phone").answer(Typed("8 495 123-45-67 доб. 5, это номер жены"))
    await dealership.has_open(dialog)

    await submit(an_arrival(), button_of(dialog))

    assert (await dealership.visit()).known.phone == Phone("+74951234567", extension="5")
    assert dealership.only_lead.given_phone == Phone("+74951234567", extension="5", remark="это номер жены")


async def test_delivery_is_woken(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)
    assert not await dealership.has_rung()

    await submit(an_arrival(), button_of(dialog))

    assert await dealership.has_rung()


@pytest.mark.parametrize("service", [Service.CALLBACK, Service.SELL])
async def test_each_lead_carries_what_was_written_before_it(
    dealership: Dealership, submit: SubmitLead, service: Service
) -> None:
    dialog = a_reviewed_dialog(service=service)
    await dealership.has_open(dialog, conversation=("Есть вопрос",))

    await submit(an_arrival(), button_of(dialog))

    assert dealership.only_lead.conversation == ("Есть вопрос",)


async def test_the_lead_carries_the_fingerprint_of_the_consent(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog, known=Acquaintance(consent=Consent(NOW, "1", "f" * 64)))

    await submit(an_arrival(), button_of(dialog))

    assert (dealership.only_lead).consent == "f" * 64


async def test_before_the_summary_nothing_is_sent(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_dialog(step="mileage")
    await dealership.has_open(dialog)

    reply = await submit(an_arrival(), button_of(dialog))

    assert reply.screen == Question(dialog)
    assert dealership.stored_leads == []
    assert not await dealership.has_rung()


async def test_a_summary_changed_meanwhile_is_not_sent(dealership: Dealership, submit: SubmitLead) -> None:
    summary = a_reviewed_dialog()
    await dealership.has_open(summary.edit("name").back())

    reply = await submit(an_arrival(), button_of(summary))

    assert isinstance(reply.screen, Stale)
    assert dealership.stored_leads == []


async def test_two_taps_make_one_lead_and_show_one_receipt(dealership: Dealership, submit: SubmitLead) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    replies = await asyncio.gather(*(submit(an_arrival(number), button_of(dialog)) for number in (1, 2)))

    lead = dealership.only_lead
    assert [reply.screen for reply in replies] == [receipt_of(lead)] * 2
    assert (await dealership.visit()).receipt == lead.reference


async def test_a_tap_after_the_dialog_is_gone_shows_the_same_receipt(
    dealership: Dealership, submit: SubmitLead
) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)
    first = await submit(an_arrival(1), button_of(dialog))
    dealership.clock.pass_time(timedelta(days=1))

    again = await submit(an_arrival(2), button_of(dialog))

    assert again.screen == first.screen
    assert len(dealership.stored_leads) == 1


async def test_a_tap_on_an_old_summary_leaves_the_open_dialog_alone(dealership: Dealership, submit: SubmitLead) -> None:
    sent = a_reviewed_dialog(number=1)
    await dealership.has_open(sent)
    first = await submit(an_arrival(1), button_of(sent))
    opened = a_dialog(number=2, step="mileage")

    async def open_another(visit: Visit) -> Decision:
        return visit.with_dialog(opened), Question(opened)

    await dealership.reception(an_arrival(2), open_another)

    again = await submit(an_arrival(3), button_of(sent))

    assert again.screen == first.screen
    assert await dealership.dialog() == opened


async def test_the_same_tap_repeated_by_the_messenger_shows_the_receipt(
    dealership: Dealership, submit: SubmitLead
) -> None:
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    first = await submit(an_arrival(1), button_of(dialog))
    again = await submit(an_arrival(1), button_of(dialog))

    assert again.screen == first.screen
    assert len(dealership.stored_leads) == 1


async def test_another_customer_s_lead_is_not_shown(dealership: Dealership, submit: SubmitLead) -> None:
    hers = a_reviewed_dialog()
    await dealership.leads.add(a_lead(id=hers.id, customer=ANNA))

    assert (await submit(an_arrival(customer=BORIS), button_of(hers))).screen == Stale()


async def test_an_erased_lead_has_no_receipt(dealership: Dealership, submit: SubmitLead) -> None:
    lead = await dealership.leads.add(a_lead())
    await dealership.customers.erase(ANNA)

    assert (await submit(an_arrival(), button_of(a_reviewed_dialog()))).screen == Stale()
    assert [stored.id for stored in dealership.stored_leads] == [lead.id]


async def test_a_button_of_a_dialog_that_was_never_sent_is_stale(submit: SubmitLead) -> None:
    assert (await submit(an_arrival(), button_of(a_reviewed_dialog()))).screen == Stale()


async def test_a_reference_that_is_taken_is_drawn_again(dealership: Dealership, submit: SubmitLead) -> None:
    taken = dealership.randomness.reference()
    dealership.randomness.draw_again()
    await dealership.leads.add(a_lead(9, reference=taken, customer=BORIS))
    dialog = a_reviewed_dialog()
    await dealership.has_open(dialog)

    receipt = shown(await submit(an_arrival(), button_of(dialog)), Receipt)

    assert receipt.reference != taken
    lead = await dealership.leads.find(receipt.reference)
    assert lead is not None
    assert lead.id == LeadId(dialog.id)


async def test_a_tap_beside_an_edit_sends_what_the_customer_saw(dealership: Dealership, submit: SubmitLead) -> None:
    summary = a_reviewed_dialog()
    await dealership.has_open(summary)

    async def edit(visit: Visit) -> Decision:
        dialog = visit.dialog_of(button_of(summary))
        assert dialog is not None
        edited = dialog.edit("name")
        return visit.with_dialog(edited), Question(edited)

    edited, sent = await asyncio.gather(
        dealership.reception(an_arrival(1), edit),
        submit(an_arrival(2), button_of(summary)),
    )

    lead = dealership.only_lead
    assert isinstance(edited.screen, Question)
    assert sent.screen == receipt_of(lead)
    assert dict(lead.answers) == dict(summary.answers)


async def test_a_fourth_request_within_an_hour_waits_and_loses_nothing(
    dealership: Dealership, submit: SubmitLead
) -> None:
    for number in (1, 2, 3):
        await dealership.leads.add(a_lead(number))
    dialog = a_reviewed_dialog(number=4)
    await dealership.has_open(dialog)

    enough = shown(await submit(an_arrival(1), button_of(dialog)), EnoughLeads)

    assert (enough.dialog, enough.again_in) == (dialog, timedelta(hours=1))
    assert await dealership.dialog() == dialog
    dealership.clock.pass_time(enough.again_in)
    await dealership.has_open(dialog)
    shown(await submit(an_arrival(2), button_of(dialog)), Receipt)

"""The staff chat is told of each lead that is delivered: once, with nothing personal, in the hours of work."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from carquery.adapters.memory.crm import MEMORY
from carquery.application.ports.alerts import NewLead
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.announcement_texts import announcement, buttons_of
from carquery.application.wording import CrmInWords
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import Source
from carquery.domain.reason import Reason
from carquery.domain.words import Words
from tests.application.faults import Boundaries, Crash, FragileLeads, crash, fail
from tests.application.showroom import Showroom, open_from
from tests.builders import DAY, EVERY_KIND_OF_ANSWER, HOUR, MINUTE, a_full_lead, a_lead_with_files

BOUNDARIES = 24
"""Of one pass: before and after each call to the store and the CRM, at most."""


async def test_a_delivered_lead_is_announced_once() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead(source=Source("avito"))

    [said] = await showroom.said_after(DAY)

    assert said == showroom.announcing.of(lead)


async def test_an_announcement_says_what_is_wanted_and_where_from() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead(source=Source("avito"))
    [said] = await showroom.said_after(DAY)
    assert isinstance(said, NewLead)

    text = announcement(said).plain

    assert [part in text for part in (lead.reference, "Продажа авто", "Toyota Camry", "avito", "Telegram")] == [
        True
    ] * 5


async def test_a_link_that_only_opens_a_form_is_no_source() -> None:
    showroom = Showroom()
    await showroom.a_delivered_lead(source=Source("sell"))
    [said] = await showroom.said_after(DAY)
    assert isinstance(said, NewLead)

    assert said.source == ""


async def test_of_one_that_was_not_sent_it_says_so() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead(is_unfinished=True)
    [said] = await showroom.said_after(DAY)
    assert isinstance(said, NewLead)

    assert announcement(said).plain.startswith(f"🆕 Новая заявка {lead.reference}, не завершена")


async def test_nothing_personal_is_announced() -> None:
    showroom = Showroom()
    answers = EVERY_KIND_OF_ANSWER | {"car_brand": Words("Камри, звоните 8 916 123-45-67, Анна Петрова")}
    lead = await showroom.a_delivered_lead(answers=answers, source=Source("from_79161234567"))
    [said] = await showroom.said_after(DAY)
    assert isinstance(said, NewLead)

    text = announcement(said).plain

    assert lead.name is not None
    assert lead.phone is not None
    assert not [word for word in ("916", "123-45", "Анна", "Петров", lead.phone.e164[-7:]) if word in text]


def test_under_it_stand_a_button_and_the_deal() -> None:
    showroom = Showroom()
    lead = replace(a_full_lead(), made={Effect.LEAD: CrmId(77)})
    said = showroom.announcing.of(lead)
    crm = CrmInWords(
        name="CRM", reasons=MEMORY.reasons, check="", recount="", deal_page="https://crm.example/deal/{deal}"
    )

    assert buttons_of(said, crm).take == lead.reference
    assert buttons_of(said, crm).link == "https://crm.example/deal/77"
    assert buttons_of(said, MEMORY).link is None, "the CRM in memory has no pages"


async def test_a_lead_that_is_not_delivered_is_not_announced() -> None:
    showroom = Showroom()
    lead = await showroom.delivery.leads.add(a_lead_with_files())
    showroom.crm.refuse(lead.id, Effect.NOTE, Reason("нет"))

    await showroom.pass_of()()

    assert not [alert for alert in await showroom.said_after(HOUR) if isinstance(alert, NewLead)]


async def test_while_it_is_closed_an_announcement_waits_for_the_opening() -> None:
    """It is 12:30 in Moscow on a Monday."""
    showroom = Showroom(told=replace(NEUTRAL, hours=open_from("пн-пт 9-12; сб 10-14")))
    await showroom.a_delivered_lead()

    assert await showroom.said_after(20 * HOUR) == []
    assert len(await showroom.said_after(HOUR)) == 1


async def test_while_it_is_open_it_is_said_at_once() -> None:
    showroom = Showroom(told=replace(NEUTRAL, hours=open_from("пн-пт 9-20")))
    await showroom.a_delivered_lead()

    assert len(await showroom.said_after(timedelta())) == 1


async def test_where_nobody_reads_nothing_is_kept() -> None:
    showroom = Showroom(is_anybody_there=False)
    await showroom.a_delivered_lead()

    assert showroom.staff.waiting == []


async def test_whatever_breaks_in_the_delivery_the_lead_is_announced_once(
    record_property: Callable[[str, object], None],
) -> None:
    """The announcement is stored in the transaction that stores the delivery."""
    outcomes: dict[str, int] = {}
    for breaks in (crash, fail):
        for boundary in range(BOUNDARIES):
            showroom = Showroom()
            await showroom.delivery.leads.add(a_lead_with_files())
            leads = FragileLeads(showroom.delivery.leads, Boundaries({boundary: breaks}))
            with suppress(Crash, StoreUnavailable):
                await showroom.pass_of(leads=leads)()
            showroom.clock.pass_time(HOUR)
            await showroom.pass_of()()
            said = [alert for alert in await showroom.said_after(DAY) if isinstance(alert, NewLead)]
            key = f"{breaks.__name__}: announced {len(said)}"
            outcomes[key] = outcomes.get(key, 0) + 1
    record_property("proof", f"announcements: {2 * BOUNDARIES} points, outcomes {outcomes}")

    assert outcomes == {"crash: announced 1": BOUNDARIES, "fail: announced 1": BOUNDARIES}


async def test_a_process_that_dies_while_saying_it_costs_no_announcement(
    record_property: Callable[[str, object], None],
) -> None:
    """As every alert: said at least once. Only of one that died between saying and noting it is said again."""
    outcomes: dict[str, int] = {}
    points = {"before taking": 1, "before saying": 1, "after saying": 2, "after noting": 1}
    for point, times in points.items():
        showroom = Showroom()
        await showroom.a_delivered_lead()
        taken = None if point == "before taking" else await showroom.staff.outbox.take(lease_for=MINUTE)
        if taken is not None and point != "before saying":
            await showroom.staff.chat.say(taken.alert)
        if taken is not None and point == "after noting":
            await showroom.staff.outbox.said(taken)
        said = await showroom.said_after(DAY)
        outcomes[f"{point}: {len(said)}"] = times
        assert (point, len(said)) == (point, times)
    record_property("proof", f"saying an announcement: {outcomes}")

"""Delivered leads are watched: when each was touched is stored; of one that nobody touches people hear once more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.adapters.memory.crm import MEMORY
from carquery.application.ports.alerts import LeadUntouched
from carquery.application.ports.crm import CrmBusy, CrmFailure
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.staff.announcement_texts import announcement, buttons_of
from carquery.domain.dealership.dealership import NEUTRAL
from carquery.domain.effects import Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.lead import Lead
from tests.application.showroom import HALF_AN_HOUR, IRINA_IN_CRM, LIVELY, OLEG, OLEG_IN_CRM, Showroom, open_from
from tests.builders import DAY, HOUR, MINUTE


async def looked(showroom: Showroom, *, minutes: int) -> None:
    """Each minute somebody looks."""
    for _ in range(minutes):
        showroom.clock.pass_time(MINUTE)
        await showroom.watch()(now=showroom.clock.now())


async def untouched(showroom: Showroom) -> list[LeadUntouched]:
    """What people were told of leads that nobody has touched."""
    return [alert for alert in await showroom.said_after(timedelta()) if isinstance(alert, LeadUntouched)]


async def touch_of(showroom: Showroom, lead: Lead) -> FirstTouch | None:
    return showroom.delivery.database.touches[lead.id].touch


async def test_the_first_touch_is_stored_with_who_it_was() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    touched_at = showroom.clock.now() + 3 * MINUTE
    showroom.history.act(lead.made[Effect.LEAD], touched_at, OLEG_IN_CRM)

    report = None
    for _ in range(5):
        showroom.clock.pass_time(MINUTE)
        report = await showroom.watch()(now=showroom.clock.now())

    assert await touch_of(showroom, lead) == FirstTouch(touched_at, OLEG_IN_CRM)
    assert report is not None


async def test_an_earlier_touch_that_is_told_later_takes_its_place() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    deal, now = lead.made[Effect.LEAD], showroom.clock.now()
    showroom.history.act(deal, now + 5 * MINUTE, OLEG_IN_CRM)
    await looked(showroom, minutes=6)
    showroom.history.act(deal, now + 2 * MINUTE, IRINA_IN_CRM)

    await looked(showroom, minutes=20)

    assert await touch_of(showroom, lead) == FirstTouch(now + 2 * MINUTE, IRINA_IN_CRM)
    assert not await showroom.watch().is_due(now=showroom.clock.now() + DAY), "it has settled"


async def test_one_that_nobody_touches_is_announced_again_once() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()

    await looked(showroom, minutes=29)
    assert await untouched(showroom) == []
    await looked(showroom, minutes=120)

    [again] = await untouched(showroom)
    assert (again.reference, again.minutes, again.taken_by) == (lead.reference, 30, "")
    assert "за 30 мин" in announcement(again).plain
    assert buttons_of(again, MEMORY).take == lead.reference


async def test_of_one_that_was_taken_in_the_chat_it_says_by_whom() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    await showroom.take_lead()(lead.reference, OLEG)

    await looked(showroom, minutes=31)

    [again] = await untouched(showroom)
    assert again.taken_by == OLEG.name
    assert OLEG.name in announcement(again).plain
    assert buttons_of(again, MEMORY).take is None


@pytest.mark.parametrize("phase", [DealPhase.IN_WORK, DealPhase.CLOSED])
async def test_a_history_that_tells_nothing_is_not_believed_against_the_deal(phase: DealPhase) -> None:
    """Events may be missing, or not be had at all; a deal that was moved has been touched."""
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.crm.turn_deal(lead.made[Effect.LEAD], DealState(phase))

    await looked(showroom, minutes=60)

    assert await untouched(showroom) == []


@pytest.mark.parametrize(("phase", "told_of"), [(DealPhase.IN_WORK, 1), (DealPhase.CLOSED, 0)])
async def test_a_joined_deal_that_somebody_works_on_is_no_touch_of_the_request_that_joined_it(
    phase: DealPhase, told_of: int
) -> None:
    """It was worked on before the customer asked again; who closes it afterwards has seen the request."""
    showroom = Showroom(told=replace(LIVELY, follow_up=replace(HALF_AN_HOUR, join_open_deal_days=30)))
    first = await showroom.a_delivered_lead(1)
    deal = first.made[Effect.LEAD]
    showroom.history.act(deal, showroom.clock.now() + MINUTE, OLEG_IN_CRM)
    showroom.crm.turn_deal(deal, DealState(DealPhase.IN_WORK))
    await looked(showroom, minutes=2)
    again = await showroom.a_delivered_lead(2)
    assert again.joined_to is not None
    showroom.crm.turn_deal(deal, DealState(phase))

    await looked(showroom, minutes=60)

    assert [alert.reference for alert in await untouched(showroom)] == [again.reference] * told_of


async def test_of_a_deal_that_was_merged_or_deleted_nobody_is_told() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.crm.delete_deal(lead.made[Effect.LEAD])

    await looked(showroom, minutes=60)

    assert await untouched(showroom) == []
    assert not await showroom.watch().is_due(now=showroom.clock.now() + HOUR)


async def test_only_working_minutes_count_and_nobody_is_called_at_night() -> None:
    """It is 12:30 in Moscow on a Monday; the dealership closes at 12:45, and opens at 9."""
    told = replace(NEUTRAL, hours=open_from("пн-пт 9:00-12:45"), follow_up=HALF_AN_HOUR)
    showroom = Showroom(told=told)
    await showroom.a_delivered_lead()

    showroom.clock.pass_time(20 * HOUR)  # 8:30 of the next day
    await looked(showroom, minutes=44)
    assert await untouched(showroom) == []
    await looked(showroom, minutes=6)

    assert len(await untouched(showroom)) == 1


async def test_without_a_word_in_the_file_it_is_measured_and_nobody_is_told() -> None:
    showroom = Showroom(told=NEUTRAL)
    lead = await showroom.a_delivered_lead()
    showroom.history.act(lead.made[Effect.LEAD], showroom.clock.now() + HOUR, OLEG_IN_CRM)

    await looked(showroom, minutes=70)

    assert await untouched(showroom) == []
    assert await touch_of(showroom, lead) is not None


async def test_a_crm_that_can_not_be_read_tells_nothing_false() -> None:
    showroom = Showroom()
    lead = await showroom.a_delivered_lead()
    showroom.clock.pass_time(HOUR)
    showroom.history.fail_next(CrmBusy("HTTP 503"), times=3)

    for _ in range(3):
        with pytest.raises(CrmFailure):
            await showroom.watch()(now=showroom.clock.now())
    assert await untouched(showroom) == []
    showroom.history.act(lead.made[Effect.LEAD], showroom.clock.now(), OLEG_IN_CRM)
    await looked(showroom, minutes=1)

    assert await untouched(showroom) == []
    assert await touch_of(showroom, lead) is not None


async def test_many_are_looked_at_in_turn() -> None:
    showroom = Showroom()
    for number in range(1, 26):
        await showroom.a_delivered_lead(number)

    seen = []
    for _ in range(3):
        showroom.clock.pass_time(MINUTE)
        seen.append((await showroom.watch()(now=showroom.clock.now())).looked_at)

    assert seen == [10, 10, 10]
    assert all(row.looked_at is not None for row in showroom.delivery.database.touches.values())

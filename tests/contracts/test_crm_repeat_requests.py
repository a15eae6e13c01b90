"""What every adapter of `Crm` promises of customers who were there before."""

from datetime import UTC, datetime, timedelta

import pytest

from carquery.application.ports.crm import CrmFailure, CrmGone
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import EarlierDeal, Lead
from tests.builders import NOW, PERMIT, a_lead_with_files
from tests.contracts.crms import CrmInHand, made, made_up_to

LONG_AGO = NOW - timedelta(days=3650)
HANGING = pytest.mark.parametrize("effect", [Effect.NOTE, Effect.TASK, Effect.FILES])


async def a_lead_with_deal(hand: CrmInHand, number: int = 1) -> Lead:
    return await made(Effect.LEAD, await made_up_to(Effect.LEAD, a_lead_with_files(number), hand.crm), hand.crm)


async def another(hand: CrmInHand, number: int = 2) -> Lead:
    """A further lead of hers, which has its contact."""
    return await made_up_to(Effect.LEAD, a_lead_with_files(number), hand.crm)


async def standing(hand: CrmInHand, lead: Lead, *, since: datetime = LONG_AGO) -> tuple[CrmId, object, bool] | None:
    found = (await hand.crm.earlier_deals([lead], since=since)).get(lead.id)
    return None if found is None else (found.deal.id, found.deal.reference, found.is_open)


async def joined(hand: CrmInHand, number: int = 2, *, before: Effect = Effect.NOTE) -> Lead:
    """A lead that has joined the deal of lead 1, which has everything, with all effects before that one."""
    first = await a_lead_with_deal(hand)
    for effect in (Effect.NOTE, Effect.TASK, Effect.FILES):
        first = await made(effect, first, hand.crm)
    lead = (await another(hand, number)).joins(EarlierDeal(first.made[Effect.LEAD], first.reference))
    for effect in list(Effect)[2 : list(Effect).index(before)]:
        lead = await made(effect, lead, hand.crm)
    return lead


async def test_who_comes_for_the_first_time_has_no_deal(hand: CrmInHand) -> None:
    await a_lead_with_deal(hand)
    stranger = await made_up_to(Effect.LEAD, a_lead_with_files(2, phone=Phone("+79035550101")), hand.crm)

    assert await standing(hand, stranger) is None


async def test_an_open_deal_is_told_however_often_it_is_asked_for(hand: CrmInHand) -> None:
    first, lead = await a_lead_with_deal(hand), await another(hand)

    asked = [await standing(hand, lead) for _ in range(2)]

    assert asked == [(first.made[Effect.LEAD], first.reference, True)] * 2


async def test_a_deal_that_was_made_a_moment_ago_is_told_too(hand: CrmInHand) -> None:
    """Of a contact of which it was known that it had none."""
    lead, other = await another(hand, 1), await another(hand, 2)
    made_now = await made(Effect.LEAD, lead, hand.crm)

    assert await standing(hand, other) == (made_now.made[Effect.LEAD], made_now.reference, True)


async def test_of_several_the_newest_open_one_is_told_else_the_newest(hand: CrmInHand) -> None:
    first = await a_lead_with_deal(hand)
    theirs, newest = (hand.open_deal(first.made[Effect.CONTACT]) for _ in range(2))
    hand.close_deal(newest)
    lead = await another(hand)

    with_open = await standing(hand, lead)
    hand.close_deal(theirs)
    with_older = await standing(hand, lead)
    hand.close_deal(first.made[Effect.LEAD])
    with_none = await standing(hand, lead)

    assert with_open == (theirs, None, True)
    assert with_older == (first.made[Effect.LEAD], first.reference, True)
    assert with_none is not None
    assert with_none[2] is False


async def test_a_deal_of_longer_ago_is_not_open_to_who_asks(hand: CrmInHand) -> None:
    first, lead = await a_lead_with_deal(hand), await another(hand)

    told = await standing(hand, lead, since=datetime.now(UTC) + timedelta(days=3650))

    if hand.deals_have_dates:
        assert told == (first.made[Effect.LEAD], first.reference, False)


async def test_a_deal_that_is_gone_and_a_contact_that_is_gone_are_none(hand: CrmInHand) -> None:
    first, lead = await a_lead_with_deal(hand), await another(hand)
    hand.delete_deal(first.made[Effect.LEAD])
    without_deal = await standing(hand, lead)
    hand.delete_contact(lead.made[Effect.CONTACT])

    assert (without_deal, await standing(hand, lead)) == (None, None)


async def test_each_of_a_call_s_leads_is_told_its_own(hand: CrmInHand) -> None:
    phones = [Phone(f"+7903555010{number}") for number in (1, 2, 3)]
    firsts = [a_lead_with_files(number, phone=phone) for number, phone in enumerate(phones[:2], start=1)]
    deals = [await made(Effect.LEAD, await made_up_to(Effect.LEAD, lead, hand.crm), hand.crm) for lead in firsts]
    leads = [
        await made_up_to(Effect.LEAD, a_lead_with_files(number, phone=phone), hand.crm)
        for number, phone in enumerate(phones, start=4)
    ]

    found = await hand.crm.earlier_deals(leads, since=LONG_AGO)

    assert {lead: told.deal.id for lead, told in found.items()} == {
        leads[0].id: deals[0].made[Effect.LEAD],
        leads[1].id: deals[1].made[Effect.LEAD],
    }
    assert all(told.is_open for told in found.values())


async def test_deals_are_open_until_they_are_closed_or_gone(hand: CrmInHand) -> None:
    phones = [Phone(f"+7903555010{number}") for number in (1, 2, 3)]
    leads = [
        await made(Effect.LEAD, await made_up_to(Effect.LEAD, a_lead_with_files(n, phone=phone), hand.crm), hand.crm)
        for n, phone in enumerate(phones, start=1)
    ]
    before = await hand.crm.still_open(leads)
    hand.close_deal(leads[0].made[Effect.LEAD])
    hand.delete_deal(leads[1].made[Effect.LEAD])

    assert before == {lead.id for lead in leads}
    assert await hand.crm.still_open(leads) == {leads[2].id}


async def test_while_the_crm_is_away_nothing_is_known_of_deals(hand: CrmInHand) -> None:
    lead = await joined(hand)

    async with hand.away():
        with pytest.raises(CrmFailure):
            await hand.crm.earlier_deals([lead], since=LONG_AGO)
    async with hand.away():
        with pytest.raises(CrmFailure):
            await hand.crm.still_open([lead])


@HANGING
async def test_what_hangs_on_a_joined_deal_is_told_from_what_hung_there_before(hand: CrmInHand, effect: Effect) -> None:
    """Both name the same reference, and both have files."""
    lead = await joined(hand, before=effect)
    if effect is not Effect.FILES:
        assert await hand.crm.find(effect, [lead]) == {}

    done = await made(effect, lead, hand.crm)

    assert await hand.crm.find(effect, [lead]) == {lead.id: done.made[effect]}
    assert hand.counts()[:2] == (1, 1)


@HANGING
async def test_a_joined_deal_that_is_gone_says_so(hand: CrmInHand, effect: Effect) -> None:
    lead = await joined(hand, before=effect)
    hand.delete_deal(lead.made[Effect.LEAD])

    outcome = (await hand.crm.make(effect, [lead.intends(effect, at=NOW)], PERMIT))[lead.id]

    assert isinstance(outcome, CrmGone)
    assert outcome.effect is Effect.LEAD


async def test_a_note_says_more_once_however_often_it_is_told_to(hand: CrmInHand) -> None:
    lead = await made(Effect.NOTE, await a_lead_with_deal(hand), hand.crm)
    before = hand.note(lead.made[Effect.NOTE])

    for _ in range(2):
        await hand.crm.add_to_note(lead, "Возможен трейд-ин: CQ-000002", PERMIT)
    await hand.crm.add_to_note(lead, "Возможен трейд-ин: CQ-000003", PERMIT)

    assert hand.note(lead.made[Effect.NOTE]).splitlines() == [
        *before.splitlines(),
        "Возможен трейд-ин: CQ-000002",
        "Возможен трейд-ин: CQ-000003",
    ]


async def test_a_note_that_is_gone_stays_gone(hand: CrmInHand) -> None:
    lead = (await a_lead_with_deal(hand)).with_made(Effect.NOTE, CrmId(999_999_999))

    await hand.crm.add_to_note(lead, "Возможен трейд-ин: CQ-000002", PERMIT)

    assert hand.counts()[2] == 0


async def test_while_the_crm_is_away_no_note_says_more(hand: CrmInHand) -> None:
    lead = await made(Effect.NOTE, await a_lead_with_deal(hand), hand.crm)

    async with hand.away():
        with pytest.raises(CrmFailure):
            await hand.crm.add_to_note(lead, "Возможен трейд-ин: CQ-000002", PERMIT)

    assert "трейд-ин" not in hand.note(lead.made[Effect.NOTE])

"""What every adapter of `DealCounts` promises."""

from datetime import timedelta

import pytest

from carquery.application.ports.crm import CrmFailure
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import Lead
from tests.builders import NOW, a_lead_with_files
from tests.contracts.crms import CrmInHand, made, made_up_to

LONG_AGO = NOW - timedelta(days=3650)


async def a_lead_with_deal(hand: CrmInHand, number: int) -> Lead:
    lead = a_lead_with_files(number, phone=Phone(f"+7916000{number:04}"))
    return await made(Effect.LEAD, await made_up_to(Effect.LEAD, lead, hand.crm), hand.crm)


async def test_each_lead_has_the_deals_that_stand_there(hand: CrmInHand) -> None:
    once, twice, gone = [await a_lead_with_deal(hand, number) for number in (1, 2, 3)]
    await made(Effect.LEAD, twice, hand.crm)
    hand.delete_deal(gone.made[Effect.LEAD])

    counts = await hand.deals.count_deals([once, twice, gone], since=LONG_AGO)

    assert counts == {once.id: 1, twice.id: 2, gone.id: 0}


async def test_a_deal_that_a_manager_renamed_is_still_the_lead_s(hand: CrmInHand) -> None:
    lead = await a_lead_with_deal(hand, 1)
    hand.rename_deal(lead.made[Effect.LEAD], "Анна, Камри")

    assert await hand.deals.count_deals([lead], since=LONG_AGO) == {lead.id: 1}


async def test_other_leads_deals_are_not_counted(hand: CrmInHand) -> None:
    lead, other = [await a_lead_with_deal(hand, number) for number in (1, 2)]
    hand.delete_deal(lead.made[Effect.LEAD])

    assert await hand.deals.count_deals([lead], since=LONG_AGO) == {lead.id: 0}
    assert await hand.deals.count_deals([other], since=LONG_AGO) == {other.id: 1}


async def test_a_deal_that_is_older_than_what_is_read_is_found_by_its_number(hand: CrmInHand) -> None:
    lead = await a_lead_with_deal(hand, 1)

    assert await hand.deals.count_deals([lead], since=NOW + timedelta(days=3650)) == {lead.id: 1}


async def test_while_the_crm_is_away_nothing_is_known(hand: CrmInHand) -> None:
    lead = await a_lead_with_deal(hand, 1)

    async with hand.away():
        with pytest.raises(CrmFailure):
            await hand.deals.count_deals([lead], since=LONG_AGO)


async def test_a_number_that_never_was_is_no_deal(hand: CrmInHand) -> None:
    lead = a_lead_with_files(1).with_made(Effect.CONTACT, CrmId(1)).with_made(Effect.LEAD, CrmId(999_999_999))

    assert await hand.deals.count_deals([lead], since=LONG_AGO) == {lead.id: 0}

"""What every adapter of `Crm` promises."""

from dataclasses import replace

import pytest

from carquery.application.ports.crm import CrmFailure, CrmGone, CrmMade, CrmRefused
from carquery.domain.attachments import Attachments
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dealership.routing import Route
from carquery.domain.effects import NOTHING_TO_MAKE, Effect
from carquery.domain.lead import Lead
from tests.builders import BORIS, EVERY_KIND_OF_ANSWER, NOW, PERMIT, a_lead, a_lead_with_files
from tests.contracts.crms import CrmInHand, made, made_up_to

EFFECTS = pytest.mark.parametrize("effect", list(Effect))


async def test_each_effect_makes_its_thing_and_no_other(hand: CrmInHand) -> None:
    lead, seen = a_lead_with_files(), []
    for effect in Effect:
        lead = await made(effect, lead, hand.crm)
        seen.append(hand.counts())

    assert seen == [(1, 0, 0, 0, 0), (1, 1, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 1, 1, 0), (1, 1, 1, 1, 2)]


async def test_every_lead_of_a_call_is_answered(hand: CrmInHand) -> None:
    leads = [a_lead_with_files(number) for number in range(1, hand.crm.limits.batch + 1)]

    outcomes = await hand.crm.make(Effect.CONTACT, leads, PERMIT)

    assert set(outcomes) == {lead.id for lead in leads}


async def test_leads_of_one_phone_get_one_contact_in_one_call_and_later(hand: CrmInHand) -> None:
    together = await hand.crm.make(Effect.CONTACT, [a_lead_with_files(1), a_lead_with_files(2)], PERMIT)
    later = await hand.crm.make(Effect.CONTACT, [replace(a_lead_with_files(3), customer=BORIS)], PERMIT)

    assert len({outcome.id for outcome in (*together.values(), *later.values()) if isinstance(outcome, CrmMade)}) == 1
    assert hand.counts()[0] == 1


async def test_extensions_of_one_number_get_one_contact(hand: CrmInHand) -> None:
    hers, his = (a_lead_with_files(number, phone=Phone("+74951234567", extension=str(number))) for number in (1, 2))

    outcomes = await hand.crm.make(Effect.CONTACT, [hers, his], PERMIT)

    assert outcomes[hers.id] == outcomes[his.id]


async def test_other_phones_get_other_contacts(hand: CrmInHand) -> None:
    hers, his = a_lead_with_files(1), a_lead_with_files(2, phone=Phone("+79035550101"))

    outcomes = await hand.crm.make(Effect.CONTACT, [hers, his], PERMIT)

    assert outcomes[hers.id] != outcomes[his.id]


async def test_a_contact_s_name_is_not_overwritten(hand: CrmInHand) -> None:
    await hand.crm.make(Effect.CONTACT, [a_lead_with_files(1)], PERMIT)
    await hand.crm.make(Effect.CONTACT, [a_lead_with_files(2, name=PersonName("Кто-то"))], PERMIT)

    assert hand.names() == ["Анна"]


@pytest.mark.parametrize("effect", [Effect.CONTACT, Effect.FILES])
async def test_contacts_and_files_made_again_are_the_same(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_lead_with_files(), hand.crm)
    first = await hand.crm.make(effect, [lead], PERMIT)
    before = hand.counts()

    assert await hand.crm.make(effect, [lead], PERMIT) == first
    assert hand.counts() == before


async def test_files_half_attached_are_completed(hand: CrmInHand) -> None:
    lead = await made_up_to(Effect.FILES, a_lead_with_files(), hand.crm)
    half = replace(lead, attachments=Attachments())
    await hand.crm.make(Effect.FILES, [half], PERMIT)
    assert await hand.crm.find(Effect.FILES, [lead]) == {}

    await hand.crm.make(Effect.FILES, [lead], PERMIT)

    assert hand.counts()[4] == 2


async def test_without_photos_there_is_nothing_to_attach(hand: CrmInHand) -> None:
    answers = {step: answer for step, answer in EVERY_KIND_OF_ANSWER.items() if step != "photos"}
    lead = await made_up_to(Effect.FILES, a_lead(answers=answers), hand.crm)

    assert await hand.crm.make(Effect.FILES, [lead], PERMIT) == {lead.id: CrmMade(NOTHING_TO_MAKE)}


@EFFECTS
async def test_what_was_not_made_is_not_found(hand: CrmInHand, effect: Effect) -> None:
    another = a_lead_with_files(2, phone=Phone("+79035550101"))
    await made(effect, await made_up_to(effect, another, hand.crm), hand.crm)
    lead = await made_up_to(effect, a_lead_with_files(1), hand.crm)

    assert await hand.crm.find(effect, [lead]) == {}


@EFFECTS
async def test_what_was_made_is_found_under_its_id(hand: CrmInHand, effect: Effect) -> None:
    another = a_lead_with_files(2, phone=Phone("+79035550101"))
    await made(effect, await made_up_to(effect, another, hand.crm), hand.crm)
    lead = await made_up_to(effect, a_lead_with_files(1), hand.crm)

    done = await made(effect, lead, hand.crm)

    assert await hand.crm.find(effect, [lead]) == {lead.id: done.made[effect]}


@EFFECTS
async def test_what_was_made_and_its_answer_lost_is_found(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_lead_with_files(), hand.crm)
    hand.lose_next_answer(effect)
    outcome = (await hand.crm.make(effect, [lead], PERMIT))[lead.id]
    assert isinstance(outcome, CrmFailure)
    before = hand.counts()

    assert set(await hand.crm.find(effect, [lead])) == {lead.id}
    assert hand.counts() == before


async def test_a_deal_whose_contact_was_deleted_says_so_and_is_made_with_another(hand: CrmInHand) -> None:
    lead = await made_up_to(Effect.LEAD, a_lead_with_files(), hand.crm)
    hand.delete_contact(lead.made[Effect.CONTACT])

    outcome = (await hand.crm.make(Effect.LEAD, [lead.intends(Effect.LEAD, at=NOW)], PERMIT))[lead.id]

    assert isinstance(outcome, CrmGone)
    assert outcome.effect is Effect.CONTACT
    assert hand.counts()[:2] == (0, 0)
    await made(Effect.LEAD, await made(Effect.CONTACT, lead.without(Effect.CONTACT), hand.crm), hand.crm)
    assert hand.counts()[:2] == (1, 1)


@EFFECTS
async def test_a_crm_that_can_t_be_reached_has_made_nothing(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_lead_with_files(), hand.crm)
    before = hand.counts()

    async with hand.away():
        outcome = (await hand.crm.make(effect, [lead], PERMIT))[lead.id]

    assert isinstance(outcome, CrmFailure)
    assert hand.counts() == before
    assert await hand.crm.find(effect, [lead]) == {}


@EFFECTS
async def test_one_refused_lead_does_not_keep_the_others_from_being_made(hand: CrmInHand, effect: Effect) -> None:
    refused, accepted = [
        await made_up_to(effect, a_lead_with_files(number, phone=Phone(f"+7903555010{number}")), hand.crm)
        for number in (1, 2)
    ]
    hand.refuse(refused, effect)

    outcomes = await hand.crm.make(effect, [refused, accepted], PERMIT)

    assert isinstance(outcomes[refused.id], CrmRefused)
    assert isinstance(outcomes[accepted.id], CrmMade)
    assert set(await hand.crm.find(effect, [accepted])) == {accepted.id}
    assert await hand.crm.find(effect, [refused]) == {}


def a_routed_lead(hand: CrmInHand) -> Lead:
    """It is the first one's turn."""
    return replace(a_lead_with_files(), route=hand.routed, responsible=hand.routed.responsible[0])


async def test_a_deal_goes_where_its_route_says_and_to_whose_turn_it_is(hand: CrmInHand) -> None:
    lead = a_routed_lead(hand)

    done = await made(Effect.LEAD, await made_up_to(Effect.LEAD, lead, hand.crm), hand.crm)

    placed = hand.placed(done.made[Effect.LEAD])
    assert (placed.pipeline, placed.status) == (hand.routed.pipeline, hand.routed.status)
    assert placed.responsible == hand.routed.responsible[0]
    assert placed.tags >= {"Авито"}


async def test_who_has_left_is_responsible_for_nothing_and_the_next_one_is(hand: CrmInHand) -> None:
    lead = a_routed_lead(hand)
    hand.dismiss(hand.routed.responsible[0])
    lead = await made_up_to(Effect.LEAD, lead, hand.crm)

    outcome = (await hand.crm.make(Effect.LEAD, [lead.intends(Effect.LEAD, at=NOW)], PERMIT))[lead.id]

    assert isinstance(outcome, CrmMade)
    assert hand.placed(outcome.id).responsible == hand.routed.responsible[1]
    assert [str(hand.routed.responsible[0]) in str(reason) for reason in outcome.left_out] == [True]


async def test_a_pipeline_that_is_gone_costs_no_deal(hand: CrmInHand) -> None:
    lead = await made_up_to(Effect.LEAD, a_routed_lead(hand), hand.crm)
    hand.drop_pipeline()

    outcome = (await hand.crm.make(Effect.LEAD, [lead.intends(Effect.LEAD, at=NOW)], PERMIT))[lead.id]

    assert isinstance(outcome, CrmMade)
    assert hand.placed(outcome.id).pipeline != hand.routed.pipeline
    assert [str(hand.routed.pipeline) in str(reason) for reason in outcome.left_out] == [True]


async def test_a_route_may_want_no_task(hand: CrmInHand) -> None:
    lead = replace(a_lead_with_files(), route=Route(task_minutes=0))
    lead = await made_up_to(Effect.TASK, lead, hand.crm)

    assert await hand.crm.make(Effect.TASK, [lead], PERMIT) == {lead.id: CrmMade(NOTHING_TO_MAKE)}


async def test_a_lead_of_another_name_than_its_contact_says_so(hand: CrmInHand) -> None:
    first, namesake, other = (
        a_lead_with_files(number, name=PersonName(name)) for number, name in enumerate(("Анна", "анна К.", "Вера"), 1)
    )

    together = await hand.crm.make(Effect.CONTACT, [first, namesake, other], PERMIT)
    again = await hand.crm.make(Effect.CONTACT, [other], PERMIT)

    said = [bool(outcome.left_out) for outcome in (*together.values(), *again.values()) if isinstance(outcome, CrmMade)]
    assert said == [False, False, True, True]

"""What every adapter of `Crm` promises."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.crm import Crm, CrmAmbiguous, CrmBusy, CrmMade, CrmRefused
from carquery.domain.answers import Photos
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import FileId, LeadId
from carquery.domain.lead import NOTHING_TO_MAKE, Effect, Lead
from tests.builders import BORIS, EVERY_KIND_OF_ANSWER, NOW, a_lead


@dataclass(frozen=True, slots=True)
class CrmInHand:
    """A fresh CRM.

    Attributes:
        counts: how many contacts, deals, notes, tasks and files stand in it.
        names: what its contacts are called.
        refuse: let it refuse that effect for that lead.
        lose_next_answer: let the next call do everything and then fail as if its answer were lost.
        be_busy: let the next call fail with nothing done.
    """

    crm: Crm
    counts: Callable[[], tuple[int, int, int, int, int]]
    names: Callable[[], list[str]]
    refuse: Callable[[LeadId, Effect], None]
    lose_next_answer: Callable[[], None]
    be_busy: Callable[[], None]


def memory() -> CrmInHand:
    crm = MemoryCrm(SettableClock(NOW))

    def counts() -> tuple[int, int, int, int, int]:
        files = sum(len(deal.files) for deal in crm.deals.values())
        return len(crm.contacts), len(crm.deals), len(crm.notes), len(crm.tasks), files

    return CrmInHand(
        crm,
        counts,
        names=lambda: [contact.name for contact in crm.contacts.values()],
        refuse=lambda lead, effect: crm.refuse(lead, effect, "нет такого поля"),
        lose_next_answer=lambda: crm.fail_next(CrmAmbiguous("timeout"), after_effect=True),
        be_busy=lambda: crm.fail_next(CrmBusy("HTTP 503")),
    )


@pytest.fixture(params=[memory], ids=lambda adapter: getattr(adapter, "__name__", None))
def hand(request: pytest.FixtureRequest) -> CrmInHand:
    hand: CrmInHand = request.param()
    return hand


def a_full_lead(number: int = 1, **answers: object) -> Lead:
    """A lead that needs every effect."""
    photos = Photos((FileId("front"), FileId("back")))
    return a_lead(number, answers=EVERY_KIND_OF_ANSWER | {"photos": photos} | answers)


async def made_up_to(effect: Effect, lead: Lead, crm: Crm) -> Lead:
    """The lead with all effects before this one."""
    for earlier in list(Effect)[: list(Effect).index(effect)]:
        lead = await made(earlier, lead, crm)
    return lead


async def made(effect: Effect, lead: Lead, crm: Crm) -> Lead:
    outcome = (await crm.make(effect, [lead]))[lead.id]
    assert isinstance(outcome, CrmMade), outcome
    return lead.with_made(effect, outcome.id)


EFFECTS = pytest.mark.parametrize("effect", list(Effect))


async def test_each_effect_makes_its_thing_and_no_other(hand: CrmInHand) -> None:
    lead, seen = a_full_lead(), []
    for effect in Effect:
        lead = await made(effect, lead, hand.crm)
        seen.append(hand.counts())

    assert seen == [(1, 0, 0, 0, 0), (1, 1, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 1, 1, 0), (1, 1, 1, 1, 2)]


async def test_every_lead_of_a_call_is_answered(hand: CrmInHand) -> None:
    leads = [a_full_lead(number) for number in range(1, 51)]

    outcomes = await hand.crm.make(Effect.CONTACT, leads)

    assert set(outcomes) == {lead.id for lead in leads}


async def test_leads_of_one_phone_get_one_contact_in_one_call_and_later(hand: CrmInHand) -> None:
    together = await hand.crm.make(Effect.CONTACT, [a_full_lead(1), a_full_lead(2)])
    later = await hand.crm.make(Effect.CONTACT, [replace(a_full_lead(3), customer=BORIS)])

    assert len({outcome.id for outcome in (*together.values(), *later.values()) if isinstance(outcome, CrmMade)}) == 1
    assert hand.counts()[0] == 1


async def test_other_phones_get_other_contacts(hand: CrmInHand) -> None:
    hers, his = a_full_lead(1), a_full_lead(2, phone=Phone("+79035550101"))

    outcomes = await hand.crm.make(Effect.CONTACT, [hers, his])

    assert outcomes[hers.id] != outcomes[his.id]


async def test_a_contact_s_name_is_not_overwritten(hand: CrmInHand) -> None:
    await hand.crm.make(Effect.CONTACT, [a_full_lead(1)])
    await hand.crm.make(Effect.CONTACT, [a_full_lead(2, name=PersonName("Кто-то"))])

    assert hand.names() == ["Анна"]


@pytest.mark.parametrize("effect", [Effect.CONTACT, Effect.FILES])
async def test_contacts_and_files_made_again_are_the_same(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_full_lead(), hand.crm)
    first = await hand.crm.make(effect, [lead])
    before = hand.counts()

    assert await hand.crm.make(effect, [lead]) == first
    assert hand.counts() == before


async def test_files_half_attached_are_completed(hand: CrmInHand) -> None:
    lead = await made_up_to(Effect.FILES, a_full_lead(), hand.crm)
    half = replace(lead, answers={**lead.answers, "photos": Photos((FileId("front"),))})
    await hand.crm.make(Effect.FILES, [half])
    assert await hand.crm.find(Effect.FILES, lead) is None

    await hand.crm.make(Effect.FILES, [lead])

    assert hand.counts()[4] == 2


async def test_without_photos_there_is_nothing_to_attach(hand: CrmInHand) -> None:
    answers = {step: answer for step, answer in EVERY_KIND_OF_ANSWER.items() if step != "photos"}
    lead = await made_up_to(Effect.FILES, a_lead(answers=answers), hand.crm)

    assert await hand.crm.make(Effect.FILES, [lead]) == {lead.id: CrmMade(NOTHING_TO_MAKE)}


@EFFECTS
async def test_what_was_not_made_is_not_found(hand: CrmInHand, effect: Effect) -> None:
    another = a_full_lead(2, phone=Phone("+79035550101"))
    await made(effect, await made_up_to(effect, another, hand.crm), hand.crm)
    lead = await made_up_to(effect, a_full_lead(1), hand.crm)

    assert await hand.crm.find(effect, lead) is None


@EFFECTS
async def test_what_was_made_is_found_under_its_id(hand: CrmInHand, effect: Effect) -> None:
    another = a_full_lead(2, phone=Phone("+79035550101"))
    await made(effect, await made_up_to(effect, another, hand.crm), hand.crm)
    lead = await made_up_to(effect, a_full_lead(1), hand.crm)

    done = await made(effect, lead, hand.crm)

    assert await hand.crm.find(effect, lead) == done.made[effect]


@EFFECTS
async def test_what_was_made_and_its_answer_lost_is_found(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_full_lead(), hand.crm)
    hand.lose_next_answer()
    with pytest.raises(CrmAmbiguous):
        await hand.crm.make(effect, [lead])
    before = hand.counts()

    assert await hand.crm.find(effect, lead) is not None
    assert hand.counts() == before


@EFFECTS
async def test_a_busy_crm_has_made_nothing(hand: CrmInHand, effect: Effect) -> None:
    lead = await made_up_to(effect, a_full_lead(), hand.crm)
    before = hand.counts()
    hand.be_busy()

    with pytest.raises(CrmBusy):
        await hand.crm.make(effect, [lead])

    assert hand.counts() == before
    assert await hand.crm.find(effect, lead) is None


@EFFECTS
async def test_one_refused_lead_does_not_keep_the_others_from_being_made(hand: CrmInHand, effect: Effect) -> None:
    refused, accepted = [
        await made_up_to(effect, a_full_lead(number, phone=Phone(f"+7903555010{number}")), hand.crm)
        for number in (1, 2)
    ]
    hand.refuse(refused.id, effect)

    outcomes = await hand.crm.make(effect, [refused, accepted])

    assert outcomes[refused.id] == CrmRefused("нет такого поля")
    assert isinstance(outcomes[accepted.id], CrmMade)
    assert await hand.crm.find(effect, accepted) is not None
    assert await hand.crm.find(effect, refused) is None

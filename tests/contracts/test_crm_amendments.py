"""What every adapter of `CrmAmendments` keeps."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from carquery.adapters.amocrm.amendments import AmoCrmAmendments
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.crm_amendments import MemoryCrmAmendments
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.sent_files import MemorySentFiles
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import Crm, CrmBusy, CrmFailure, CrmGone, CrmLeaseTooShort, CrmMade, CrmOutcome
from carquery.application.ports.crm_amendments import CrmAmendments
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.dealership import nothing_told
from carquery.domain.amendment import Amendment, AmendmentEffect, amended
from carquery.domain.answers import Photos
from carquery.domain.contact import PersonName, Phone
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import FileId
from carquery.domain.lead import Lead
from carquery.domain.money import Rubles
from carquery.domain.words import Words
from tests.adapters.amocrm.account import a_picture, an_account
from tests.builders import NOW, PERMIT, a_correction, a_delivered_lead
from tests.contracts.crms import made

CONTACT, DEAL, FILES, NOTE, TASK = AmendmentEffect
OTHER_PHONE = Phone("+79035550101")


@dataclass(frozen=True, slots=True)
class Seen:
    """A deal and its contact."""

    phones: tuple[str, ...]
    name: str
    title: str
    price: int


@dataclass(frozen=True, slots=True)
class AmendedCrm:
    """A CRM with a delivered lead, in which managers act.

    Attributes:
        notes: their texts: those of deals, and those of contacts.
        tasks: their texts.
        files: how many are attached.
    """

    crm: Crm
    amendments: CrmAmendments
    see: Callable[[Lead], Seen]
    notes: Callable[[], tuple[list[str], list[str]]]
    tasks: Callable[[], list[str]]
    files: Callable[[], int]
    close: Callable[[CrmId], None]
    delete_deal: Callable[[CrmId], None]
    delete_contact: Callable[[CrmId], None]
    rename: Callable[[Lead, str, str], None]
    lose_next_answer: Callable[[], None]
    fail: Callable[[], None]

    async def has_a_lead(self) -> Lead:
        """It was delivered with everything."""
        lead = a_delivered_lead()
        for effect in Effect:
            lead = await made(effect, lead, self.crm)
        return lead

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead) -> CrmOutcome:
        return await self.amendments.make(effect, amendment, lead, PERMIT)

    async def make_all(self, amendment: Amendment, lead: Lead) -> list[CrmOutcome]:
        return [await self.make(effect, amendment, lead) for effect in amendment.effects]


@asynccontextmanager
async def memory() -> AsyncIterator[AmendedCrm]:
    clock = SettableClock(NOW)
    crm = MemoryCrm(clock)
    amendments = MemoryCrmAmendments(crm, clock)

    def see(lead: Lead) -> Seen:
        contact, deal = crm.contacts[lead.made[Effect.CONTACT]], crm.deals[lead.made[Effect.LEAD]]
        phones = tuple(phone.e164 for phone in (contact.phone, *contact.more_phones) if phone is not None)
        return Seen(phones, contact.name, deal.title, 0 if deal.price is None else deal.price.amount)

    def rename(lead: Lead, person: str, title: str) -> None:
        contact, deal = lead.made[Effect.CONTACT], lead.made[Effect.LEAD]
        crm.contacts[contact] = replace(crm.contacts[contact], name=person)
        crm.deals[deal] = replace(crm.deals[deal], title=title, price=Rubles(777_000))

    yield AmendedCrm(
        crm,
        amendments,
        see,
        lambda: (
            [note.text for note in crm.notes.values() if note.contact is None],
            [note.text for note in crm.notes.values() if note.contact is not None],
        ),
        lambda: [task.text for task in crm.tasks.values()],
        lambda: sum(len(deal.files) for deal in crm.deals.values()),
        close=lambda deal: crm.turn_deal(deal, DealState(DealPhase.CLOSED)),
        delete_deal=crm.delete_deal,
        delete_contact=crm.delete_contact,
        rename=rename,
        lose_next_answer=lambda: amendments.fail_next(CrmBusy("timeout"), after_effect=True),
        fail=lambda: amendments.fail_next(CrmBusy("HTTP 503")),
    )


@asynccontextmanager
async def amocrm() -> AsyncIterator[AmendedCrm]:
    async with an_account() as account:
        world = account.emulator.world
        files = MemorySentFiles(lambda file: a_picture(file, size=1_000))
        amendments = AmoCrmAmendments(account.client, account.config, files, SettableClock(NOW), nothing_told)

        def see(lead: Lead) -> Seen:
            contact, deal = world.contacts[lead.made[Effect.CONTACT]], world.leads[lead.made[Effect.LEAD]]
            return Seen(contact.phones, contact.name, deal.name, int(deal.price))

        def rename(lead: Lead, person: str, title: str) -> None:
            contact, deal = lead.made[Effect.CONTACT], lead.made[Effect.LEAD]
            world.contacts[contact] = replace(world.contacts[contact], name=person)
            world.leads[deal] = replace(world.leads[deal], name=title, price=777_000)

        def texts(entity: str) -> list[str]:
            return [note.text for note in world.notes.values() if note.entity == entity and note.text]

        def close(deal: CrmId) -> None:
            world.leads[deal] = replace(world.leads[deal], status_id=143)

        def lose_next_answer() -> None:
            account.emulator.faults.add("drop", method="POST")

        def fail() -> None:
            account.emulator.faults.add("503", method="GET")

        yield AmendedCrm(
            account.crm,
            amendments,
            see,
            lambda: (texts("leads"), texts("contacts")),
            lambda: [task.text for task in world.tasks.values()],
            lambda: world.counts()["files"],
            close=close,
            delete_deal=world.delete_lead,
            delete_contact=world.delete_contact,
            rename=rename,
            lose_next_answer=lose_next_answer,
            fail=fail,
        )


@pytest.fixture(params=[memory, amocrm], ids=lambda adapter: adapter.__name__)
async def hand(request: pytest.FixtureRequest) -> AsyncIterator[AmendedCrm]:
    async with request.param() as hand:
        yield hand


def corrected(lead: Lead, **after: Any) -> tuple[Amendment, Lead]:
    """A correction, and the lead as it is stored with it."""
    amendment = a_correction(lead, **after)
    return amendment, amended(lead, amendment)


def is_made(outcome: CrmOutcome) -> CrmMade:
    assert isinstance(outcome, CrmMade), outcome
    return outcome


async def test_a_new_phone_stands_beside_the_old_one(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()

    await hand.make_all(*corrected(lead, phone=OTHER_PHONE))

    assert lead.phone is not None
    assert hand.see(lead).phones == (lead.phone.e164, OTHER_PHONE.e164)


async def test_whatever_is_made_again_stands_there_once(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    photos = Photos((*lead.photos, FileId("new-1"), FileId("new-2")))
    before = hand.files()
    amendment, lead = corrected(lead, phone=OTHER_PHONE, car_brand=Words("Kia Rio"), photos=photos)

    first = await hand.make_all(amendment, lead)
    second = await hand.make_all(amendment, lead)

    assert [is_made(outcome).id for outcome in first] == [is_made(outcome).id for outcome in second]
    assert hand.see(lead).phones.count(OTHER_PHONE.e164) == 1
    assert hand.files() == before + 2
    assert len(hand.notes()[0]) == 2


async def test_name_title_and_price_that_were_ours_are_put_right(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    name, car, price = PersonName("Мария"), Words("Kia Rio"), Rubles(900_000)

    await hand.make_all(*corrected(lead, name=name, car_brand=car, price=price))

    seen = hand.see(lead)
    assert (seen.name, seen.price) == ("Мария", 900_000)
    assert "Kia Rio" in seen.title
    assert lead.reference in seen.title


async def test_what_a_manager_wrote_stays(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    hand.rename(lead, "Анна Ивановна", "Горячая сделка")
    before = hand.see(lead)

    await hand.make_all(*corrected(lead, name=PersonName("Мария"), car_brand=Words("Kia Rio"), price=Rubles(900_000)))

    assert hand.see(lead) == before


async def test_the_note_says_old_and_new(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    amendment, lead = corrected(lead, name=PersonName("Мария"), comment=Words("только белая"))

    await hand.make_all(amendment, lead)

    note = hand.notes()[0][-1]
    assert note.startswith(f"Клиент исправил заявку {lead.reference}")
    assert "Мария (было: Анна)" in note
    assert "только белая" in note
    assert amendment.mark(lead.reference) in note


async def test_a_cancelled_lead_gets_a_note_and_a_task(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    tasks = len(hand.tasks())

    await hand.make_all(Amendment.cancelling(lead, at=NOW), lead)

    assert hand.notes()[0][-1].startswith(f"Клиент отменил заявку {lead.reference}")
    assert hand.tasks()[tasks:] == [hand.tasks()[-1]]
    assert "отменил" in hand.tasks()[-1]


async def test_of_a_closed_deal_the_contact_gets_the_note_and_nobody_a_task(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    hand.close(lead.made[Effect.LEAD])
    tasks = len(hand.tasks())
    amendment = Amendment.cancelling(lead, at=NOW)

    note = is_made(await hand.make(NOTE, amendment, lead))
    task = is_made(await hand.make(TASK, amendment, lead))

    assert note.left_out == (LeadReason.DEAL_CLOSED(number=lead.made[Effect.LEAD]),)
    assert hand.notes()[1][0].startswith("Клиент отменил")
    assert (task.id, len(hand.tasks())) == (NOTHING_TO_MAKE, tasks)


async def test_a_closed_deal_is_not_changed(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    hand.close(lead.made[Effect.LEAD])
    before = hand.see(lead).title

    await hand.make(DEAL, *corrected(lead, car_brand=Words("Kia Rio")))

    assert hand.see(lead).title == before


async def test_of_a_deal_that_is_gone_the_contact_gets_the_note(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    hand.delete_deal(lead.made[Effect.LEAD])

    outcomes = await hand.make_all(*corrected(lead, phone=OTHER_PHONE, car_brand=Words("Kia Rio")))

    assert is_made(outcomes[-1]).left_out == (LeadReason.DEAL_GONE(number=lead.made[Effect.LEAD]),)
    (note,) = hand.notes()[1]
    assert "Kia Rio" in note


async def test_without_deal_and_contact_there_is_nothing_left_to_write_on(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    hand.delete_deal(lead.made[Effect.LEAD])
    hand.delete_contact(lead.made[Effect.CONTACT])
    amendment, lead = corrected(lead, phone=OTHER_PHONE)

    outcomes = await hand.make_all(amendment, lead)

    assert is_made(outcomes[0]).left_out == (LeadReason.NO_CONTACT_LEFT(),)
    assert isinstance(outcomes[-1], CrmGone)


async def test_a_note_whose_answer_was_lost_is_found(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    amendment, lead = corrected(lead, name=PersonName("Мария"))
    hand.lose_next_answer()

    lost = await hand.make(NOTE, amendment, lead)
    again = is_made(await hand.make(NOTE, amendment, lead))

    assert isinstance(lost, CrmFailure)
    assert again.id != NOTHING_TO_MAKE
    assert len(hand.notes()[0]) == 2


async def test_who_does_not_answer_makes_nothing(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    before = hand.notes()
    hand.fail()

    outcome = await hand.make(NOTE, *corrected(lead, name=PersonName("Мария")))

    assert isinstance(outcome, CrmFailure)
    assert not outcome.is_perhaps_done
    assert hand.notes() == before


async def test_after_the_lease_nothing_is_made(hand: AmendedCrm) -> None:
    lead = await hand.has_a_lead()
    before = hand.notes()
    amendment, lead = corrected(lead, name=PersonName("Мария"))

    outcome = await hand.amendments.make(NOTE, amendment, lead, Ended())

    assert isinstance(outcome, CrmLeaseTooShort)
    assert hand.notes() == before


class Ended:
    """A permit that has ended."""

    def check(self) -> None:
        raise CrmLeaseTooShort("over")

"""What the page is shown of stored leads and of the emulated amoCRM."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.crm_gate import MemoryCrmGate
from carquery.adapters.memory.crm_tokens import MemoryCrmTokens
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.application.ports.leads import LeadChange
from carquery.domain.effects import CrmId, Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason
from carquery.entrypoints.playground.crm_account import furnish, open_account
from carquery.entrypoints.playground.lead_board import StoredLeadBoard
from carquery.entrypoints.playground.lead_cards import Stage, Switches
from carquery_emulators.amocrm import AmoCrmEmulator
from tests.builders import NOW, a_lead

DEAL_OF_NOBODY = CrmId(5)


@pytest.fixture
async def board() -> AsyncIterator[StoredLeadBoard]:
    clock = SettableClock(NOW)
    async with open_account() as amocrm:
        yield StoredLeadBoard(
            leads=MemoryLeads(MemoryDatabase(), clock),
            gate=MemoryCrmGate(clock, spacing=timedelta()),
            tokens=MemoryCrmTokens(clock),
            bell=MemoryBell(),
            clock=clock,
            amocrm=amocrm,
        )


async def store(board: StoredLeadBoard, **changes: Any) -> Lead:
    """A lead that has come as far as the changes say."""
    stored = await board.leads.add(a_lead())
    claim = await board.leads.claim(limit=1, lease_for=timedelta(minutes=1))
    changed = replace(stored, **({"status": LeadStatus.DELIVERING} | changes))
    await board.leads.update([LeadChange(changed)], claim.lease, release=True)
    return changed


async def make(amocrm: AmoCrmEmulator, path: str, **item: object) -> int:
    """Make something over HTTP, as the bot does. Returns its number."""
    authorisation = {"Authorization": f"Bearer {amocrm.long_lived_token()}"}
    async with (
        ClientSession(amocrm.base_url) as http,
        http.post(f"/api/v4/{path}", json=[item], headers=authorisation) as answer,
    ):
        assert answer.status in {200, 201}, await answer.text()
        (rows,) = (await answer.json())["_embedded"].values()
    number: int = rows[0]["id"]
    return number


async def make_the_deal(amocrm: AmoCrmEmulator, lead: Lead, **item: object) -> int:
    return await make(amocrm, "leads", name=f"{lead.title} · {lead.reference}", **item)


async def test_a_lead_without_a_deal_is_on_its_way(board: StoredLeadBoard) -> None:
    lead = await board.leads.add(a_lead())

    (card,) = (await board.showing()).leads

    assert (card.reference, card.status, card.place) == (lead.reference, "pending", "way")
    assert (card.crm.contact, card.crm.deal, card.made) == (None, None, ())


async def test_a_delivered_lead_is_shown_with_all_that_stands_in_amocrm(board: StoredLeadBoard) -> None:
    world = board.amocrm.world
    settings = furnish(board.amocrm)
    contact = world.add_contact("Анна", ["+79161234567"])
    lead = a_lead()
    brand = {"field_id": settings["amocrm_field_brand"], "values": [{"value": "Lada"}]}
    linked = {"contacts": [{"id": contact}], "tags": [{"name": "CarQuery"}]}
    deal = await make_the_deal(
        board.amocrm,
        lead,
        price=500_000,
        custom_fields_values=[brand],
        _embedded=linked,
        responsible_user_id=settings["amocrm_responsible_user_id"],
    )
    note = await make(
        board.amocrm, f"leads/{deal}/notes", note_type="common", params={"text": f"Заявка {lead.reference}: 12 км"}
    )
    due_at = int(NOW.timestamp())
    task = await make(
        board.amocrm,
        "tasks",
        text=f"Позвонить ({lead.reference})",
        complete_till=due_at,
        entity_id=deal,
        entity_type="leads",
    )
    made = {Effect.CONTACT: contact, Effect.LEAD: deal, Effect.NOTE: note, Effect.TASK: task}
    await store(board, status=LeadStatus.DELIVERED, made={effect: CrmId(made[effect]) for effect in made})

    showing = await board.showing()

    (card,) = showing.leads
    assert (card.place, card.made) == ("stage", ("contact", "lead", "note", "task"))
    assert card.crm.contact is not None
    assert (card.crm.contact.name, card.crm.contact.phone) == ("Анна", "+79161234567")
    assert card.crm.deal is not None
    assert (card.crm.deal.price, card.crm.deal.tags, card.crm.deal.responsible) == (
        500_000,
        ("CarQuery",),
        "Олег Продавец",
    )
    assert card.crm.deal.fields == (("Марка и модель", "Lada"),)
    assert card.crm.note is not None
    assert card.crm.note.text == f"Заявка {lead.reference}: 12 км"
    assert card.crm.task is not None
    assert (card.crm.task.text, card.crm.task.due_at) == (f"Позвонить ({lead.reference})", NOW.replace(microsecond=0))
    assert showing.pipeline.name == "Продажи"
    assert showing.pipeline.stages == (Stage("Первичный контакт", 1),)


async def test_a_deal_that_the_bot_has_not_heard_of_is_known_by_its_reference(board: StoredLeadBoard) -> None:
    """Its answer was lost: that it stands there all the same is what the page is to show."""
    lead = await store(board, made={}, status=LeadStatus.FAILED, intent=None)
    deal = await make_the_deal(board.amocrm, lead)

    (card,) = (await board.showing()).leads

    assert card.crm.deal is not None
    assert (card.crm.deal.id, card.made, card.place) == (deal, (), "stage")


async def test_a_contact_whose_answer_was_lost_is_known_by_its_phone(board: StoredLeadBoard) -> None:
    made = board.amocrm.world.add_contact("Анна", ["+79161234567"])
    lead = a_lead()
    await store(board, intent=lead.intends(Effect.CONTACT, at=NOW).intent)

    (card,) = (await board.showing()).leads

    assert card.crm.contact is not None
    assert (card.crm.contact.id, card.calling) == (made, "contact")


async def test_a_lead_of_an_earlier_run_has_no_deal_here(board: StoredLeadBoard) -> None:
    await store(board, status=LeadStatus.DELIVERED, made=dict.fromkeys(Effect, DEAL_OF_NOBODY))

    (card,) = (await board.showing()).leads

    assert (card.place, card.crm.deal, card.photos) == ("earlier", None, ())


async def test_a_closed_gate_is_told_with_its_reason_in_whole_seconds(board: StoredLeadBoard) -> None:
    await board.gate.close(Reason("не оплачен"), shortest=timedelta(seconds=9.7), longest=timedelta(minutes=1))

    closed = (await board.showing()).closed

    assert closed is not None
    assert (closed.reason, closed.until) == ("не оплачен", NOW + timedelta(seconds=9))


async def test_the_switches_are_those_of_the_emulator(board: StoredLeadBoard) -> None:
    board.amocrm.faults.slow = 3.0
    await board.amocrm.stop_listening()

    assert (await board.showing()).switches == Switches(down=True, slow=3.0)


async def test_a_failed_lead_is_put_back_and_the_bot_is_woken(board: StoredLeadBoard) -> None:
    lead = await store(board, status=LeadStatus.DEAD, next_attempt_at=None)

    assert await board.resubmit(lead.reference)

    (card,) = (await board.showing()).leads
    assert (card.status, card.next_attempt_at) == ("pending", NOW)
    assert isinstance(board.bell, MemoryBell)
    assert board.bell.is_rung


@pytest.mark.parametrize("reference", ["CQ-000001", "CQ-999999"], ids=["delivered", "unknown"])
async def test_there_is_nothing_to_send_again_of_other_leads(board: StoredLeadBoard, reference: str) -> None:
    await store(board, status=LeadStatus.DELIVERED, next_attempt_at=None)

    assert not await board.resubmit(reference)


async def test_a_login_gives_the_bot_a_good_token_and_opens_the_gate(board: StoredLeadBoard) -> None:
    await board.gate.close(Reason("нет авторизации"), shortest=timedelta(minutes=5), longest=timedelta(minutes=5))
    board.amocrm.revoke_tokens()

    await board.log_in()

    grant = await board.tokens.load()
    assert grant is not None
    assert await board.gate.closure() is None
    authorisation = {"Authorization": f"Bearer {grant.access_token}"}
    async with (
        ClientSession() as http,
        http.get(f"{grant.base_url}/api/v4/account", headers=authorisation) as answer,
    ):
        assert answer.status == 200

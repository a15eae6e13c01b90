"""What people do in the account by hand, and how the audit feed tells of it."""

from collections.abc import Callable

import pytest
from aiohttp import ClientSession

from carquery_emulators.amocrm import AmoCrmEmulator, NotDone, Salesperson
from carquery_emulators.amocrm.account.rows import LOST, WON
from emulators.tests.amocrm.doubles import Client, ManualClock

EVENTS = "/api/v4/events"


@pytest.fixture
def oleg(amocrm: AmoCrmEmulator) -> Salesperson:
    return Salesperson(amocrm.world, next(user.id for user in amocrm.world.users.values() if not user.is_admin))


@pytest.fixture
def deal(amocrm: AmoCrmEmulator) -> int:
    return amocrm.world.add_lead("Продажа", amocrm.world.add_contact("Анна", ["+79161234567"]))


def _stage(amocrm: AmoCrmEmulator) -> int:
    return amocrm.world.main_pipeline().statuses[2].id


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda who, deal, _: who.call(deal), "outgoing_call"),
        (lambda who, deal, _: who.write(deal), "outgoing_chat_message"),
        (lambda who, deal, _: who.note(deal, "Перезвонить в пять"), "common_note_added"),
        (lambda who, deal, _: who.complete_tasks(deal), "task_completed"),
        (lambda who, deal, amocrm: who.move(deal, _stage(amocrm)), "lead_status_changed"),
        (lambda who, deal, _: who.close(deal), "lead_status_changed"),
        (lambda who, deal, _: who.hear_of("incoming_call", deal), "incoming_call"),
    ],
)
async def test_each_act_comes_into_the_feed_with_who_did_it(
    act: Callable[[Salesperson, int, AmoCrmEmulator], None],
    kind: str,
    amocrm: AmoCrmEmulator,
    api: Client,
    oleg: Salesperson,
    deal: int,
    clock: ManualClock,
) -> None:
    await api.post("/api/v4/tasks", [{"text": "!", "complete_till": 9, "entity_id": deal, "entity_type": "leads"}])
    clock.advance(60)

    act(oleg, deal, amocrm)

    asked = {"filter[entity]": "lead", "filter[entity_id]": str(deal), "filter[type]": kind}
    [event] = (await api.get(EVENTS, **asked)).rows("events")
    assert (event["type"], event["entity_id"], event["created_at"]) == (kind, deal, int(clock()))
    assert event["created_by"] not in {0, amocrm.world.admin}


async def test_a_move_and_a_new_owner_say_what_was_before(
    amocrm: AmoCrmEmulator, api: Client, oleg: Salesperson, deal: int
) -> None:
    before = amocrm.world.leads[deal]
    oleg.close(deal, is_won=False)
    oleg_id = amocrm.world.leads[deal].updated_by
    oleg.hand_over(deal, oleg_id)

    owner, move = (await api.get(EVENTS)).rows("events")

    assert move["value_before"] == [{"lead_status": {"id": before.status_id, "pipeline_id": before.pipeline_id}}]
    assert move["value_after"] == [{"lead_status": {"id": LOST, "pipeline_id": before.pipeline_id}}]
    assert owner["value_before"] == [{"responsible_user": {"id": amocrm.world.admin}}]
    assert owner["value_after"] == [{"responsible_user": {"id": oleg_id}}]
    assert amocrm.world.leads[deal].closed_at is not None


async def test_what_a_token_does_is_its_users(amocrm: AmoCrmEmulator, api: Client, deal: int) -> None:
    await api.patch("/api/v4/leads", [{"id": deal, "status_id": WON}])
    await api.post("/api/v4/leads/notes", [{"entity_id": deal, "note_type": "common", "params": {"text": "!"}}])

    events = (await api.get(EVENTS)).rows("events")

    assert {event["type"] for event in events} == {"lead_status_changed", "common_note_added"}
    assert {event["created_by"] for event in events} == {amocrm.world.admin}


async def test_a_call_that_telephony_can_not_place_is_on_the_contact(
    amocrm: AmoCrmEmulator, api: Client, oleg: Salesperson, deal: int
) -> None:
    oleg.call(deal, on_contact=True)

    contact = str(amocrm.world.leads[deal].contacts[0])
    [event] = (await api.get(EVENTS, **{"filter[entity]": "contact", "filter[entity_id]": contact})).rows("events")

    assert (event["type"], event["entity_type"]) == ("outgoing_call", "contact")


async def test_of_merged_deals_one_has_all(amocrm: AmoCrmEmulator, oleg: Salesperson, deal: int) -> None:
    other = amocrm.world.add_lead("Покупка", amocrm.world.add_contact("Анна П.", ["+79160000000"]))
    oleg.note(other, "Просит скидку")

    oleg.merge(other, into=deal)

    assert list(amocrm.world.leads) == [deal]
    assert len(amocrm.world.leads[deal].contacts) == 2
    assert [(note.entity_id, note.text) for note in amocrm.world.notes.values()] == [(deal, "Просит скидку")]


async def test_of_merged_contacts_one_has_phones_and_deals(
    amocrm: AmoCrmEmulator, oleg: Salesperson, deal: int
) -> None:
    kept = amocrm.world.add_contact("Анна П.", ["+79160000000"])
    [gone] = amocrm.world.leads[deal].contacts

    oleg.merge_contacts(gone, into=kept)

    assert amocrm.world.leads[deal].contacts == (kept,)
    assert amocrm.world.contacts[kept].phones == ("+79160000000", "+79161234567")


async def test_the_feed_comes_late_mixed_or_not_at_all_when_told(
    amocrm: AmoCrmEmulator, api: Client, oleg: Salesperson, deal: int, clock: ManualClock
) -> None:
    for _ in range(12):
        oleg.call(deal)
        clock.advance(1)
    amocrm.faults.events_lag = 60
    assert (await api.get(EVENTS)).status == 204

    clock.advance(60)
    amocrm.faults.events_mixed = True
    times = [event["created_at"] for event in (await api.get(EVENTS)).rows("events")]
    assert len(times) == 12
    assert times != sorted(times)
    assert times != sorted(times, reverse=True)

    amocrm.faults.events_silent = True
    assert (await api.get(EVENTS)).status == 204


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"filter[entity_id]": "1"}, "filter[entity_id] needs one filter[entity]"),
        ({"filter[entity_id]": "1", "filter[entity]": "lead,contact"}, "filter[entity_id] needs one filter[entity]"),
        ({"filter[entity_id]": ",".join("12345678901"), "filter[entity]": "lead"}, "Limit 10 entities"),
    ],
)
async def test_the_feed_takes_ten_ids_of_one_kind(asked: dict[str, str], why: str, api: Client) -> None:
    answer = await api.get(EVENTS, **asked)

    assert (answer.status, answer.body["detail"]) == (400, why)


async def test_what_can_not_be_done_by_hand_is_not_done(amocrm: AmoCrmEmulator, oleg: Salesperson, deal: int) -> None:
    with pytest.raises(NotDone, match="nobody works here"):
        Salesperson(amocrm.world, 1)
    with pytest.raises(NotDone, match="there is no stage 1"):
        oleg.move(deal, 1)
    with pytest.raises(NotDone, match="can't be merged with itself"):
        oleg.merge(deal, into=deal)
    oleg.delete(deal)
    with pytest.raises(NotDone, match="there is no deal"):
        oleg.write(deal)


async def test_a_page_lets_people_act(amocrm: AmoCrmEmulator, deal: int) -> None:
    async with ClientSession(amocrm.base_url) as page:
        for act, body in (("call", {}), ("note", {"text": "Дозвонился"}), ("close", {"won": True})):
            async with page.post(f"/control/leads/{deal}/{act}", json=body) as answer:
                assert await answer.json() == {"ok": True}

    assert amocrm.world.leads[deal].status_id == WON
    assert [event.type for event in amocrm.world.events] == [
        "outgoing_call",
        "common_note_added",
        "lead_status_changed",
    ]

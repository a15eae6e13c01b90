"""«Взять» in the staff chat, as Telegram brings it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.telegram.staff.admin_chat import AdminChat
from carquery.adapters.telegram.staff.staff_chat import TelegramStaffChat
from carquery.application.ports.alerts import LeadUntouched, NewLead
from carquery.application.ports.leads import LeadChange
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.texts import StaffTexts
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery_emulators.telegram import Group
from tests.adapters.telegram.front_desk import ADMIN_CHAT, PAGED, FrontDesk, front_desk
from tests.builders import HOUR, a_full_lead

DEAL = CrmId(77)


class StaffRoom:
    """The staff chat, with the announcement of one lead in it, and two who work there."""

    def __init__(self, desk: FrontDesk, group: Group) -> None:
        self.desk = desk
        self.group = group
        self.oleg = desk.telegram.customer(501, "Олег")
        self.irina = desk.telegram.customer(502, "Ирина <b>")
        self.chat = TelegramStaffChat(
            desk.api, AdminChat(ADMIN_CHAT, MemoryChatMoves()), StaffTexts(PAGED), desk.dealership.clock
        )

    @property
    def text(self) -> str:
        return self.group.chat.last_message.text

    @property
    def answers(self) -> list[str]:
        """What those who pressed have read."""
        return [alert.text for alert in self.group.chat.alerts]

    async def a_lead_is_announced(self) -> Lead:
        lead = await self.desk.dealership.leads.add(a_full_lead())
        claim = await self.desk.dealership.leads.claim(limit=1, lease_for=HOUR)
        done = lead.claimed().with_made(Effect.LEAD, DEAL).delivered(at=self.desk.dealership.clock.now())
        await self.desk.dealership.leads.update([LeadChange(done)], claim.lease, release=True)
        self.desk.a_deal_stands(DEAL, done)
        await self.chat.say(self.desk.staff.presses.announcing.of(done))
        return done


@pytest.fixture
async def room() -> AsyncIterator[StaffRoom]:
    async with front_desk() as desk:
        yield StaffRoom(desk, desk.telegram.group(ADMIN_CHAT))


async def test_an_announcement_has_a_button_and_a_link(room: StaffRoom) -> None:
    await room.a_lead_is_announced()

    message = room.group.chat.last_message
    assert message.labels == ["Взять", "Сделка"]
    assert [button.url for button in message.buttons] == [None, "https://crm.example/deals/77"]
    assert "CQ-000001" in message.text


async def test_who_presses_first_has_it_and_the_announcement_says_so(room: StaffRoom) -> None:
    await room.a_lead_is_announced()
    message = room.group.chat.last_message.id

    room.oleg.press_in_group("Взять", room.group)
    room.irina.press_in_group("Взять", room.group)
    await room.desk.take()

    assert "Взял(а): Олег" in room.text
    assert room.group.chat.message(message).labels == ["Сделка"]
    assert "ваша" in room.answers[0]
    assert room.answers[1] == "Заявку CQ-000001 уже взяли: Олег."
    assert all(alert.show_alert for alert in room.group.chat.alerts)


async def test_names_are_no_markup(room: StaffRoom) -> None:
    await room.a_lead_is_announced()

    room.irina.press_in_group("Взять", room.group)
    await room.desk.take()

    assert "Ирина <b>" in room.text


async def test_a_database_that_is_away_is_said_and_the_button_stays(room: StaffRoom) -> None:
    await room.a_lead_is_announced()
    room.desk.dealership.database.fail_next(StoreUnavailable("away"))

    room.oleg.press_in_group("Взять", room.group)
    await room.desk.take()

    assert room.answers == ["База данных недоступна, попробуйте ещё раз."]
    assert "Взять" in room.group.chat.last_message.labels


async def test_an_announcement_that_could_not_be_changed_is_by_the_next_press(room: StaffRoom) -> None:
    await room.a_lead_is_announced()
    room.desk.telegram.fail("editMessageText", how="blocked")
    room.oleg.press_in_group("Взять", room.group)
    await room.desk.take()
    assert "Взять" in room.group.chat.last_message.labels

    room.irina.press_in_group("Взять", room.group)
    await room.desk.take()

    assert "Взял(а): Олег" in room.text


async def test_the_same_button_in_another_chat_does_nothing(room: StaffRoom) -> None:
    lead = await room.a_lead_is_announced()

    await room.oleg.send_text("/start")
    await room.desk.take()
    await room.oleg.press_stale(f"s:take:{lead.reference}", room.oleg.chat.last_message.id)
    await room.desk.take()

    assert "Взял(а)" not in room.text
    assert not room.desk.updates.failed


async def test_one_that_nobody_touched_is_announced_again_with_the_button(room: StaffRoom) -> None:
    again = LeadUntouched(
        reference=Reference("CQ-000001"),
        service=Service.SELL,
        car="Lada",
        source="",
        messenger="Telegram",
        deal=DEAL,
        minutes=30,
    )

    await room.chat.say(again)
    assert room.group.chat.last_message.labels == ["Взять", "Сделка"]
    await room.chat.say(replace(again, taken_by="Олег"))
    assert room.group.chat.last_message.labels == ["Сделка"]


async def test_what_is_said_late_for_the_hours_is_not_called_late(room: StaffRoom) -> None:
    lead = await room.a_lead_is_announced()
    announced = room.desk.staff.presses.announcing.of(lead)
    assert isinstance(announced, NewLead)

    await room.chat.say(announced, since=room.desk.dealership.clock.now())

    assert "раньше чат" not in room.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/find 4567", ["CQ-000001", "Toyota Camry", "https://crm.example/deals/77"]),
        ("/find +7 (916) 123-45-67", ["CQ-000001"]),
        ("/find 89161234567", ["CQ-000001"]),
        ("/find 000", ["Не меньше четырёх"]),
        ("/find", ["Не меньше четырёх"]),
        ("/find 0000", ["нет"]),
        ("/leads", ["CQ-000001", "Toyota Camry", "https://crm.example/deals/77"]),
        ("/help", ["/find", "/leads", "Взять"]),
    ],
)
async def test_the_staff_ask_by_commands_and_read_nothing_personal(
    room: StaffRoom, typed: str, says: list[str]
) -> None:
    await room.a_lead_is_announced()

    await room.oleg.send_in_group(typed, room.group)
    await room.desk.take()

    assert [words for words in says if words not in room.text] == []
    assert not [words for words in ("Анна", "916", "123-45-67") if words in room.text.replace("/find 89161234567", "")]

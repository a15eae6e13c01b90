"""Messages to the staff chat: what they say, and what it means if Telegram does not take them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.adapters.memory.chat_moves import MemoryChatMoves
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.telegram.api.bot_api import BotApi
from carquery.adapters.telegram.api.connection import connect
from carquery.adapters.telegram.staff.admin_chat import MOVED, REMEDY, AdminChat
from carquery.adapters.telegram.staff.bot_commands import register_commands
from carquery.adapters.telegram.staff.staff_chat import SaidAtOnce, TelegramStaffChat
from carquery.application.ports.alert_outbox import AlertRefused, ChatAway, ChatBusy, ChatRefuses, NotSaid
from carquery.application.ports.alerts import (
    AiBudgetSpent,
    Alert,
    AlertsLeftOut,
    ClassifierClosed,
    ContactToErase,
    CrmAway,
    CrmClosed,
    CustomerNotUnderstood,
    LeadsNotDelivered,
    LeftOut,
    UpdatesStopped,
)
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.staff.alert_rules import MOST_CONTACTS, MOST_REFERENCES
from carquery.application.staff.texts import LATE, MOST_NAMED, StaffTexts
from carquery.domain.contact import Handle
from carquery.domain.effects import CrmId
from carquery.domain.ids import Reference
from carquery.domain.reason import Reason
from carquery_emulators.telegram import Group, TelegramEmulator
from tests.builders import ANNA, NOW

OLD_ID, CHAT = -1_000, -1_002_000_000_000
ONE = (Reference("CQ-000001"),)
MANY = tuple(Reference(f"CQ-{number:06}") for number in range(1, 51))
TEXTS = StaffTexts(AMOCRM)
NO = Reason("нет")
CLOSED = CrmClosed(Reason("заблокировано"))


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """A bot, and the group it writes to."""

    telegram: TelegramEmulator
    api: BotApi
    group: Group
    moves: MemoryChatMoves

    def admin_chat(self, chat: int | None = CHAT) -> AdminChat:
        """What one process knows of it."""
        return AdminChat(chat, self.moves)

    def chat(self, admin_chat: AdminChat | None = None) -> TelegramStaffChat:
        return TelegramStaffChat(self.api, admin_chat or self.admin_chat(), TEXTS, SettableClock(NOW))

    @property
    def last_text(self) -> str:
        """As it stands in the chat; Telegram has taken its markup."""
        return self.group.chat.last_message.text


@pytest.fixture
async def office() -> AsyncIterator[StaffGroup]:
    async with (
        TelegramEmulator(delay_scale=0) as telegram,
        connect(telegram.token, api_base=telegram.base_url, proxy=None) as api,
    ):
        yield StaffGroup(telegram, api, telegram.group(CHAT), MemoryChatMoves())


@pytest.mark.parametrize(
    ("alert", "words"),
    [
        (
            LeadsNotDelivered(ONE, Reason("нет такого этапа"), dead=False),
            ["CQ-000001", "нет такого этапа", "carquery leads resubmit CQ-000001", "ещё раз"],
        ),
        (LeadsNotDelivered(ONE, Reason("нет ответа"), dead=True), ["больше не будет отправляться сама"]),
        (LeadsNotDelivered(MANY, NO, dead=True), ["(50)", "carquery leads resubmit --all-failed", "и ещё 30"]),
        (LeftOut(ONE, Reason("поле «VIN»")), ["CQ-000001", "поле «VIN»", "carquery amocrm check"]),
        (CrmAway(ONE, Reason("HTTP 500")), ["CQ-000001", "HTTP 500"]),
        (CrmAway(MANY * (MOST_REFERENCES // 50), NO), [f"и ещё не меньше {MOST_REFERENCES - MOST_NAMED}"]),
        (CrmClosed(Reason("выполните: carquery amocrm login")), ["заявки ждут", "carquery amocrm login"]),
        (ContactToErase((CrmId(11), CrmId(12))), ["11, 12"]),
        (ClassifierClosed("gpt-4o", "HTTP 401"), ["gpt-4o", "HTTP 401", "встроенная модель"]),
        (AiBudgetSpent(Decimal(5)), ["5 $", "carquery report ai"]),
        (UpdatesStopped("MAX"), ["из MAX не доходят", "в журнале"]),
        (UpdatesStopped("MAX", is_back=True), ["теперь передаёт снова", "из интернета"]),
        (AlertsLeftOut(30), ["30", "/failed"]),
    ],
    ids=[
        "refused", "dead", "many", "left out", "away", "very many", "closed", "to erase", "no classifier", "no money",
        "no updates", "updates again", "left out",
    ],
)  # fmt: skip
async def test_an_alert_names_the_lead_the_reason_and_what_to_do(
    office: StaffGroup, alert: Alert, words: list[str]
) -> None:
    await office.chat().say(alert)

    assert [word for word in words if word not in office.last_text] == []


LONG_WORDS = "<b>нет & поля</i> " * 500


@pytest.mark.parametrize(
    "alert",
    [
        LeadsNotDelivered(MANY * 20, Reason(LONG_WORDS), dead=False),
        LeftOut(MANY * 20, Reason(LONG_WORDS)),
        CrmAway(MANY * 20, Reason(LONG_WORDS)),
        CrmClosed(Reason(LONG_WORDS)),
        ClassifierClosed("gpt", LONG_WORDS),
        CustomerNotUnderstood(ANNA, Handle("Telegram", "@" + "a" * 32), (LONG_WORDS,) * 20),
        CustomerNotUnderstood(ANNA, None, ("🚗" * 4096,) * 20),
        ContactToErase(tuple(CrmId(10**15 + number) for number in range(MOST_CONTACTS))),
    ],
    ids=lambda alert: type(alert).__name__,
)
async def test_the_longest_alert_that_is_told_late_is_one_message(office: StaffGroup, alert: Alert) -> None:
    await office.chat().say(alert, since=NOW - timedelta(days=7), times=10_000)

    assert "раньше чат был недоступен" in office.last_text


async def test_words_from_outside_are_no_markup(office: StaffGroup) -> None:
    await office.chat().say(LeadsNotDelivered(ONE, Reason(LONG_WORDS), dead=False))

    assert "<b>нет & поля</i>" in office.last_text


async def test_of_many_leads_the_first_are_named(office: StaffGroup) -> None:
    await office.chat().say(CrmAway(MANY, Reason("HTTP 500")))

    assert sum(reference in office.last_text for reference in MANY) == MOST_NAMED


async def test_a_conversation_is_quoted_as_it_was_written(office: StaffGroup) -> None:
    await office.chat().say(CustomerNotUnderstood(ANNA, Handle("Telegram", "@anna_k"), ("привет", "<b>почём?</b>")))

    assert "@anna_k" in office.last_text
    assert "— привет\n— <b>почём?</b>" in office.last_text


async def test_of_a_long_conversation_the_end_is_quoted(office: StaffGroup) -> None:
    written = tuple(f"{number}" + "<я>" * 500 for number in range(10))

    await office.chat().say(CustomerNotUnderstood(ANNA, None, written))

    assert "— 9<я>" in office.last_text
    assert "— 0<я>" not in office.last_text


async def test_what_is_said_late_says_when_it_was(office: StaffGroup) -> None:
    await office.chat().say(CLOSED, since=NOW - LATE + timedelta(seconds=1))
    assert "Это было" not in office.last_text

    await office.chat().say(CLOSED, since=NOW - timedelta(days=2))
    assert f"Это было {NOW - timedelta(days=2):%d.%m}" in office.last_text


@pytest.mark.parametrize(
    ("how", "means"),
    [
        ("429", ChatBusy),
        ("500", ChatAway),
        ("502 html", ChatAway),
        ("refuse", ChatAway),
        ("drop", ChatAway),
        ("401", ChatRefuses),
        ("blocked", ChatRefuses),
        ("no rights", ChatRefuses),
    ],
)
async def test_what_a_failure_means(office: StaffGroup, how: str, means: type[NotSaid]) -> None:
    office.telegram.fail("sendMessage", how=how)

    with pytest.raises(means):
        await office.chat().say(CLOSED)
    assert len(office.telegram.calls_of("sendMessage")) == 1, "one try; the outbox knows when the next may come"


@pytest.mark.parametrize("seconds", [1, 31, 60, 3600, 86_400])
async def test_a_flood_limit_is_passed_on_and_not_waited_for_here(office: StaffGroup, seconds: int) -> None:
    office.telegram.fail("sendMessage", how="429", retry_after=seconds)

    with pytest.raises(ChatBusy) as busy:
        await office.chat().say(CLOSED)

    assert busy.value.retry_after == timedelta(seconds=seconds)


async def test_a_chat_that_does_not_exist_refuses(office: StaffGroup) -> None:
    with pytest.raises(ChatRefuses, match="chat not found"):
        await office.chat(office.admin_chat(-5)).say(CLOSED)


async def test_without_a_telegram_there_is_none(office: StaffGroup) -> None:
    async with connect(office.telegram.token, api_base="http://127.0.0.1:9", proxy=None) as api:
        with pytest.raises(ChatAway):
            await TelegramStaffChat(api, office.admin_chat(), TEXTS, SettableClock(NOW)).say(CLOSED)


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9"])
async def test_a_proxy_that_is_away_is_a_telegram_that_is_away(office: StaffGroup, proxy: str) -> None:
    async with connect(office.telegram.token, api_base=office.telegram.base_url, proxy=proxy) as api:
        with pytest.raises(ChatAway):
            await TelegramStaffChat(api, office.admin_chat(), TEXTS, SettableClock(NOW)).say(CLOSED)


async def test_a_group_that_became_a_supergroup_is_followed_by_all_processes(office: StaffGroup) -> None:
    group = office.telegram.group(OLD_ID)
    group.becomes(office.group)
    here, there = office.admin_chat(OLD_ID), office.admin_chat(OLD_ID)

    with capture_logs() as logs:
        await office.chat(here).say(CLOSED)
    await there.refresh()

    assert "заблокировано" in office.last_text
    assert [here.id, there.id] == [CHAT, CHAT]
    assert here.is_it(OLD_ID)
    assert [(line["admin_chat"], line["remedy"]) for line in logs] == [(CHAT, MOVED)]


async def test_a_move_that_cannot_be_noted_is_followed_and_noted_later(office: StaffGroup) -> None:
    here = office.admin_chat(OLD_ID)
    office.moves.fail_next(StoreUnavailable())

    await here.moved(OLD_ID, CHAT)
    assert (here.id, await office.moves.known()) == (CHAT, {})

    await here.refresh()
    assert await office.moves.known() == {OLD_ID: CHAT}


async def test_other_groups_may_move_as_they_like(office: StaffGroup) -> None:
    here = office.admin_chat()

    await here.moved(OLD_ID, -7)

    assert (here.id, await office.moves.known()) == (CHAT, {})


@pytest.mark.parametrize("moves", [{CHAT: OLD_ID, OLD_ID: CHAT}, {CHAT: CHAT}], ids=["there and back", "to itself"])
async def test_moves_that_go_in_circles_are_followed_once(office: StaffGroup, moves: dict[int, int]) -> None:
    for chat, moved_to in moves.items():
        await office.moves.note(chat, moved_to)
    here = office.admin_chat()

    await here.refresh()

    assert here.is_it(CHAT)


async def test_the_supergroup_is_offered_the_commands(office: StaffGroup) -> None:
    group = office.telegram.group(OLD_ID)
    group.becomes(office.group)

    await register_commands(office.api, admin_chat=office.admin_chat(OLD_ID))

    assert offered(office, CHAT) == ["leads", "find", "failed", "retry", "stats", "help"]


def offered(office: StaffGroup, chat: int) -> list[str]:
    """What was last offered in that chat alone."""
    *_, call = (
        call for call in office.telegram.calls_of("setMyCommands") if call.params.get("scope") == scope_of(chat)
    )
    commands = call.params["commands"]
    assert isinstance(commands, list)
    return [command["command"] for command in commands]


def scope_of(chat: int) -> dict[str, object]:
    return {"type": "chat", "chat_id": chat}


async def test_who_is_the_admin_chat_alone_is_offered_the_customers_commands_too(office: StaffGroup) -> None:
    anna = office.telegram.customer(7_001, "Анна")

    await register_commands(office.api, admin_chat=office.admin_chat(anna.id))

    assert {"leads", "retry", "start", "cancel"} <= set(offered(office, anna.id))


@pytest.mark.parametrize("how", ["no rights", "blocked", "401", "429", "refuse"])
async def test_what_is_said_now_or_never_fails_in_the_log_alone(office: StaffGroup, how: str) -> None:
    office.telegram.fail("sendMessage", how=how)
    admin_chat = office.admin_chat()

    with capture_logs() as logs:
        await SaidAtOnce(office.chat(admin_chat), admin_chat).tell(CLOSED)

    assert [(line["kind"], line["remedy"]) for line in logs if line["event"] == "alert_not_told"] == [
        ("CrmClosed", REMEDY)
    ]


async def test_where_there_is_no_admin_chat_nothing_fails(office: StaffGroup) -> None:
    nowhere = office.admin_chat(None)

    await SaidAtOnce(office.chat(nowhere), nowhere).tell(CLOSED)

    assert office.telegram.calls_of("sendMessage") == []


async def test_markup_that_telegram_does_not_take_is_the_message_s_own_fault(office: StaffGroup) -> None:
    office.telegram.fail("sendMessage", how="bad markup")

    with pytest.raises(AlertRefused):
        await office.chat().say(CLOSED)

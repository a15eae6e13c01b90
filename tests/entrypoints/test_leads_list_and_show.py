"""`carquery leads list` and `show`: what operators read, and what machines do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.effects import CallIntent, CrmId, Effect
from carquery.domain.ids import CrmUserId, Source
from carquery.domain.lead_history import Happening, HistoryEntry
from carquery.domain.moscow import moscow_day
from carquery.domain.reason import Reason
from tests.builders import ANNA_S_HANDLE, DAY, HOUR, NAMESAKE
from tests.entrypoints.leads_desk import (
    JUST_NOW,
    LeadsDesk,
    a_dead_lead,
    a_delivered_lead,
    a_failed_lead,
    a_pending_lead,
)


def listed(desk: LeadsDesk, *options: str) -> list[str]:
    """The references that are listed with these options."""
    return [lead["reference"] for lead in desk.json_of("list", "--json", *options)]


def test_leads_are_listed_newest_first(desk: LeadsDesk) -> None:
    older, newer = a_pending_lead(1, age=2 * HOUR), a_pending_lead(2, age=HOUR)
    desk.has(older, newer)

    assert listed(desk) == [newer.reference, older.reference]
    assert listed(desk, "--limit", "1") == [newer.reference]


def test_leads_are_chosen_by_several_statuses(desk: LeadsDesk) -> None:
    desk.has(a_failed_lead(1), a_dead_lead(2), a_delivered_lead(3), a_pending_lead(4))

    assert sorted(listed(desk, "--status", "failed", "--status", "dead")) == ["CQ-000001", "CQ-000002"]


def test_leads_are_chosen_by_age(desk: LeadsDesk) -> None:
    desk.has(*(a_pending_lead(number, age=number * HOUR) for number in (1, 3, 5)))

    assert listed(desk, "--older-than", "2h") == ["CQ-000003", "CQ-000005"]
    assert listed(desk, "--newer-than", "4h") == ["CQ-000001", "CQ-000003"]
    assert listed(desk, "--older-than", "2h", "--newer-than", "4h") == ["CQ-000003"]


def test_a_wrong_status_is_refused_with_those_there_are(desk: LeadsDesk) -> None:
    refused = desk.run("list", "--status", "lost")

    assert refused.exit_code == 2
    assert "«lost» is none; expected: pending, delivering, delivered, failed, dead" in refused.stderr


def test_no_leads_are_said_to_be_none(desk: LeadsDesk) -> None:
    listed = desk.run("list")

    assert (listed.stdout, listed.stderr) == ("", "No leads.\n")
    assert desk.json_of("list", "--json") == []


def test_leads_are_found_by_what_a_caller_says_of_themselves(desk: LeadsDesk) -> None:
    desk.has(
        a_pending_lead(1, answers={"name": PersonName("Пётр Иванов"), "phone": Phone("+79161234567")}),
        a_pending_lead(2, answers={"name": PersonName("Анна"), "phone": Phone("+79167654321")}, age=3 * DAY),
    )

    for options in (("--phone", "4567"), ("--phone", "8 916 123-45-67"), ("--name", "петр"), ("--newer-than", "1d")):
        assert listed(desk, *options) == ["CQ-000001"], options
    assert listed(desk, "--on", f"{moscow_day(JUST_NOW - 3 * DAY):%d.%m.%Y}", "--name", "анна") == ["CQ-000002"]


def test_in_a_pipe_fields_stand_between_tabs(desk: LeadsDesk) -> None:
    lead = a_failed_lead(source=Source("avito"))
    desk.has(lead)

    listed = desk.run("list")

    received = lead.created_at.isoformat(timespec="seconds")
    assert listed.stdout.rstrip("\n").split("\t") == [
        "CQ-000001",
        received,
        "sell",
        "failed",
        "Анна",
        "+79160000001",
        "telegram:7000000001",
        "avito",
    ]


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_that_there_are_more_is_said_beside_the_list(desk: LeadsDesk, json: tuple[str, ...]) -> None:
    desk.has(*(a_pending_lead(number) for number in range(1, 4)))

    some, every = desk.run("list", "--limit", "2", *json), desk.run("list", "--limit", "3", *json)

    assert some.stderr.startswith("There are more than 2: ")
    assert (some.stdout.count("CQ-"), every.stdout.count("CQ-"), every.stderr) == (2, 3, "")


def test_a_lead_is_shown_with_all_there_is_of_it(desk: LeadsDesk) -> None:
    desk.has(
        a_failed_lead(
            source=Source("sell__avito"),
            handle=ANNA_S_HANDLE,
            responsible=CrmUserId(501),
            made={Effect.CONTACT: CrmId(31), Effect.LEAD: CrmId(62)},
            left_out=(Reason("поле «Пробег»: 120000"),),
            intent=CallIntent(Effect.NOTE, JUST_NOW - HOUR),
        )
    )

    shown = desk.run("show", "CQ-000001").stdout

    for words in (
        "CQ-000001",
        "failed",
        "+7 916 000-00-01",
        "sell__avito",
        "user no. 501",
        "telegram:7000000001",
        "@anna_k",
        "pipeline 7 is gone",
        "31",
        "62",
        "поле «Пробег»: 120000",
        "Outcome unknown",
    ):
        assert words in shown


def test_a_lead_says_by_which_messenger_it_came(desk: LeadsDesk) -> None:
    hers, namesakes = a_failed_lead(1), a_failed_lead(2, customer=NAMESAKE, handle=Handle("MAX", "Анна"))
    desk.has(hers, namesakes)

    shown, listed = desk.run("show", namesakes.reference).stdout, desk.json_of("list", "--json")

    assert "max:7000000001" in shown
    assert ["MAX", "Анна"] in [[cell.strip() for cell in row.strip(" │").split("│")] for row in shown.splitlines()]
    assert [(lead["customer"], lead["handle"], lead["telegram"]) for lead in listed] == [
        ("max:7000000001", "MAX: Анна", None),
        ("telegram:7000000001", "Telegram: id 7000000001", "id 7000000001"),
    ]
    assert [lead["reference"] for lead in desk.json_of("list", "--json", "--customer", "max:7000000001")] == [
        namesakes.reference
    ]


def test_markup_in_what_customers_and_the_crm_say_is_shown_as_it_is(desk: LeadsDesk) -> None:
    desk.has(a_failed_lead(conversation=("[bold]срочно[/bold]",), failure=Reason("[/] is no tag")))

    shown = desk.run("show", "CQ-000001").stdout

    assert "[bold]срочно[/bold]" in shown
    assert "[/] is no tag" in shown


def test_a_failure_is_said_in_english_and_one_of_the_version_before_as_it_was_stored(desk: LeadsDesk) -> None:
    desk.has(a_failed_lead(1, failure=AmoReason.UNPAID(), left_out=(AmoReason.PHONE(),)))
    desk.has(a_failed_lead(2, failure=Reason("amoCRM не ответила за 10 с")))

    now, before = (desk.json_of("show", reference, "--json") for reference in ("CQ-000001", "CQ-000002"))

    assert (now["failure"], now["left_out"]) == ("the amoCRM account is not paid for (HTTP 402)", ["the phone"])
    assert before["failure"] == "amoCRM не ответила за 10 с"


def test_everything_that_happened_to_a_lead_is_shown_oldest_first(desk: LeadsDesk) -> None:
    lead = a_pending_lead()
    at = datetime(2026, 6, 15, 9, 30, 5, tzinfo=UTC)
    desk.has(lead)
    desk.happened(
        lead,
        HistoryEntry(at, Happening.MADE, Effect.CONTACT, Reason("31")),
        HistoryEntry(at + HOUR, Happening.LOST, Effect.LEAD, Reason("no answer within 10 s")),
        HistoryEntry(at + 2 * HOUR, Happening.FOUND, Effect.LEAD, Reason("62")),
    )

    table = desk.run("show", lead.reference).stdout.partition("History")[2]
    history = desk.json_of("show", lead.reference, "--json")["history"]

    assert "15.06.2026 12:30:05" in table
    assert table.index("made") < table.index("no answer within 10 s") < table.index("found")
    assert history[1] == {
        "at": "2026-06-15T10:30:05+00:00",
        "what": "lost",
        "effect": "lead",
        "words": "no answer within 10 s",
    }


def test_a_lead_that_nothing_happened_to_has_no_history(desk: LeadsDesk) -> None:
    desk.has(a_pending_lead())

    assert "History" not in desk.run("show", "CQ-000001").stdout
    assert desk.json_of("show", "CQ-000001", "--json")["history"] == []


def test_a_lead_is_found_however_its_reference_is_typed(desk: LeadsDesk) -> None:
    desk.has(a_pending_lead())

    assert desk.json_of("show", "cq-oooool", "--json")["reference"] == "CQ-000001"


def test_a_lead_that_is_not_there_ends_with_1_and_a_reference_that_is_none_with_2(desk: LeadsDesk) -> None:
    missing, wrong = desk.run("show", "CQ-7K3M9X"), desk.run("show", "CQ-1")

    assert (missing.exit_code, missing.stderr) == (1, "CQ-7K3M9X: there is no such lead\n")
    assert wrong.exit_code == 2
    assert "«CQ-1» is no reference" in wrong.stderr


def test_a_database_without_our_tables_is_to_be_upgraded_first(desk: LeadsDesk, tmp_path: Path) -> None:
    (tmp_path / "carquery.db").unlink()
    (tmp_path / "carquery.db").touch()

    refused = desk.run("list")

    assert refused.exit_code == 1
    assert "run: carquery db upgrade" in refused.stderr

"""Leads as operators see them: a list that fits the terminal, and all there is of one."""

from datetime import timedelta

import pytest
from rich.cells import cell_len
from rich.console import Console

from carquery.adapters.amocrm.reasons import AMOCRM, DEAL_PAGE
from carquery.application.wording import CrmInWords
from carquery.domain.answers import Option
from carquery.domain.car import Kilometers
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import CrmUserId, Source, StaffId
from carquery.domain.money import Rubles
from carquery.domain.take import StaffMember, Take, TakeEnd
from carquery.entrypoints.commands.leads.dossier import Dossier
from carquery.entrypoints.commands.leads.dossier_shown import card, dossier_as_dict
from carquery.entrypoints.commands.leads.listing import TerminalList
from carquery.entrypoints.commands.leads.tables import as_dict
from tests.builders import DAY, NOW, a_delivered_lead, a_lead

CRM = CrmInWords(
    name="amoCRM", reasons=AMOCRM.reasons, check="", recount="", deal_page=f"https://dealer.amocrm.ru{DEAL_PAGE}"
)
LEAD = a_delivered_lead(made={Effect.CONTACT: CrmId(31), Effect.LEAD: CrmId(62)}, source=Source("sell__avito"))
TAKEN = Dossier(
    LEAD,
    take=Take(
        lead=LEAD.id,
        reference=LEAD.reference,
        deal=CrmId(62),
        by=StaffMember(StaffId("501"), "Ирина [Б]"),
        crm_user=None,
        at=NOW,
        due_at=None,
        end=TakeEnd.NOTED,
    ),
    touch=FirstTouch(NOW + timedelta(minutes=9), CrmUserId(77)),
)


@pytest.mark.parametrize(
    ("columns", "titles"),
    [
        (20, "Reference Status"),
        (40, "Reference Status Phone"),
        (60, "Reference Received Service Status Phone"),
        (80, "Reference Received Service Status Name Phone"),
        (120, "Reference Received Service Status Name Phone Messenger Source"),
    ],
)
def test_a_list_shows_what_the_terminal_has_room_for_and_cuts_no_reference(columns: int, titles: str) -> None:
    table = TerminalList(columns, now=NOW)

    head, line = table.head().plain, table.line(LEAD).plain

    assert head.split() == titles.split()
    assert cell_len(head) == cell_len(line) <= columns
    assert line.startswith("CQ-000001 ")


def test_a_lead_of_another_year_is_listed_with_its_date() -> None:
    table = TerminalList(60, now=NOW)

    assert f"{LEAD.created_at:%d.%m} " in table.line(LEAD).plain
    assert f" {NOW - 400 * DAY:%d.%m.%Y} " in table.line(a_lead(created_at=NOW - 400 * DAY)).plain


def test_a_card_says_where_the_deal_is_who_took_it_and_when_it_was_touched() -> None:
    console = Console(width=60)
    with console.capture() as shown:
        console.print(card(TAKEN, CRM))

    text = "".join(line.strip("│ ").rpartition("│")[2].strip() for line in shown.get().splitlines())
    assert "https://dealer.amocrm.ru/leads/detail/62" in text
    assert "Ирина [Б], " in text
    assert "user no. 77" in text


def test_programs_read_the_same() -> None:
    told = dossier_as_dict(TAKEN, CRM)

    assert told["deal_url"] == "https://dealer.amocrm.ru/leads/detail/62"
    assert told["taken"] == {"by": "Ирина [Б]", "at": NOW.isoformat(), "end": "noted"}
    assert told["first_touch"] == {"by": 77, "at": (NOW + timedelta(minutes=9)).isoformat()}
    assert dossier_as_dict(Dossier(a_lead()), CRM)["deal_url"] is None


def test_programs_read_answers_by_step_as_numbers_and_codes_that_no_wording_changes() -> None:
    answers = {
        "mileage": Kilometers(120_000),
        "price": Rubles(1_900_000),
        "drive": Option("all", "Полный"),
        "phone": Phone("+79161234567", extension="5"),
    }

    told = as_dict(a_lead(answers=answers), CRM)

    assert told["answers"] == {"mileage": 120_000, "price": 1_900_000, "drive": "all", "phone": "+79161234567"}
    assert {"title": "Пробег", "text": Kilometers(120_000).shown} in told["lines"]  # type: ignore[operator]  # a list

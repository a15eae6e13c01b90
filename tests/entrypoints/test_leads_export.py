"""`carquery leads export`: for spreadsheets and for programs."""

import csv
import json
import stat
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.effects import CrmId, Effect
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.ids import Source
from carquery.domain.money import Rubles
from carquery.domain.moscow import MOSCOW
from carquery.domain.reason import Reason
from carquery.domain.words import Words
from carquery.entrypoints.commands.leads.reading import PAGE
from tests.builders import ANNA_S_HANDLE, NAMESAKE
from tests.entrypoints.leads_desk import JUST_NOW, LeadsDesk, a_dead_lead, a_delivered_lead, a_pending_lead

Row = dict[str, str]


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


def exported(desk: LeadsDesk, *options: str) -> list[Row]:
    """What is written to standard output as CSV."""
    return rows_of(desk.run("export", *options).stdout_bytes.decode("utf-8-sig"))


def filled(row: Row) -> Row:
    """The cells in which something stands."""
    return {head: cell for head, cell in row.items() if cell}


def in_moscow(moment: datetime) -> str:
    return f"{moment.astimezone(MOSCOW):%d.%m.%Y %H:%M}"


def test_each_lead_is_a_row_in_russian_with_a_column_for_each_answer(desk: LeadsDesk) -> None:
    lead = a_delivered_lead(
        answers={
            "car_brand": Words("Toyota Camry", "тайота камри"),
            "year": ModelYear(2018),
            "mileage": Kilometers(120_000),
            "price": Rubles(1_900_000),
            "name": PersonName("Анна"),
            "phone": Phone("+79161234567", extension="5", remark="после шести"),
        },
        source=Source("avito"),
        handle=ANNA_S_HANDLE,
        attempts=2,
        made={Effect.CONTACT: CrmId(31), Effect.LEAD: CrmId(62)},
    )
    desk.has(lead)

    (row,) = exported(desk)

    assert filled(row) == {
        "Номер": "CQ-000001",
        "Получена": in_moscow(lead.created_at),
        "Услуга": "Продажа авто",
        "Состояние": "в CRM",
        "Имя": "Анна",
        "Телефон": "'+79161234567",
        "Добавочный": "5",
        "Примечание к телефону": "после шести",
        "Автомобиль": "Toyota Camry",
        "Автомобиль, словами клиента": "тайота камри",
        "Год выпуска": "2018",
        "Пробег": "120000",
        "Желаемая цена": "1900000",
        "Сумма, ₽": "1900000",
        "Источник": "avito",
        "Мессенджер": "Telegram: @anna_k",
        "Клиент": "telegram:7000000001",
        "Доставлена": in_moscow(JUST_NOW - timedelta(hours=2)),
        "Попыток": "2",
        "Контакт": "31",
        "Сделка": "62",
    }


def test_no_two_columns_have_one_head(desk: LeadsDesk) -> None:
    heads = desk.run("export").stdout_bytes.decode("utf-8-sig").rstrip("\r\n").split(";")

    titles = {step.title for form in FORMS.values() for step in form.steps}
    assert titles <= set(heads)
    assert len(set(heads)) == len(heads)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_begins_as_a_formula_does(desk: LeadsDesk, sign: str) -> None:
    desk.has(a_dead_lead(failure=Reason(f"{sign}HYPERLINK(A1)")))

    (row,) = exported(desk)

    assert row["Причина неудачи"] == f"'{sign}HYPERLINK(A1)"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_separators_quotes_and_line_ends_stay_within_their_cell(desk: LeadsDesk) -> None:
    desk.has(
        a_dead_lead(failure=Reason('a;b "c"\r\nd'), answers={"price": Rubles(1_200_000), "car_brand": Words("Ё;«Ж»")})
    )

    (row,) = exported(desk)

    assert row["Причина неудачи"] == 'a;b "c"\r\nd'
    assert row["Сумма, ₽"] == "1200000"
    assert row["Автомобиль"] == "Ё;«Ж»"


def test_customers_of_one_messenger_can_be_chosen(desk: LeadsDesk) -> None:
    desk.has(a_dead_lead(1), a_dead_lead(2, customer=NAMESAKE, handle=Handle("MAX", "Анна")))

    (row,) = exported(desk, "--customer", "max:7000000001")

    assert (row["Клиент"], row["Мессенджер"]) == ("max:7000000001", "MAX: Анна")


def test_an_erased_lead_has_no_personal_data(desk: LeadsDesk) -> None:
    desk.has(a_dead_lead(handle=ANNA_S_HANDLE).erased(at=JUST_NOW))

    (row,) = exported(desk)
    (item,) = json.loads(desk.run("export", "--format", "json").stdout)

    assert filled(row).keys() == {"Номер", "Получена", "Услуга", "Состояние", "Попыток", "Обезличена"}
    assert (item["name"], item["phone"], item["telegram"], item["answers"]) == (None, None, None, {})


def test_more_leads_than_fit_on_a_page_are_all_there_once_newest_first(desk: LeadsDesk) -> None:
    count = PAGE + 3
    desk.has(*(a_pending_lead(number, age=timedelta(minutes=number)) for number in range(1, count + 1)))

    assert [row["Номер"] for row in exported(desk)] == [f"CQ-{number:06}" for number in range(1, count + 1)]


def test_leads_are_chosen_as_in_the_list(desk: LeadsDesk) -> None:
    desk.has(
        a_dead_lead(1, age=timedelta(hours=1)),
        a_dead_lead(2, age=timedelta(hours=5)),
        a_pending_lead(3, age=timedelta(hours=5)),
    )

    assert [row["Номер"] for row in exported(desk, "--status", "dead", "--older-than", "2h")] == ["CQ-000002"]


def test_nothing_to_export_is_a_header_alone_or_an_empty_array(desk: LeadsDesk) -> None:
    assert desk.run("export").stdout.startswith("\ufeffНомер;Получена;Услуга;")
    assert exported(desk) == []
    assert desk.json_of("export", "--format", "json") == []


def test_json_holds_the_phone_as_it_is_and_everything_that_show_has(desk: LeadsDesk) -> None:
    desk.has(a_pending_lead(1), a_pending_lead(2))

    first, second = desk.json_of("export", "--format", "json")

    assert {first["phone"], second["phone"]} == {"+79160000001", "+79160000002"}
    assert first.keys() == desk.json_of("show", "CQ-000001", "--json").keys() - {"history"}


def test_a_csv_file_begins_so_that_excel_takes_it_for_utf_8(desk: LeadsDesk, tmp_path: Path) -> None:
    desk.has(a_pending_lead())

    written = desk.run("export", "--output", "leads.csv")

    assert (written.exit_code, written.stdout) == (0, "")
    assert "Leads written to leads.csv: 1." in written.stderr
    content = (tmp_path / "leads.csv").read_bytes()
    assert content.startswith("\ufeffНомер;".encode())
    assert b"\r\r" not in content
    assert rows_of(content.decode("utf-8-sig"))[0]["Номер"] == "CQ-000001"


def test_a_json_file_begins_with_its_array(desk: LeadsDesk, tmp_path: Path) -> None:
    desk.has(a_pending_lead())

    desk.run("export", "--format", "json", "--output", "leads.json")

    assert (tmp_path / "leads.json").read_bytes().startswith(b"[\n{")


def test_only_its_owner_may_read_the_file(desk: LeadsDesk, tmp_path: Path) -> None:
    desk.run("export", "--output", "leads.csv")

    assert stat.S_IMODE((tmp_path / "leads.csv").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_overwritten_only_by_force(desk: LeadsDesk, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("precious")

    refused = desk.run("export", "--output", "leads.csv")
    assert (tmp_path / "leads.csv").read_text() == "precious"
    forced = desk.run("export", "--output", "leads.csv", "--force")

    assert (refused.exit_code, forced.exit_code) == (2, 0)
    assert "--force overwrites it" in refused.stderr
    assert "precious" not in (tmp_path / "leads.csv").read_text()


def test_a_file_that_can_not_be_completed_is_not_there_at_all(desk: LeadsDesk, tmp_path: Path) -> None:
    (tmp_path / "carquery.db").unlink()
    before = set(tmp_path.iterdir())

    failed = desk.run("export", "--output", "leads.csv")

    assert failed.exit_code == 1
    assert {path.name for path in set(tmp_path.iterdir()) - before} <= {"carquery.db"}


def test_a_folder_that_is_not_there_is_said(desk: LeadsDesk) -> None:
    failed = desk.run("export", "--output", "nowhere/leads.csv")

    assert failed.exit_code == 1
    assert "--output: nowhere/leads.csv: No such file or directory" in failed.stderr


def test_a_format_that_is_none_is_refused_with_those_there_are(desk: LeadsDesk) -> None:
    refused = desk.run("export", "--format", "xlsx")

    assert refused.exit_code == 2
    assert "--format: «xlsx» is none; expected: csv, json" in refused.stderr

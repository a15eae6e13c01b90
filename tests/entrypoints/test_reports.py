"""`carquery report …`: on a terminal, for machines, for spreadsheets, as pictures."""

import asyncio
import csv
import io
import json
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.tallies import SqlTallies
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.tallies import BatchId
from carquery.domain.ids import Source
from carquery.domain.moscow import moscow_day
from carquery.domain.tallied import SUMMARY, Occurrence, Tallied, seconds_told
from carquery.entrypoints.cli import app
from carquery.entrypoints.commands.leads.export_formats import BOM
from tests.builders import a_pending_lead
from tests.entrypoints.leads_desk import JUST_NOW, LeadsDesk, a_desk

TODAY = moscow_day(JUST_NOW)
REPORTS = ("funnel", "sources", "topics", "speed", "ai")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LeadsDesk]:
    with a_desk(tmp_path) as desk:
        yield desk


def report(*arguments: str, columns: int = 120) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, ["report", *arguments])


def a_day(times: int = 10, source: str = "avito") -> dict[Tallied, int]:
    """`times` open the form, half of them come to its summary."""

    def one(what: Occurrence, step: str = "", detail: str = "", form: str = "sell") -> Tallied:
        told = source if what in (Occurrence.OPENED, Occurrence.REACHED) else ""
        return Tallied(day=TODAY, what=what, channel="telegram", source=told, form=form, step=step, detail=detail)

    return {
        one(Occurrence.OPENED): times,
        one(Occurrence.REACHED, "car_brand"): times,
        one(Occurrence.REACHED, "year"): times - 2,
        one(Occurrence.REACHED, SUMMARY): times // 2,
        one(Occurrence.PASSED, "car_brand", seconds_told(14)): times - 2,
        one(Occurrence.REFUSED, "year", "аа аа"): 3,
        one(Occurrence.REFUSED, "year", "00"): 1,
        one(Occurrence.ASKED, detail="credit", form=""): 4,
        one(Occurrence.UNANSWERED, detail="credit", form=""): 3,
        one(Occurrence.ASKED, detail="hours", form=""): 9,
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadsDesk]:
    """What was counted today, and three requests; tests only read."""
    with a_desk(tmp_path_factory.mktemp("reports")) as desk:
        asyncio.run(_fill(desk.database_url))
        yield desk


async def _fill(database_url: str) -> None:
    async with open_engine(database_url) as engine:
        await SqlTallies(engine).add(a_day(), batch=BatchId("one"), at=JUST_NOW)
        await SqlTallies(engine).add(a_day(4, source=""), batch=BatchId("two"), at=JUST_NOW)
        leads = SqlLeads(engine, SystemClock())
        for number in (1, 2, 3):
            await leads.add(a_pending_lead(number, now=JUST_NOW, source=Source("avito")))


def rows_of(*arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(report(*arguments, "--json").stdout)["rows"]
    return rows


def test_the_funnel_goes_step_by_step_from_opened_to_touched(filled: LeadsDesk) -> None:
    rows = {row["stage"]: row for row in rows_of("funnel")}

    assert [(stage, row["count"]) for stage, row in rows.items()] == [
        ("opened", 14),
        ("car_brand", 14),
        ("year", 10),
        (SUMMARY, 7),
        ("sent", 3),
        ("delivered", 0),
        ("touched", 0),
    ]
    assert rows["car_brand"]["median_seconds"] == pytest.approx(16, abs=4)
    assert (rows["year"]["refused"], rows["year"]["shapes"]) == (8, {"аа аа": 6, "00": 2})
    assert rows["year"]["refused_share"] == pytest.approx(8 / 15, abs=0.001)


@pytest.mark.parametrize(
    ("by", "keys"),
    [("form", {"sell"}), ("source", {"avito", ""}), ("channel", {"telegram"}), ("day", {TODAY.isoformat()})],
)
def test_it_is_told_apart_by_what_is_asked_for(filled: LeadsDesk, by: str, keys: set[str]) -> None:
    rows = rows_of("funnel", "--by", by)

    assert {row[by] for row in rows} == keys
    assert sum(row["opened"] for row in rows) == 14
    assert sum(row["sent"] for row in rows) == 3


def test_sources_that_bring_most_requests_come_first(filled: LeadsDesk) -> None:
    assert [(row["source"], row["opened"], row["sent"]) for row in rows_of("sources")] == [("avito", 10, 3), ("", 4, 0)]


def test_what_the_version_before_sent_is_no_share_of_what_is_counted_since(desk: LeadsDesk) -> None:
    async def fill() -> None:
        async with open_engine(desk.database_url) as engine:
            await SqlTallies(engine).add(a_day(2), batch=BatchId("one"), at=JUST_NOW)
            for number in (1, 2, 3):
                await SqlLeads(engine, SystemClock()).add(a_pending_lead(number, now=JUST_NOW, source=Source("avito")))

    asyncio.run(fill())

    assert [(row["count"], row["share"]) for row in rows_of("funnel") if row["stage"] == "sent"] == [(3, None)]
    assert [(row["sent"], row["sent_share"]) for row in rows_of("sources")] == [(3, None)]


def test_topics_without_an_answer_come_first(filled: LeadsDesk) -> None:
    assert [(row["topic"], row["unanswered"], row["asked"]) for row in rows_of("topics")] == [
        ("credit", 6, 8),
        ("hours", 0, 18),
    ]


@pytest.mark.parametrize("columns", [60, 120])
@pytest.mark.parametrize("name", REPORTS)
def test_tables_fit_the_terminal(filled: LeadsDesk, name: str, columns: int) -> None:
    printed = report(name, columns=columns)

    assert printed.exit_code == 0, printed.output
    assert max(map(len, printed.stdout.splitlines())) <= columns
    assert "…" not in printed.stdout


def test_a_terminal_that_is_too_narrow_is_told_so_in_a_sentence(filled: LeadsDesk) -> None:
    ended = report("funnel", columns=20)

    assert (ended.exit_code, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1)
    assert "--json" in ended.stderr


def test_figures_are_never_without_what_they_are_of(filled: LeadsDesk) -> None:
    ended = report("sources", columns=44)

    assert (ended.exit_code, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1)


def test_a_russian_spreadsheet_reads_figures_as_numbers_in_any_encoding(filled: LeadsDesk) -> None:
    written = CliRunner(charset="cp1251").invoke(app, ["report", "funnel", "--csv"])

    rows = {row["stage"]: row for row in csv.DictReader(io.StringIO(written.stdout_bytes.decode()), delimiter=";")}
    assert rows["year"]["share"] == "0,7143"


def test_a_spreadsheet_computes_nothing_of_what_customers_made_up(desk: LeadsDesk) -> None:
    async def fill() -> None:
        async with open_engine(desk.database_url) as engine:
            await SqlTallies(engine).add(a_day(source="-2+3"), batch=BatchId("one"), at=JUST_NOW)

    asyncio.run(fill())

    header, line = csv.reader(io.StringIO(report("sources", "--csv").stdout.removeprefix(BOM)), delimiter=";")

    assert header[:2] == ["source", "opened"]
    assert line[:2] == ["'-2+3", "10"]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_can_be_a_spreadsheet_and_a_picture(filled: LeadsDesk, tmp_path: Path, name: str) -> None:
    svg, png = tmp_path / "a.svg", tmp_path / "a.png"

    drawn = report(name, "--svg", str(svg), "--png", str(png))
    written = report(name, "--csv")

    assert (drawn.exit_code, drawn.stdout, written.exit_code) == (0, "", 0), drawn.output
    assert ElementTree.fromstring(svg.read_text()).tag.endswith("svg")  # noqa: S314  # ours
    head = png.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert struct.unpack(">I", head[16:20])[0] == 1440


def test_where_nothing_was_counted_it_says_so(desk: LeadsDesk) -> None:
    for name in REPORTS:
        printed = report(name)

        assert (printed.exit_code, len(printed.stdout.splitlines())) == (0, 1), printed.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("funnel", "--since", f"{TODAY + timedelta(days=2)}"), 2, "has not come yet"),
        (("speed", "--since", f"{TODAY + timedelta(days=2)}"), 2, "has not come yet"),
        (("topics", "--since", "soon"), 2, "expected: "),
        (("funnel", "--by", "colour"), 2, "expected: form, source, day, channel"),
        (("sources", "--json", "--csv"), 2, "one of them"),
        (("funnel", "--svg", "no/such/folder/a.svg"), 1, "can't be written: No such file or directory"),
        (("funnel", "--svg", "~no-such-user/a.svg"), 1, "can't be written: no such name"),
        (("funnel", "--png", "."), 1, "can't be written: Is a directory"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    filled: LeadsDesk, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = report(*arguments)

    assert (ended.exit_code, ended.stdout, len(ended.stderr.splitlines())) == (code, "", 1), ended.output
    assert said in ended.stderr


@pytest.mark.parametrize("name", REPORTS)
def test_a_database_that_can_t_be_read_is_said_to_be_so(
    filled: LeadsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "other.db").write_bytes(b"no database")
    asyncio.run(_half_migrated(f"sqlite:///{tmp_path}/half.db"))
    for file in ("other.db", "half.db", "none.db"):
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/{file}")

        ended = report(name)

        assert (ended.exit_code, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 1), ended.output
        assert ended.stderr.startswith("DATABASE_URL: ")


async def _half_migrated(database_url: str) -> None:
    async with open_engine(database_url) as engine:
        await upgrade(engine, "0002")

"""`carquery report speed`."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.first_touches import SqlFirstTouches
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.system.clock import SystemClock
from carquery.application.ports.first_touches import Look
from carquery.application.ports.leads import LeadChange
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import CrmUserId, Source
from carquery.entrypoints.cli import app
from tests.builders import HOUR, a_pending_lead
from tests.entrypoints.leads_desk import JUST_NOW, LeadsDesk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LeadsDesk]:
    with a_desk(tmp_path) as desk:
        yield desk


def report(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", "speed", *arguments])


async def _touched(database_url: str, *minutes: int | None) -> None:
    """Leads of two hours ago, each touched after so many minutes; None: not yet."""
    clock = SystemClock()
    async with open_engine(database_url) as engine:
        leads, touches = SqlLeads(engine, clock), SqlFirstTouches(engine, clock)
        for number, after in enumerate(minutes, start=1):
            source = Source("avito") if number % 2 else None
            lead = await leads.add(a_pending_lead(number, now=JUST_NOW, age=2 * HOUR, source=source))
            claim = await leads.claim(limit=1, lease_for=HOUR)
            done = LeadChange(lead.claimed().delivered(at=JUST_NOW))
            await leads.update([done], claim.lease, release=True)
            touched_at = None if after is None else lead.created_at + timedelta(minutes=after)
            touch = None if touched_at is None else FirstTouch(touched_at, CrmUserId(501))
            await touches.note([Look(lead.id, touch, None)], at=JUST_NOW)


def test_times_are_printed_by_service_source_and_hour(desk: LeadsDesk) -> None:
    asyncio.run(_touched(desk.database_url, 4, 10, 40, None))

    printed = report()

    assert printed.exit_code == 0, printed.output
    assert [
        word for word in ("service", "source", "hour", "avito", "sell", "10", "40") if word not in printed.stdout
    ] == []
    assert "hours" in printed.stderr, "there is no dealership file"


def test_for_machines_there_is_one_document(desk: LeadsDesk) -> None:
    asyncio.run(_touched(desk.database_url, 4, 10, 40, None))

    figures = json.loads(report("--json", "--by", "source").stdout)

    assert figures["all"] == {"leads": 4, "touched": 3, "median_minutes": 10.0, "p90_minutes": 40.0}
    assert set(figures["source"]) == {"avito", "-"}
    assert "hour" not in figures


def test_where_nothing_was_watched_it_says_so(desk: LeadsDesk) -> None:
    assert "No request" in report().stdout
    assert json.loads(report("--json").stdout)["all"]["leads"] == 0


@pytest.mark.parametrize("arguments", [("--by", "colour"), ("--since", "soon")])
def test_wrong_options_are_said_with_what_would_be_right(desk: LeadsDesk, arguments: tuple[str, str]) -> None:
    ended = report(*arguments)

    assert ended.exit_code == 2
    assert "expected: " in ended.stderr

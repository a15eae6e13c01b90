"""Alerts of other versions, and those of processes that were killed."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.memory.staff_chat import MemoryStaffChat
from carquery.adapters.sql.alert_outbox import UNREADABLE_WAITS, SqlAlertOutbox
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.tables import alert_turn, alerts, told
from carquery.application.ports.alerts import Alert, ContactToErase, CrmClosed, LeftOut
from carquery.application.staff.alert_rules import QUIET_ABOUT_FIELDS, rule_of
from carquery.application.staff.deliver_alerts import LEASE, DeliverAlerts
from carquery.domain.effects import CrmId
from carquery.domain.reason import Reason
from tests.builders import NOW
from tests.patience import waiting_for
from tests.sqlite_files import a_sqlite_database

PROGRAM = Path(__file__).with_name("saying_process.py")
TO_ERASE = ContactToErase((CrmId(77),))
CLOSED = CrmClosed(Reason("HTTP 403"))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_engine(a_sqlite_database(tmp_path)) as engine:
        yield engine


async def has(engine: AsyncEngine, kind: str, body: Any) -> None:  # whatever another version stores
    row = {"kind": kind, "cause": f"{kind} {body}", "body": body, "told_at": NOW, "times": 1}
    async with engine.begin() as connection:
        await connection.execute(insert(alerts).values(row))


async def said(engine: AsyncEngine, clock: SettableClock) -> list[Alert]:
    """What a process of this version says."""
    chat = MemoryStaffChat()
    deliver = DeliverAlerts(outbox=SqlAlertOutbox(engine, clock), chat=chat, clock=clock)
    while (await deliver()).said is not None:
        continue
    return chat.said


async def test_what_a_newer_version_told_is_kept_for_it_and_keeps_nobody_waiting(engine: AsyncEngine) -> None:
    clock = SettableClock(NOW)
    await has(engine, "something later", {"words": "x"})
    await has(engine, "crm closed", {"because": "renamed"})
    await SqlAlertOutbox(engine, clock).add(TO_ERASE)

    assert await said(engine, clock) == [TO_ERASE]
    clock.pass_time(UNREADABLE_WAITS)
    assert await said(engine, clock) == []

    figures = await SqlAlertOutbox(engine, clock).figures()
    assert dict(figures.kinds) == {"something later": 1, "crm closed": 1}


async def test_what_is_told_joins_nothing_that_cannot_be_read(engine: AsyncEngine) -> None:
    clock = SettableClock(NOW)
    async with engine.begin() as connection:
        row = {"kind": "crm closed", "cause": rule_of(CLOSED).cause, "body": {}, "told_at": NOW, "times": 1}
        await connection.execute(insert(alerts).values(row))

    await SqlAlertOutbox(engine, clock).add(CLOSED)

    assert await said(engine, clock) == [CLOSED]


async def test_of_what_was_said_nothing_is_kept_but_that_its_cause_is_quiet_and_that_not_for_ever(
    engine: AsyncEngine,
) -> None:
    clock = SettableClock(NOW)
    outbox = SqlAlertOutbox(engine, clock)
    for name in ("Паспорт Анны Ивановой.pdf", "Доверенность.pdf"):
        await outbox.add(LeftOut((), Reason(f"файл «{name}»: в Telegram больше нет")))
    await said(engine, clock)

    assert "Паспорт" not in repr(await causes(engine))
    clock.pass_time(QUIET_ABOUT_FIELDS / 2)
    await outbox.forget_expired()
    assert len(await causes(engine)) == 2
    clock.pass_time(QUIET_ABOUT_FIELDS / 2)
    await outbox.forget_expired()
    assert await causes(engine) == []


async def causes(engine: AsyncEngine) -> Sequence[str]:
    async with engine.begin() as connection:
        return (await connection.execute(select(told.c.cause))).scalars().all()


@pytest.mark.parametrize(("killed_after", "readings"), [("taken", 1), ("said", 2), ("noted", 1)])
async def test_a_process_that_was_killed_loses_nothing_and_repeats_one_alert_at_most(
    tmp_path: Path, engine: AsyncEngine, killed_after: str, readings: int
) -> None:
    await SqlAlertOutbox(engine, SettableClock(NOW)).add(TO_ERASE)
    await SqlAlertOutbox(engine, SettableClock(NOW)).add(CLOSED)
    read_before = await _killed(tmp_path, killed_after)
    async with engine.begin() as connection:
        taken = (await connection.execute(select(alerts.c.taken).order_by(alerts.c.id))).scalars().all()
        assert taken == ([False] if killed_after == "noted" else [True, False])
        # The process that died had the machine's time; let its lease have run out in ours.
        await connection.execute(update(alert_turn).values(lease_until=NOW, paid_until=NOW))

    read_after = await said(engine, SettableClock(NOW + LEASE + timedelta(seconds=1)))

    assert [*read_before, *map(str, read_after)].count(str(TO_ERASE)) == readings
    assert read_after[-1] == CLOSED


async def _killed(folder: Path, after: str) -> list[str]:
    """Let a process say one alert, and kill it at that point. Returns what people have read by then."""
    arguments = (str(PROGRAM), f"sqlite:///{folder}/carquery.db", NOW.isoformat(), after)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    assert process.stdout is not None
    read = []
    async with waiting_for(f"the process to have {after} it"):
        while (line := (await process.stdout.readline()).decode().strip()) != "here":
            assert line, "it ended by itself"
            read.append(line)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return read

"""What erasing leaves of a form that was left: every column of it, but those that are named here with the reason."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.customers import SqlCustomers
from carquery.adapters.sql.drafts import SqlDrafts
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.reminders import SqlReminders
from carquery.adapters.sql.tables import drafts, unwanted_reminders
from carquery.application.ports.reminders import Unwanted
from carquery.domain.attachments import Parcel
from carquery.domain.draft import Draft
from carquery.domain.ids import LeadId
from tests.builders import ANNA, ANNA_S_HANDLE, EVERY_ATTACHMENT, NOW, a_dialog, a_lead
from tests.sqlite_files import a_sqlite_database

MAY_STAY: Final = {
    "dialog": "random; names nobody",
    "revision": "a count",
    "touched_at": "when it ended",
    "ended_at": "that it ended: a process that comes late must find that out",
}


async def rows_after(end: str, folder: Path) -> list[Mapping[str, Any]]:
    """The rows of a form with everything in it that has ended so."""
    dialog = a_dialog(step="comment")
    draft = Draft(
        customer=ANNA,
        dialog=dialog.enclose(Parcel(EVERY_ATTACHMENT.photos, EVERY_ATTACHMENT.files, words=("Это Анна",))),
        touched_at=NOW,
        is_permitted=True,
        conversation=("Я Анна",),
        handle=ANNA_S_HANDLE,
    )
    async with open_engine(a_sqlite_database(folder)) as engine:
        store, clock = SqlDrafts(engine), SettableClock(NOW)
        await store.write([draft], ended=(), at=NOW)
        await SqlReminders(engine).stop(ANNA, Unwanted.DECLINED, at=NOW)
        async with engine.connect() as connection:
            (full,) = (await connection.execute(select(drafts))).mappings().all()
            assert [name for name in full if full[name] in (None, {}, 0, False)] == ["ended_at", "reminded_at"]
        match end:
            case "erased":
                await SqlCustomers(engine, clock).erase(ANNA)
            case "sent":
                await SqlLeads(engine, clock).add(a_lead(id=LeadId(dialog.id)))
            case _:
                await store.write((), ended=[dialog.id], at=NOW)
        async with engine.connect() as connection:
            if end == "erased":
                assert (await connection.execute(select(unwanted_reminders))).all() == []
            return [dict(row) for row in (await connection.execute(select(drafts))).mappings()]


@pytest.mark.parametrize("end", ["erased", "sent", "thrown away"])
async def test_nothing_but_what_may_stay_is_left(end: str, tmp_path: Path) -> None:
    (row,) = await rows_after(end, tmp_path)

    assert {name for name, value in row.items() if value not in (None, False)} == MAY_STAY.keys()


def test_every_column_is_accounted_for() -> None:
    """Or a new one would be kept that nobody has thought about."""
    emptied = {"customer_id", "channel", "service", "body", "can_be_called_back", "reminded_at"}

    assert set(drafts.c.keys()) == MAY_STAY.keys() | emptied

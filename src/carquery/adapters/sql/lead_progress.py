"""Writing how far many leads have come, in one statement: the changes go in as one document and come out as rows.

So the statement is the same, and compiled once, whatever the number of leads; and only the columns that delivery
changes are written.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, Update, bindparam, cast, column, func, insert, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.alert_rows import AlertRows
from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.lead_rows import entry_to_row, progress_to_row
from carquery.adapters.sql.tables import Moment, first_touches, lead_history, leads
from carquery.adapters.sql.transitions import FILLED, RELEASED
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import LeadChange, Lease
from carquery.domain.ids import LeadId
from carquery.domain.lead import LeadStatus

_PROGRESS: Final = tuple(progress_to_row(FILLED))
_MOMENT: Final = Moment()
_NOTE: Final = insert(lead_history)


class LeadProgress:
    """Records changes of leads in one kind of database."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._dialect = engine.dialect
        self._alerts = AlertRows(engine, clock)
        self._watch = insert_into(engine, first_touches).on_conflict_do_nothing(index_elements=["lead"])
        self._keep = _statement(_out_of_json() if engine.dialect.name == "sqlite" else _out_of_jsonb())
        self._release = self._keep.values(RELEASED)

    async def record(
        self, connection: AsyncConnection, changes: Sequence[LeadChange], lease: Lease, *, release: bool
    ) -> frozenset[LeadId]:
        """Write them, and of those that were written the history and the alerts; who is delivered is watched from now
        on. Returns these."""
        document = {"changes": self._document(changes), "held_under": lease}
        written = frozenset((await connection.execute(self._release if release else self._keep, document)).scalars())
        entries = [
            entry_to_row(change.lead.id, entry)
            for change in changes
            if change.lead.id in written
            for entry in change.happened
        ]
        await note(connection, entries)
        delivered = [
            {"lead": change.lead.id, "delivered_at": change.lead.delivered_at, "look_at": change.lead.delivered_at}
            for change in changes
            if change.lead.id in written and change.lead.status is LeadStatus.DELIVERED
        ]
        if delivered:
            await connection.execute(self._watch, delivered)
        for alert in [alert for change in changes if change.lead.id in written for alert in change.told]:
            await self._alerts.keep(connection, alert)
        return written

    def _document(self, changes: Sequence[LeadChange]) -> str:
        rows = [{"id": change.lead.id, **progress_to_row(change.lead)} for change in changes]
        return json.dumps(rows, default=self._written)

    def _written(self, moment: datetime) -> str:
        """As SQLAlchemy stores moments in SQLite, and as PostgreSQL reads them."""
        bound = _MOMENT.process_bind_param(moment, self._dialect)
        return (bound or moment).isoformat(" ", "microseconds")


async def note(connection: AsyncConnection, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write lines of leads' histories."""
    if entries:
        await connection.execute(_NOTE, entries)


def _statement(change: Mapping[str, ColumnElement[Any]]) -> Update:
    return (
        update(leads)
        .where(leads.c.id == change["id"], leads.c.lease == bindparam("held_under"), IS_KNOWN)
        .values({name: change[name] for name in _PROGRESS})
        .returning(leads.c.id)
    )


def _out_of_jsonb() -> Mapping[str, ColumnElement[Any]]:
    """The columns of the document's rows, in PostgreSQL."""
    columns = [column(name, leads.c[name].type) for name in ("id", *_PROGRESS)]
    document = cast(bindparam("changes", type_=Text), JSONB)
    rows = func.jsonb_to_recordset(document).table_valued(*columns, name="change")
    return dict(rows.render_derived(name="change", with_types=True).c)


def _out_of_json() -> Mapping[str, ColumnElement[Any]]:
    """The columns of the document's rows, in SQLite."""
    rows = func.json_each(bindparam("changes", type_=Text)).table_valued("value", name="change")
    return {name: func.json_extract(rows.c.value, f"$.{name}") for name in ("id", *_PROGRESS)}

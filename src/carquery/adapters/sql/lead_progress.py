"""Writing how far many leads have come, in one statement: the changes go in as one document and come out as rows.

So the statement is the same, and compiled once, whatever the number of leads; and only the columns that delivery
changes are written. On PostgreSQL it writes the history too, and is its own transaction: each further statement, and a
BEGIN and a COMMIT, would cost the process as much CPU again.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.alert_rows import AlertRows
from carquery.adapters.sql.dialects import insert_into
from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.lead_rows import entry_to_row, progress_to_row
from carquery.adapters.sql.tables import Moment, first_touches, lead_history, leads
from carquery.adapters.sql.transitions import FILLED, RELEASED
from carquery.application.ports.environment import Clock
from carquery.application.ports.leads import LeadChange, Lease
from carquery.domain.ids import LeadId
from carquery.domain.lead import LeadStatus

_PROGRESS: Final = tuple(progress_to_row(FILLED))
_ENTRY: Final = ("lead", "at", "what", "effect", "words")
_MOMENT: Final = Moment()
_NOTE: Final = insert(lead_history)


class LeadProgress:
    """Records changes of leads in one kind of database."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._dialect = engine.dialect
        self._transactions = engine
        self._alerts = AlertRows(engine, clock)
        self._watch = insert_into(engine, first_touches).on_conflict_do_nothing(index_elements=["lead"])
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._keep = _statement(
            _out_of_json() if self._is_sqlite else _out_of_jsonb("changes", leads, ("id", *_PROGRESS))
        )
        self._release = self._keep.values(RELEASED)
        self._keep_at_once, self._release_at_once = (
            Direct(engine, _with_history(write), writes=True) for write in (self._keep, self._release)
        )

    async def record(self, changes: Sequence[LeadChange], lease: Lease, *, release: bool) -> frozenset[LeadId]:
        """Write them, and of those that were written the history and the alerts; who is delivered is watched from now
        on. All of it is one transaction. Returns these."""
        document = {"changes": self._document(changes), "held_under": lease}
        if not self._is_sqlite and not any(change.told for change in changes):
            return await self._at_once(document | {"entries": self._entries(changes)}, release=release)
        async with self._transactions.begin() as connection:
            return await self._one_by_one(connection, changes, document, release=release)

    async def _at_once(self, documents: Mapping[str, str], *, release: bool) -> frozenset[LeadId]:
        write = self._release_at_once if release else self._keep_at_once
        return frozenset(LeadId(row["id"]) for row in await write(documents))

    async def _one_by_one(
        self, connection: AsyncConnection, changes: Sequence[LeadChange], document: Mapping[str, str], *, release: bool
    ) -> frozenset[LeadId]:
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
        return self._in_json([{"id": change.lead.id, **progress_to_row(change.lead)} for change in changes])

    def _entries(self, changes: Sequence[LeadChange]) -> str:
        rows = [entry_to_row(change.lead.id, entry) for change in changes for entry in change.happened]
        return self._in_json([{**row, "place": place} for place, row in enumerate(rows)])

    def _in_json(self, rows: Sequence[Mapping[str, Any]]) -> str:
        if self._is_sqlite:
            return json.dumps(rows, default=self._written)
        return msgspec.json.encode(rows).decode()  # several times as fast, with moments as PostgreSQL reads them

    def _written(self, moment: datetime) -> str:
        """As SQLAlchemy stores moments in SQLite."""
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


def _with_history(write: Update) -> Select[Any]:
    """The same, in PostgreSQL, with lines of history and the watch over whoever is delivered."""
    written = write.returning(leads.c.status, leads.c.delivered_at).cte("written")
    entries = _out_of_jsonb("entries", lead_history, _ENTRY, column("place", Integer))
    lines = select(*(entries[name] for name in _ENTRY)).where(entries["lead"].in_(select(written.c.id)))
    noted = insert(lead_history).from_select(_ENTRY, lines.order_by(entries["place"]))
    delivered = select(written.c.id, written.c.delivered_at, written.c.delivered_at.label("look_at")).where(
        written.c.status == LeadStatus.DELIVERED.value
    )
    watched = postgresql.insert(first_touches).from_select(["lead", "delivered_at", "look_at"], delivered)
    watched = watched.on_conflict_do_nothing(index_elements=["lead"])
    return select(written.c.id).add_cte(noted.cte("noted"), watched.cte("watched"))


def _out_of_jsonb(
    document: str, table: Table, names: Sequence[str], *more: ColumnClause[Any]
) -> Mapping[str, ColumnElement[Any]]:
    """The columns of a document's rows, in PostgreSQL."""
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.jsonb_to_recordset(cast(bindparam(document, type_=Text), JSONB)).table_valued(*columns, *more)
    return dict(rows.render_derived(name=f"{document}_rows", with_types=True).c)


def _out_of_json() -> Mapping[str, ColumnElement[Any]]:
    """The columns of the document's rows, in SQLite."""
    rows = func.json_each(bindparam("changes", type_=Text)).table_valued("value", name="change")
    return {name: func.json_extract(rows.c.value, f"$.{name}") for name in ("id", *_PROGRESS)}

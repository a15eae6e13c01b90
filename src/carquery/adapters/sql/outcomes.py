"""What became of sent requests, in SQL."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import reporting
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.lead_conditions import IS_KNOWN
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.tables import first_touches, leads
from carquery.application.ports.outcomes import Outcome
from carquery.application.ports.tallies import By

_HOUR: Final = "%Y-%m-%d %H"
_CHANNEL_ENDS: Final = ":"


@repeating
class SqlOutcomes:
    """Counts leads, with the first touches of each."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reporting = reporting(engine)

    async def of_sent(
        self, since: datetime, until: datetime, *, by: By | None = None, zone: tzinfo
    ) -> Mapping[str, Outcome]:
        key = self._key(by)
        sent = and_(leads.c.created_at >= since, leads.c.created_at < until, leads.c.unfinished.is_(False))
        is_waiting = and_(leads.c.delivered_at.is_(None), IS_KNOWN)
        counts = (
            func.count(),
            func.count(leads.c.delivered_at),
            func.count(first_touches.c.touched_at),
            func.count(case((is_waiting, literal(1)))),
        )
        query = (
            select(key, *counts)
            .select_from(leads.outerjoin(first_touches, first_touches.c.lead == leads.c.id))
            .where(sent)
            .group_by(literal_column("1"))
        )
        async with translated(), self._reporting.connect() as connection:
            rows = (await connection.execute(query)).all()
        outcomes: defaultdict[str, Outcome] = defaultdict(Outcome)
        for told, *times in rows:
            outcomes[_day(told, zone) if by is By.DAY else told or ""] += Outcome(*times)
        return outcomes

    def _key(self, by: By | None) -> ColumnElement[Any]:
        is_sqlite = self._engine.dialect.name == "sqlite"
        match by:
            case None:
                return literal("")
            case By.FORM:
                return leads.c.service
            case By.SOURCE:
                return leads.c.source
            case By.CHANNEL if is_sqlite:
                whose = leads.c.customer_id
                return func.substr(whose, 1, func.instr(whose, _CHANNEL_ENDS) - 1)
            case By.CHANNEL:
                return func.split_part(leads.c.customer_id, _CHANNEL_ENDS, 1)
            case By.DAY if is_sqlite:
                return func.substr(cast(leads.c.created_at, Text), 1, len("2026-11-29 09"))
            case By.DAY:
                return func.date_trunc("hour", leads.c.created_at)


def _day(hour: str | datetime, zone: tzinfo) -> str:
    """Days are the zone's, which only Python knows on both databases; hours are fewer than leads."""
    moment = datetime.strptime(hour, _HOUR).replace(tzinfo=UTC) if isinstance(hour, str) else hour
    return moment.astimezone(zone).date().isoformat()

"""Alerts as rows, kept and erased within whatever transaction is their cause."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, case, delete, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.customer_columns import customer_columns, is_of
from carquery.adapters.sql.dialects import database_now, one_at_a_time
from carquery.adapters.sql.lead_listener import ALERTS, ring
from carquery.adapters.sql.storable import storable
from carquery.adapters.sql.tables import Moment, alerts, told
from carquery.adapters.stored.alert_json import alert_from_json, alert_to_json
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.application.ports.alert_outbox import MOST_WAITING
from carquery.application.ports.alerts import Alert, AlertsLeftOut
from carquery.application.ports.environment import Clock
from carquery.application.staff.alert_rules import AlertRule, joined, rule_of, without
from carquery.domain.ids import CustomerId, Reference

ONE_WRITER: Final = 0x4351_0002
"""An advisory lock of PostgreSQL: whoever adds must see what is taken, or two rows of one cause would wait."""


class AlertRows:
    """The statements; the transaction is the caller's."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def now(self, *, later: timedelta = timedelta()) -> ColumnElement[datetime]:
        """The moment that counts."""
        return database_now(self._engine, self._clock, later=later)

    def waiting(self) -> Select[Any]:
        """Everything that has not expired, with `quiet_until` of its cause."""
        columns = (alerts, told.c.quiet_until, self.now().label("now"))
        of_cause = alerts.outerjoin(told, alerts.c.cause == told.c.cause)
        needed = or_(alerts.c.expires_at.is_(None), alerts.c.expires_at > self.now())
        return select(*columns).select_from(of_cause).where(needed)

    async def keep(self, connection: AsyncConnection, alert: Alert) -> None:
        """As `AlertOutbox.add` promises."""
        await one_at_a_time(connection, ONE_WRITER)
        rule = rule_of(alert)
        cause = storable(rule.cause)
        if not rule.happens_once and await self._is_known(connection, cause, alert, rule):
            return
        if not rule.is_owed and await self._is_full(connection):
            await self.keep(connection, AlertsLeftOut(1))
            return
        told_at = self.now() if rule.not_before is None else self._or_later(rule.not_before)
        row = {"cause": cause, "told_at": told_at, "times": 1, **customer_columns(rule.customer)}
        row["not_before"] = rule.not_before
        await connection.execute(insert(alerts).values(row | self._content(alert, rule)))
        await ring(connection, ALERTS)

    async def erase(self, connection: AsyncConnection, customer: CustomerId, leads: Collection[Reference]) -> None:
        """Nothing of a customer, nor of these leads of theirs, waits any more."""
        await one_at_a_time(connection, ONE_WRITER)
        await connection.execute(delete(alerts).where(is_of(alerts, customer)))
        for row in (await connection.execute(select(alerts))).mappings().all():
            alert = readable(row)
            if alert is None:
                continue
            left = without(alert, leads)
            if left is None:
                await connection.execute(delete(alerts).where(alerts.c.id == row["id"]))
            elif left != alert:
                content = self._content(left, rule_of(left))
                await connection.execute(update(alerts).where(alerts.c.id == row["id"]).values(content))

    def _or_later(self, moment: datetime) -> ColumnElement[datetime]:
        now = self.now()
        later = literal(moment, Moment)
        return case((later > now, later), else_=now)

    async def _is_known(self, connection: AsyncConnection, cause: str, alert: Alert, rule: AlertRule) -> bool:
        """Whether it is no news, or one that waits says it too."""
        is_no_news = rule.is_state and await self._is_no_news(connection, cause)
        return is_no_news or await self._taken_in(connection, cause, alert)

    async def _is_no_news(self, connection: AsyncConnection, cause: str) -> bool:
        quiet = select(told.c.cause).where(told.c.cause == cause, told.c.quiet_until > self.now())
        being_said = select(alerts.c.id).where(alerts.c.cause == cause, alerts.c.taken)
        return any([(await connection.execute(query.limit(1))).first() is not None for query in (quiet, being_said)])

    async def _taken_in(self, connection: AsyncConnection, cause: str, alert: Alert) -> bool:
        """Whether one that waits takes it in."""
        of_cause = self.waiting().where(alerts.c.cause == cause, ~alerts.c.taken).order_by(alerts.c.id.desc())
        row = (await connection.execute(of_cause.limit(1))).mappings().one_or_none()
        waiting = None if row is None else readable(row)
        if row is None or waiting is None:
            return False
        both = joined(waiting, alert)
        if both is None:
            return False
        content = self._content(both, rule_of(both)) | {"times": alerts.c.times + 1}
        await connection.execute(update(alerts).where(alerts.c.id == row["id"]).values(content))
        return True

    async def _is_full(self, connection: AsyncConnection) -> bool:
        told = select(func.count()).select_from(alerts).where(alerts.c.told_at <= self.now())
        return bool((await connection.execute(told)).scalar_one() >= MOST_WAITING)

    def _content(self, alert: Alert, rule: AlertRule) -> dict[str, Any]:
        kind, body = alert_to_json(alert)
        expires = None if rule.expires_after is None else self.now(later=rule.expires_after)
        return {"kind": kind, "body": _storable(body), "expires_at": expires}


def readable(row: RowMapping) -> Alert | None:
    """The alert that was stored; None: another version's."""
    try:
        return alert_from_json(row["kind"], row["body"])
    except UnreadableJson:
        return None


def _storable(body: Any) -> Any:  # noqa: ANN401  # JSON
    match body:
        case str():
            return storable(body)
        case dict():
            return {name: _storable(value) for name, value in body.items()}
        case list() | tuple():
            return [_storable(value) for value in body]
        case _:
            return body

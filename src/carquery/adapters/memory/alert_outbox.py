"""Alerts that wait to be said, in the process."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from carquery.adapters.memory.database import LONG_AGO, MemoryDatabase, StoredAlert
from carquery.adapters.stored.alert_json import ALERT_KINDS, alert_from_json, alert_to_json
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.application.ports.alert_outbox import AT_ONCE, MOST_WAITING, PACE, AlertFigures, TakenAlert
from carquery.application.ports.alerts import Alert, AlertsLeftOut
from carquery.application.ports.environment import Clock
from carquery.application.staff.alert_rules import AlertRule, joined, rule_of, without
from carquery.domain.ids import CustomerId, Reference

UNREADABLE_WAITS: Final = timedelta(hours=1)
LENT: Final = (AT_ONCE - 1) * PACE
_NO_TIME: Final = timedelta()


class MemoryAlertOutbox:
    """Keeps alerts in a `MemoryDatabase`; time is the clock's."""

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, alert: Alert) -> None:
        self._database.check()
        self.keep(alert)

    async def take(self, *, lease_for: timedelta) -> TakenAlert | None:
        self._database.check()
        turn, now = self._database.alert_turn, self._clock.now()
        if any(until > now for until in (turn.lease_until, turn.paused_until, turn.paid_until - LENT)):
            return None
        for row in list(self._needed()):
            if row.kind not in ALERT_KINDS or row.not_before > now or self._quiet_until(row.cause) > now:
                continue
            alert = _readable(row)
            if alert is None:
                row.not_before = now + UNREADABLE_WAITS
                continue
            turn.turns += 1
            row.taken, turn.lease_until = True, now + lease_for
            return TakenAlert(
                id=row.id,
                lease=str(turn.turns),
                alert=alert,
                since=row.told_at,
                times=row.times,
                failures=turn.failures,
            )
        return None

    async def said(self, taken: TakenAlert) -> timedelta:
        self._database.check()
        rule, now = rule_of(taken.alert), self._clock.now()
        self._database.alerts[:] = [row for row in self._database.alerts if row.id != taken.id]
        if rule.quiet:
            self._database.quiet_until[rule.cause] = now + rule.quiet
        turn = self._database.alert_turn
        turn.failures, turn.because = 0, ""
        self._release(taken)
        return self._pay()

    async def pause(self, taken: TakenAlert, *, for_: timedelta, because: str, is_failure: bool = True) -> None:
        self._database.check()
        if self._release(taken):
            turn = self._database.alert_turn
            turn.paused_until, turn.because = self._clock.now() + for_, because
            turn.failures = turn.failures + 1 if is_failure else 0
            for row in self._rows_of(taken):
                row.taken = False

    async def resume(self) -> None:
        self._database.check()
        turn = self._database.alert_turn
        if turn.failures:
            turn.failures, turn.paused_until = 0, LONG_AGO

    async def set_aside(self, taken: TakenAlert, *, for_: timedelta) -> None:
        self._database.check()
        for row in self._rows_of(taken):
            row.taken, row.not_before = False, self._clock.now() + for_
        self._release(taken)
        self._pay()

    async def hush(self, taken: TakenAlert, *, for_: timedelta) -> None:
        self._database.check()
        self._database.quiet_until[rule_of(taken.alert).cause] = self._clock.now() + for_
        for row in self._rows_of(taken):
            row.taken = False
        self._release(taken)

    async def forget_expired(self) -> int:
        self._database.check()
        before = len(self._database.alerts)
        self._database.alerts[:] = self._needed()
        waiting = {row.cause for row in self._database.alerts}
        quiet, now = self._database.quiet_until, self._clock.now()
        self._database.quiet_until = {cause: until for cause, until in quiet.items() if until > now or cause in waiting}
        return before - len(self._database.alerts)

    async def figures(self) -> AlertFigures:
        self._database.check()
        now = self._clock.now()
        due = [row for row in self._needed() if row.told_at <= now and self._quiet_until(row.cause) <= now]
        due_since = [max(row.told_at, self._quiet_until(row.cause)) for row in due]
        because = self._database.alert_turn.because if due else ""
        return AlertFigures(
            kinds=Counter(row.kind for row in due), oldest=min(due_since, default=None), because=because
        )

    def keep(self, alert: Alert) -> None:
        """As `add` promises."""
        rule, now = rule_of(alert), self._clock.now()
        of_cause = [row for row in self._needed() if row.cause == rule.cause]
        if rule.is_state and (self._quiet_until(rule.cause) > now or any(row.taken for row in of_cause)):
            return
        for row in reversed(of_cause):
            waiting = None if row.taken else _readable(row)
            both = None if waiting is None else joined(waiting, alert)
            if both is not None:
                self._fill(row, both, rule)
                row.times += 1
                return
        if not rule.is_owed and sum(row.told_at <= now for row in self._database.alerts) >= MOST_WAITING:
            self.keep(AlertsLeftOut(1))
            return
        self._database.alerts_kept += 1
        not_before = LONG_AGO if rule.not_before is None else rule.not_before
        told_at = max(now, not_before)
        row = StoredAlert(self._database.alerts_kept, rule.cause, told_at, rule.customer, not_before=not_before)
        self._fill(row, alert, rule)
        self._database.alerts.append(row)

    def erase(self, customer: CustomerId, leads: Collection[Reference]) -> None:
        """Nothing of a customer, nor of these leads of theirs, waits any more."""
        for row in list(self._database.alerts):
            alert = _readable(row)
            left = None if alert is None else without(alert, leads)
            if row.customer == customer or (alert is not None and left is None):
                self._database.alerts.remove(row)
            elif left is not None:
                row.kind, row.body = alert_to_json(left)

    def _needed(self) -> Iterator[StoredAlert]:
        now = self._clock.now()
        return (row for row in self._database.alerts if row.expires_at is None or row.expires_at > now)

    def _quiet_until(self, cause: str) -> datetime:
        return self._database.quiet_until.get(cause, LONG_AGO)

    def _fill(self, row: StoredAlert, alert: Alert, rule: AlertRule) -> None:
        row.kind, row.body = alert_to_json(alert)
        row.expires_at = None if rule.expires_after is None else self._clock.now() + rule.expires_after

    def _rows_of(self, taken: TakenAlert) -> Iterator[StoredAlert]:
        return (row for row in self._database.alerts if row.id == taken.id)

    def _release(self, taken: TakenAlert) -> bool:
        turn = self._database.alert_turn
        if str(turn.turns) != taken.lease:
            return False
        turn.lease_until = LONG_AGO
        return True

    def _pay(self) -> timedelta:
        turn, now = self._database.alert_turn, self._clock.now()
        turn.paid_until = max(turn.paid_until, now) + PACE
        return max(turn.paid_until - LENT - now, _NO_TIME)


def _readable(row: StoredAlert) -> Alert | None:
    try:
        return alert_from_json(row.kind, row.body)
    except UnreadableJson:
        return None

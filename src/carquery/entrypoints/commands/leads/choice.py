"""The options by which commands choose leads."""

import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from carquery.application.ports.leads import Chosen
from carquery.application.staff.phone_ends import FEWEST_DIGITS, read_phone_end
from carquery.domain.lead import LeadStatus
from carquery.domain.moscow import MOSCOW, moscow_day
from carquery.entrypoints.commands.leads.whom import customer_or_exit
from carquery.entrypoints.commands.running import USAGE, stop

_AGE: Final = re.compile(r"([0-9]{1,6}) ?([mhd])", re.ASCII)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST: Final = timedelta(days=36_500)
"""A moment so long ago can still be named; none of our leads is older."""
_DAYS_AGO: Final = {"today": 0, "yesterday": 1}
_DAY: Final = timedelta(days=1)
_YEARS: Final = range(2000, 2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was given on the command line. Ages are such as 30m, 2h, 1d, counted from when the lead was received.

    Attributes:
        older_than, newer_than: ages, or days, of which the first moment counts.
        on: the day on which it was received.
        phone: digits that end the number, or all of it.
        name: words of it.
    """

    status: Sequence[str] = ()
    older_than: str | None = None
    newer_than: str | None = None
    on: str | None = None
    phone: str | None = None
    name: str | None = None
    customer: str | None = None

    def __bool__(self) -> bool:
        status, *others = astuple(self)
        return bool(status) or any(one is not None for one in others)

    def as_chosen(self, *, now: datetime, among: Collection[LeadStatus] = tuple(LeadStatus)) -> Chosen:
        """The same for the store; without a status, all those that there are to choose among.

        Wrong ones end the command.
        """
        for status in self.status:
            if status not in among:
                stop(f"--status: «{status}» is none; expected: {', '.join(among)}", code=USAGE)
        since, until = self._received(now)
        statuses = frozenset(map(LeadStatus, self.status)) or frozenset(among)
        return Chosen(
            statuses=None if len(statuses) == len(LeadStatus) else statuses,
            since=since,
            until=until,
            customer=None if self.customer is None else customer_or_exit("--customer", self.customer),
            phone_ends=None if self.phone is None else _phone_end(self.phone),
            name=None if self.name is None else _name(self.name),
        )

    def _received(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        if self.on is not None:
            if self.older_than is not None or self.newer_than is not None:
                stop("--on goes without --older-than and --newer-than", code=USAGE)
            begin = _day(self.on, now)
            if begin is None:
                stop(f"--on: «{self.on}» is no day; expected: such as 2026-11-28, 28.11.2026, today", code=USAGE)
            return begin, begin + _DAY
        until = None if self.older_than is None else moment("--older-than", self.older_than, now)
        since = None if self.newer_than is None else moment("--newer-than", self.newer_than, now)
        if since is not None and until is not None and since >= until:
            stop("--newer-than must be longer than --older-than, such as --older-than 2h --newer-than 1d", code=USAGE)
        return since, until


def moment(option: str, typed: str, now: datetime) -> datetime:
    """So long ago, or when that day began; what is neither ends the command."""
    old = age(typed)
    if old is not None:
        return now - old
    begin = _day(typed, now)
    if begin is None:
        expected = "minutes, hours or days, such as 30m, 2h, 1d; or a day, such as 2026-11-28"
        stop(f"{option}: «{typed}» is no age; expected: {expected}", code=USAGE)
    return begin


def age(typed: str) -> timedelta | None:
    """30m, 2h, 1d; None: it is none."""
    match = _AGE.fullmatch(typed.strip().lower())
    return None if match is None else min(int(match[1]) * _UNITS[match[2]], _LONGEST)


def _day(typed: str, now: datetime) -> datetime | None:
    """When the day begins where the dealership is; `None`: it is no day."""
    typed = typed.strip().lower()
    if typed in _DAYS_AGO:
        day = moscow_day(now) - _DAYS_AGO[typed] * _DAY
    else:
        try:
            day = date.fromisoformat("-".join(part.zfill(2) for part in reversed(typed.split("."))))
        except ValueError:
            return None
    if day.year not in _YEARS:
        return None
    return datetime.combine(day, time(), MOSCOW)


def _phone_end(typed: str) -> str:
    ends = read_phone_end(typed)
    if ends is None:
        expected = f"its last digits, at least {FEWEST_DIGITS}, or all of it, such as 4567"
        stop(f"--phone: «{typed}» is no phone; expected: {expected}", code=USAGE)
    return ends


def _name(typed: str) -> str:
    if not typed.strip():
        stop("--name: «» is no name; expected: words of it, such as Анна", code=USAGE)
    return typed

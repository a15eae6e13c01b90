"""The options by which commands choose leads."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from carquery.application.ports.leads import Chosen
from carquery.domain.lead import LeadStatus
from carquery.entrypoints.commands.leads.whom import customer_or_exit
from carquery.entrypoints.commands.running import USAGE, stop

_AGE: Final = re.compile(r"([0-9]{1,6}) ?([mhd])", re.ASCII)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_LONGEST: Final = timedelta(days=36_500)
"""A moment so long ago can still be named; none of our leads is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was given on the command line. Ages are such as 30m, 2h, 1d, counted from when the lead was received."""

    status: Sequence[str] = ()
    older_than: str | None = None
    newer_than: str | None = None
    customer: str | None = None

    def __bool__(self) -> bool:
        return bool(self.status) or any(one is not None for one in (self.older_than, self.newer_than, self.customer))

    def as_chosen(self, *, now: datetime, among: Collection[LeadStatus] = tuple(LeadStatus)) -> Chosen:
        """The same for the store; without a status, all those that there are to choose among.

        Wrong ones end the command.
        """
        for status in self.status:
            if status not in among:
                stop(f"--status: «{status}» is none; expected: {', '.join(among)}", code=USAGE)
        until = _moment("--older-than", self.older_than, now)
        since = _moment("--newer-than", self.newer_than, now)
        if since is not None and until is not None and since >= until:
            stop("--newer-than must be longer than --older-than, such as --older-than 2h --newer-than 1d", code=USAGE)
        statuses = frozenset(map(LeadStatus, self.status)) or frozenset(among)
        return Chosen(
            statuses=None if len(statuses) == len(LeadStatus) else statuses,
            since=since,
            until=until,
            customer=None if self.customer is None else customer_or_exit("--customer", self.customer),
        )


def _moment(option: str, age: str | None, now: datetime) -> datetime | None:
    return None if age is None else moment(option, age, now)


def moment(option: str, age: str, now: datetime) -> datetime:
    """That long ago; a wrong age ends the command."""
    match = _AGE.fullmatch(age.strip().lower())
    if match is None:
        stop(f"{option}: «{age}» is no age; expected: minutes, hours or days, such as 30m, 2h, 1d", code=USAGE)
    return now - min(int(match[1]) * _UNITS[match[2]], _LONGEST)

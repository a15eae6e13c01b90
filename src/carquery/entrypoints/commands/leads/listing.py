"""A list of leads that is printed while it is read: columns that fit a terminal, or fields between tabs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.text import Text

from carquery.domain.lead import Lead
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.commands.leads.tables import COLOURS

ROOMY: Final = 64
"""Columns of a terminal from which on two spaces stand between those of the list."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of the list. A terminal that has no room for the least of it does without; the most is what it may take."""

    title: str
    least: int
    most: int
    shown: Callable[[Lead, datetime], str]


def _received(lead: Lead, now: datetime) -> str:
    """Day and time; of another year, the date."""
    received, today = lead.created_at.astimezone(MOSCOW), now.astimezone(MOSCOW)
    return received.strftime("%d.%m %H:%M" if received.year == today.year else "%d.%m.%Y")


REFERENCE: Final = Column("Reference", 9, 9, lambda lead, _: lead.reference)
RECEIVED: Final = Column("Received", 11, 11, _received)
SERVICE: Final = Column("Service", 8, 8, lambda lead, _: lead.service)
STATUS: Final = Column("Status", 10, 10, lambda lead, _: lead.status)
PHONE: Final = Column("Phone", 16, 18, lambda lead, _: lead.given_phone.shown if lead.given_phone else "–")
NAME: Final = Column("Name", 10, 24, lambda lead, _: lead.name.shown if lead.name else "–")
MESSENGER: Final = Column("Messenger", 9, 9, lambda lead, _: lead.handle.messenger if lead.handle else "–")
SOURCE: Final = Column("Source", 8, 24, lambda lead, _: lead.source or "–")

IN_ORDER: Final = (REFERENCE, RECEIVED, SERVICE, STATUS, NAME, PHONE, MESSENGER, SOURCE)
BY_WEIGHT: Final = (REFERENCE, PHONE, STATUS, RECEIVED, SERVICE, NAME, MESSENGER, SOURCE)
"""What a narrow terminal shows first."""


class TerminalList:
    """Lines for a terminal of so many columns. References are never cut."""

    def __init__(self, columns: int, *, now: datetime) -> None:
        self._gap = 2 if columns >= ROOMY else 1
        self._widths = _widths(columns, self._gap)
        self._now = now

    def head(self) -> Text:
        """The titles."""
        return Text((" " * self._gap).join(_fitted(Text(one.title), size).plain for one, size in self._shown), "bold")

    def line(self, lead: Lead) -> Text:
        """One lead."""
        cells = []
        for column, size in self._shown:
            colour = COLOURS[lead.status] if column is STATUS else ""
            cells.append(_fitted(Text(column.shown(lead, self._now), colour), size))
        return Text(" " * self._gap).join(cells)

    @property
    def _shown(self) -> Iterator[tuple[Column, int]]:
        return ((column, self._widths[column.title]) for column in IN_ORDER if column.title in self._widths)


def _widths(columns: int, gap: int) -> dict[str, int]:
    """How wide each column is that there is room for."""
    widths = {REFERENCE.title: REFERENCE.most}
    room = columns - REFERENCE.most
    for column in BY_WEIGHT[1:]:
        size = min(column.most, room - gap)
        if size >= column.least:
            widths[column.title] = size
            room -= gap + size
    return widths


def _fitted(cell: Text, size: int) -> Text:
    cell.truncate(size, overflow="ellipsis", pad=True)
    return cell


def fields(lead: Lead) -> Sequence[str]:
    """What programs read: reference, received, service, status, name, phone, customer, source; empty: none."""
    return (
        lead.reference,
        lead.created_at.isoformat(timespec="seconds"),
        lead.service,
        lead.status,
        "" if lead.name is None else lead.name.name,
        "" if lead.phone is None else lead.phone.e164,
        "" if lead.customer is None else str(lead.customer),
        lead.source or "",
    )

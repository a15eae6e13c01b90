"""Leads written out one after the other, in constant memory: CSV for spreadsheets, JSON for programs."""

import csv
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TextIO

from carquery.domain.amendment import Amendment, cancelled_at
from carquery.domain.lead import Effect, Lead
from carquery.entrypoints.commands.leads.amendments_shown import amendments_as_list
from carquery.entrypoints.commands.leads.tables import as_dict

COLUMNS: Final = (
    "reference",
    "id",
    "service",
    "status",
    "created_at",
    "delivered_at",
    "source",
    "telegram",
    "name",
    "phone",
    "extension",
    "price",
    "answers",
    "contact_id",
    "lead_id",
    "attempts",
    "failure",
    "customer",
    "handle",
    "cancelled_at",
    "changes",
    "joined_to",
)

SEPARATOR: Final = ";"
"""What Excel expects where the comma is the decimal sign, as in Russia; LibreOffice and pandas find out or ask."""

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""Source: OWASP, «CSV Injection», and ASVS 5.0, 1.2.10."""


class Writing(Protocol):
    """A document that leads are written into, one by one."""

    def write(self, lead: Lead, amendments: Sequence[Amendment]) -> None:
        """Add a lead, with what its customer changed of it."""
        ...

    def end(self) -> None:
        """Write what closes the document."""
        ...


class Csv:
    """A header and one row each. The text must be open with `newline=""`."""

    def __init__(self, text: TextIO) -> None:
        self._rows = csv.writer(text, delimiter=SEPARATOR)
        self._rows.writerow(COLUMNS)

    def write(self, lead: Lead, amendments: Sequence[Amendment]) -> None:
        cells = _cells(lead, amendments)
        self._rows.writerow([_harmless(cells[column]) for column in COLUMNS])

    def end(self) -> None:
        pass


class Json:
    """An array with one lead in a line, each as `leads show --json` has it, without its history."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._before = "["

    def write(self, lead: Lead, amendments: Sequence[Amendment]) -> None:
        shown = {**as_dict(lead), "amendments": amendments_as_list(lead, amendments)}
        self._text.write(f"{self._before}\n{json.dumps(shown, ensure_ascii=False)}")
        self._before = ","

    def end(self) -> None:
        self._text.write("[]\n" if self._before == "[" else "\n]\n")


def _cells(lead: Lead, amendments: Sequence[Amendment]) -> Mapping[str, Any]:
    cancelled = cancelled_at(amendments)
    known = as_dict(lead) | {"cancelled_at": None if cancelled is None else cancelled.isoformat()}
    known["changes"] = len(amendments) or None
    made = {"contact_id": lead.made.get(Effect.CONTACT), "lead_id": lead.made.get(Effect.LEAD)}
    answers = "\n".join(f"{title}: {answer}" for title, answer in lead.lines)
    return {**known, **made, "answers": answers}


def _harmless(value: object) -> object:
    """No spreadsheet computes it: an apostrophe goes before what it would take for a formula.

    Phones too, though we make them: `+79161234567` is a formula as well, and would lose its «+».
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) else value

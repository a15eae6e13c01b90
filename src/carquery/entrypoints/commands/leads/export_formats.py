"""Leads written out one after the other, in constant memory: CSV for spreadsheets, JSON for programs."""

import csv
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TextIO, TypeAlias

from carquery.application.wording import CrmInWords
from carquery.entrypoints.commands.leads.dossier import Dossier
from carquery.entrypoints.commands.leads.dossier_shown import dossier_as_dict
from carquery.entrypoints.commands.leads.json_array import JsonArray
from carquery.entrypoints.commands.leads.spreadsheet import columns

SEPARATOR: Final = ";"
"""What Excel expects where the comma is the decimal sign, as in Russia; LibreOffice and pandas find out or ask."""

BOM: Final = "\ufeff"
"""Without it Excel takes a CSV for Windows-1251; JSON must have none (RFC 8259, 8.1)."""

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
"""Source: OWASP, «CSV Injection», and ASVS 5.0, 1.2.10."""


class Writing(Protocol):
    """A document that leads are written into, one by one."""

    def write(self, dossier: Dossier) -> None:
        """Add a lead, with all that hangs on it."""
        ...

    def end(self) -> None:
        """Write what closes the document."""
        ...


class Csv:
    """For people: a head in Russian, and one row each. The text must be open with `newline=""`."""

    def __init__(self, text: TextIO, crm: CrmInWords) -> None:
        self._columns = columns(crm)
        text.write(BOM)
        self._rows = csv.writer(text, delimiter=SEPARATOR)
        self._rows.writerow(self._columns)

    def write(self, dossier: Dossier) -> None:
        self._rows.writerow([harmless(cell(dossier)) for cell in self._columns.values()])

    def end(self) -> None:
        pass


class Json:
    """An array with one lead in a line, each as `leads show --json` has it, without its history."""

    def __init__(self, text: TextIO, crm: CrmInWords) -> None:
        self._array = JsonArray(text)
        self._crm = crm

    def write(self, dossier: Dossier) -> None:
        self._array.write(dossier_as_dict(dossier, self._crm))

    def end(self) -> None:
        self._array.end()


Format: TypeAlias = Callable[[TextIO, CrmInWords], Writing]
FORMATS: Final[Mapping[str, Format]] = {"csv": Csv, "json": Json}


def harmless(value: object) -> object:
    """No spreadsheet computes it: an apostrophe goes before what it would take for a formula.

    Phones too, though we make them: `+79161234567` is a formula as well, and would lose its «+».
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) else value

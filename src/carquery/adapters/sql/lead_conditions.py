"""What leads are asked by, in the words of the indexes that `tables` has for it."""

from typing import Final

from sqlalchemy import ColumnElement, and_, func, literal_column, or_

from carquery.adapters.sql.tables import leads
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.lead import LeadStatus
from carquery.domain.meaning import Meaning

_DELIVERED: Final[ColumnElement[str]] = literal_column(f"'{LeadStatus.DELIVERED.value}'")
"""Written into the statement: behind a parameter the databases could not tell that the index has all that is asked."""

IS_DELIVERED: Final = leads.c.status == _DELIVERED
IS_NOT_DELIVERED: Final = leads.c.status != _DELIVERED
IS_KNOWN: Final = leads.c.erased_at.is_(None)
"""It was not erased."""

UNDELIVERED: Final = and_(IS_NOT_DELIVERED, IS_KNOWN)
"""`Lead.is_undelivered`."""

_NAME_STEPS: Final = sorted({step.name for form in FORMS.values() if (step := form.step_for(Meaning.NAME)) is not None})


def is_in_name(word: str) -> ColumnElement[bool]:
    """As `Chosen.name` says of each word: SQLite knows small and capital letters of ASCII alone. Every row is read."""
    plain = word.replace("ё", "е").replace("Ё", "Е")
    cases = {plain, plain.lower(), plain.upper(), plain.title()}
    names = [leads.c.answers[step]["name"].as_string() for step in _NAME_STEPS]
    without_yo = [func.replace(func.replace(name, "ё", "е"), "Ё", "Е") for name in names]
    return or_(*(name.contains(case, autoescape=True) for name in without_yo for case in sorted(cases)))

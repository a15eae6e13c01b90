"""What leads are asked by, in the words of the indexes that `tables` has for it."""

from typing import Final

from sqlalchemy import and_, literal

from carquery.adapters.sql.tables import leads
from carquery.domain.lead import LeadStatus

_DELIVERED: Final = literal(LeadStatus.DELIVERED.value, literal_execute=True)
"""Written into the statement: behind a parameter the databases could not tell that the index has all that is asked."""

IS_DELIVERED: Final = leads.c.status == _DELIVERED
IS_NOT_DELIVERED: Final = leads.c.status != _DELIVERED
IS_KNOWN: Final = leads.c.erased_at.is_(None)
"""It was not erased."""

UNDELIVERED: Final = and_(IS_NOT_DELIVERED, IS_KNOWN)
"""`Lead.is_undelivered`."""

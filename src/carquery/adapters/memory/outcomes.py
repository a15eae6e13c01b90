"""What became of sent requests, in the process."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, tzinfo

from carquery.adapters.memory.database import MemoryDatabase
from carquery.application.ports.outcomes import Outcome
from carquery.application.ports.tallies import By
from carquery.domain.lead import Lead


class MemoryOutcomes:
    """Counts the leads of a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def of_sent(
        self, since: datetime, until: datetime, *, by: By | None = None, zone: tzinfo
    ) -> Mapping[str, Outcome]:
        self._database.check()
        outcomes: defaultdict[str, Outcome] = defaultdict(Outcome)
        for id_, row in self._database.leads.items():
            lead, touch = row.lead, self._database.touches.get(id_)
            if not lead.is_unfinished and since <= lead.created_at < until:
                outcomes[_key(lead, by, zone)] += Outcome(
                    sent=1,
                    delivered=int(lead.delivered_at is not None),
                    touched=int(touch is not None and touch.touch is not None),
                    waiting=int(lead.delivered_at is None and lead.erased_at is None),
                )
        return outcomes


def _key(lead: Lead, by: By | None, zone: tzinfo) -> str:
    match by:
        case None:
            return ""
        case By.FORM:
            return lead.service.value
        case By.SOURCE:
            return lead.source or ""
        case By.DAY:
            return lead.created_at.astimezone(zone).date().isoformat()
        case By.CHANNEL:
            return "" if lead.customer is None else lead.customer.channel

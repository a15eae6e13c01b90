"""Look at the open dialog without changing it."""

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.screens import FieldList, screen_of
from carquery.domain.values import dataclass
from carquery.domain.visit import Button, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDialog:
    """«Изменить», and the ways back from a list or a warning."""

    reception: Reception

    async def fields(self, arrival: Arrival, button: Button) -> Reply:
        """Return the fields to change, one of which may be picked. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None or not dialog.is_at_summary:
                return visit, stale(visit, button)
            return visit, FieldList(dialog)

        return await self.reception(arrival, decide)

    async def step(self, arrival: Arrival, button: Button) -> Reply:
        """Return the step or summary the customer was at. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None:
                return visit, stale(visit, button)
            return visit.is_asked("").gone_on(), screen_of(dialog)

        return await self.reception(arrival, decide)

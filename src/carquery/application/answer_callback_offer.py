"""Answer the offer that a manager calls back."""

from dataclasses import dataclass

from carquery.application.going import Going
from carquery.application.reception import Arrival, Decision, Reception, Reply, where_it_stands
from carquery.domain.forms.form import Service
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCallbackOffer:
    """«Да» and «Нет» under the offer of a call."""

    reception: Reception
    going: Going

    async def accept(self, arrival: Arrival) -> Reply:
        """Open the callback form, in place of any other; already open, it is shown. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            if visit.dialog is not None and visit.dialog.form.service is Service.CALLBACK:
                return visit, where_it_stands(visit)
            return self.going(visit, Service.CALLBACK)

        return await self.reception(arrival, decide)

    async def decline(self, arrival: Arrival) -> Reply:
        """Go on where the customer was. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            return visit, where_it_stands(visit)

        return await self.reception(arrival, decide)

"""What people are to be told after a pass: one message for a reason, however many leads it struck."""

from typing import Final

from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.alerts import Alerts, CrmAway, CrmClosed, LeadsNotDelivered, LeftOut
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.reason import Reason

UNKNOWN: Final = Reason("")


class DeliveryNews:
    """Collects, and tells in the end."""

    def __init__(self) -> None:
        self._not_delivered: dict[tuple[Reason, bool], list[Reference]] = {}
        self._left_out: dict[Reason, list[Reference]] = {}
        self._away: dict[Reason, list[Reference]] = {}
        self._closed: Reason | None = None
        self.is_crm_unwell = False

    def not_delivered(self, lead: Lead, *, is_new: bool) -> None:
        """People have to mend something; they are told when that is new and when it is given up."""
        is_dead = lead.status is LeadStatus.DEAD
        if is_new or is_dead:
            self._not_delivered.setdefault((lead.failure or UNKNOWN, is_dead), []).append(lead.reference)

    def away(self, lead: Lead) -> None:
        """The CRM did not answer for it as it should."""
        self.crm_is_unwell()
        self._away.setdefault(lead.failure or UNKNOWN, []).append(lead.reference)

    def left_out(self, lead: Lead, what: tuple[Reason, ...]) -> None:
        """It was made without these; that a contact has another name is for its manager, and nobody has to mend it."""
        for reason in what:
            if reason != LeadReason.OTHER_NAME():
                self._left_out.setdefault(reason, []).append(lead.reference)

    def closed(self, reason: Reason) -> None:
        """The CRM let nobody in."""
        self.crm_is_unwell()
        self._closed = self._closed or reason

    def crm_is_unwell(self) -> None:
        """Asking again at once would not help."""
        self.is_crm_unwell = True

    async def tell_not_delivered(self, alerts: Alerts) -> None:
        """Tell at once what people have to mend."""
        for (reason, dead), references in self._not_delivered.items():
            await alerts.tell(LeadsNotDelivered(tuple(references), reason, dead=dead))
        self._not_delivered.clear()

    async def tell_left_out(self, alerts: Alerts) -> None:
        """Tell at once what leads were made without."""
        for what, references in self._left_out.items():
            await alerts.tell(LeftOut(tuple(references), what))
        self._left_out.clear()

    async def tell(self, alerts: Alerts) -> None:
        """Tell everything that was not told yet, what matters most first."""
        if self._closed is not None:
            await alerts.tell(CrmClosed(self._closed))
        await self.tell_not_delivered(alerts)
        for reason, references in self._away.items():
            await alerts.tell(CrmAway(tuple(references), reason))
        await self.tell_left_out(alerts)

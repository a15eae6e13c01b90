"""What people are to be told after a pass: one message for a reason, however many leads it struck."""

from carquery.application.ports.alerts import Alerts, CrmAway, CrmClosed, LeadsNotDelivered, LeftOut
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead, LeadStatus


class DeliveryNews:
    """Collects, and tells in the end."""

    def __init__(self) -> None:
        self._refused: dict[tuple[str, bool], list[Reference]] = {}
        self._left_out: dict[str, list[Reference]] = {}
        self._away: dict[str, list[Reference]] = {}
        self._closed: str | None = None
        self.is_crm_unwell = False

    def refused(self, lead: Lead | None, *, is_new: bool) -> None:
        """The CRM refused it; people are told when that is new and when it is given up."""
        if lead is not None and (is_new or lead.status is LeadStatus.DEAD):
            self._not_delivered(lead)

    def away(self, lead: Lead | None, reason: str) -> None:
        """The CRM did not answer for it."""
        self.crm_is_unwell()
        if lead is None:
            return
        if lead.status is LeadStatus.DEAD:
            self._not_delivered(lead)
        else:
            self._away.setdefault(reason, []).append(lead.reference)

    def left_out(self, lead: Lead, what: tuple[str, ...]) -> None:
        """It was made without these."""
        for words in what:
            self._left_out.setdefault(words, []).append(lead.reference)

    def closed(self, reason: str) -> None:
        """The CRM let nobody in."""
        self.crm_is_unwell()
        self._closed = self._closed or reason

    def crm_is_unwell(self) -> None:
        """Asking again at once would not help."""
        self.is_crm_unwell = True

    async def tell(self, alerts: Alerts) -> None:
        """Tell everything, what matters most first."""
        if self._closed is not None:
            await alerts.tell(CrmClosed(self._closed))
        for (reason, dead), references in self._refused.items():
            await alerts.tell(LeadsNotDelivered(tuple(references), reason, dead=dead))
        for reason, references in self._away.items():
            await alerts.tell(CrmAway(tuple(references), reason))
        for what, references in self._left_out.items():
            await alerts.tell(LeftOut(tuple(references), what))

    def _not_delivered(self, lead: Lead) -> None:
        key = (lead.failure or "", lead.status is LeadStatus.DEAD)
        self._refused.setdefault(key, []).append(lead.reference)

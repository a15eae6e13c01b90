"""«Мои заявки»."""

from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply
from carquery.application.conversation.sent_leads import SentLeads
from carquery.application.screens import LeadCard, MyLeads, Stale
from carquery.domain.ids import Reference
from carquery.domain.values import dataclass
from carquery.domain.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtLeads:
    """The list, and one of it; the open dialog stays as it is."""

    reception: Reception
    sent: SentLeads

    async def __call__(self, arrival: Arrival) -> Reply:
        """Return the customer's latest leads. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            return visit, MyLeads(await self.sent.newest(visit.customer))

        return await self.reception(arrival, decide)

    async def at(self, arrival: Arrival, reference: Reference) -> Reply:
        """Return that one, if it is this customer's. Raises StoreUnavailable."""

        async def decide(visit: Visit) -> Decision:
            sent = await self.sent.find(visit.customer, reference)
            return visit.is_asked(""), Stale() if sent is None else LeadCard(sent)

        return await self.reception(arrival, decide)

    async def decide(self, visit: Visit) -> Decision | None:
        """What a customer sees who asks in words: the only lead, the one just sent, or all; `None`: there is none."""
        leads = await self.sent.newest(visit.customer)
        if not leads:
            return None
        just_sent = [one for one in leads if one.lead.reference == visit.receipt]
        alone = just_sent or leads
        return visit, LeadCard(alone[0]) if len(alone) == 1 else MyLeads(leads)

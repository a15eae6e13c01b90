"""Make in the CRM what each due lead still lacks, exactly once, whatever failed before.

Each effect is intent, call, result: the intent is stored before the call, the result before the next effect begins. An
intent without a result means that nobody knows the outcome; it is resolved by waiting until the lost call can no longer
land, then looking, and only then acting.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from carquery.application.leads.calls import Calls, quarantine
from carquery.application.leads.delivery_news import DeliveryNews
from carquery.application.leads.delivery_pass import DeliveryPass
from carquery.application.leads.held_leads import DeliveryTimes, HeldLeads
from carquery.application.leads.joining import Joining
from carquery.application.leads.leaving_leads import LeavingLeads
from carquery.application.leads.trade_ins import TradeIns
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.crm import Crm
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.ports.leads import Leads
from carquery.application.staff.announcing import Announcing
from carquery.domain.backoff import Backoff
from carquery.domain.ids import LeadId, Reference


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What one pass did, in leads; those claimed and not delivered will be tried again or wait for a person.

    Attributes:
        is_crm_well: False: the CRM is closed or did not answer; the next pass need not come at once.
        references: of those delivered.
    """

    claimed: int
    delivered: int
    is_crm_well: bool = True
    references: tuple[Reference, ...] = field(default=(), compare=False)


NOTHING_CLAIMED: Final = DeliveryReport(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverLeads:
    """One pass over the leads that are due.

    Attributes:
        announcing: None: nobody is told of those that are delivered.
        dealership: says for how long a customer's next request joins the deal that is open still.
    """

    leads: Leads
    crm: Crm
    alerts: Alerts
    clock: Clock
    randomness: Randomness
    backoff: Backoff
    times: DeliveryTimes
    announcing: Announcing | None = None
    dealership: ToldOfDealership = nothing_told

    @property
    def quarantine(self) -> timedelta:
        """How long after its intent a call may still land."""
        return quarantine(self.times, self.crm)

    async def __call__(self, *, only: Collection[LeadId] | None = None) -> DeliveryReport:
        """Deliver as many due leads as the CRM takes at once; with `only`, none but these.

        Raises:
            StoreUnavailable: what was made but not recorded is looked for later.
        """
        if await self.crm.closure() is not None:
            return DeliveryReport(0, 0, is_crm_well=False)
        held_from = self.clock.monotonic()
        claim = await self.leads.claim(limit=self.crm.limits.batch, lease_for=self.times.lease, only=only)
        held = HeldLeads(
            claim,
            leads=self.leads,
            clock=self.clock,
            times=self.times,
            call=self.crm.limits.call,
            held_from=held_from,
        )
        news = DeliveryNews()
        try:
            async with held.kept_alive():
                delivered = await self._pass_of(held, news).run()
        finally:
            await news.tell(self.alerts)
        return DeliveryReport(
            len(claim.leads), len(delivered), is_crm_well=not news.is_crm_unwell, references=delivered
        )

    def _pass_of(self, held: HeldLeads, news: DeliveryNews) -> DeliveryPass:
        calls = Calls(
            leads=self.leads,
            crm=self.crm,
            alerts=self.alerts,
            clock=self.clock,
            randomness=self.randomness,
            backoff=self.backoff,
            times=self.times,
            held=held,
            news=news,
            leaving=LeavingLeads(held, news, self.alerts),
        )
        within = timedelta(days=self.dealership().follow_up.join_open_deal_days)
        joining, trade_ins = Joining(self.crm, self.clock, within), TradeIns(self.leads, self.crm)
        return DeliveryPass(calls, joining, trade_ins, self.announcing)

"""The people who sell: leads that are delivered and announced, taken, and watched for a first touch."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from carquery.adapters.memory.bell import MemoryBell
from carquery.adapters.memory.crm_staff import MemoryCrmHistory, MemoryHandOvers
from carquery.adapters.memory.first_touches import MemoryFirstTouches
from carquery.adapters.memory.takes import MemoryTakes
from carquery.adapters.telegram.channel import MESSENGER, TELEGRAM
from carquery.application.conversation.navigator import Messengers
from carquery.application.leads.deliver_leads import DeliverLeads
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.application.ports.alerts import Alert
from carquery.application.staff.announcing import Announcing
from carquery.application.staff.hand_over_deals import HandOverDeals
from carquery.application.staff.take_lead import TakeLead
from carquery.application.staff.watch_first_touches import WatchFirstTouches
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.follow_up import FollowUp
from carquery.domain.dealership.hours import BusinessHours
from carquery.domain.dealership.staff import Staff as StaffOfFile
from carquery.domain.dealership.week import read_week
from carquery.domain.effects import Effect
from carquery.domain.ids import CrmUserId, StaffId
from carquery.domain.lead import Lead
from carquery.domain.moscow import MOSCOW
from carquery.domain.take import StaffMember
from tests.application.delivering import INTERVAL, an_eager_delivery
from tests.builders import a_lead_with_files

OLEG, IRINA = StaffMember(StaffId("501"), "Олег"), StaffMember(StaffId("502"), "Ирина")
OLEG_IN_CRM, IRINA_IN_CRM = CrmUserId(7_001), CrmUserId(7_002)
NAMED = StaffOfFile(crm_users={OLEG.id: OLEG_IN_CRM, IRINA.id: IRINA_IN_CRM})
HALF_AN_HOUR = FollowUp(first_touch_minutes=30)
LIVELY = replace(NEUTRAL, staff=NAMED, follow_up=HALF_AN_HOUR)


def open_from(hours: str) -> BusinessHours:
    """By Moscow's clock."""
    return BusinessHours(hours, read_week(hours), MOSCOW)


class Showroom:
    """A delivery, its staff chat, and a CRM with people.

    Args:
        told: what the dealership's file says.
    """

    def __init__(self, *, told: Dealership = LIVELY, is_anybody_there: bool = True) -> None:
        self.told = told
        self.is_anybody_there = is_anybody_there
        self.delivery = an_eager_delivery(told_of=told)
        self.clock = self.delivery.clock
        self.crm = self.delivery.crm
        self.staff = self.delivery.dealership.staff
        self.bell = MemoryBell()
        self.takes = MemoryTakes(self.delivery.database, self.clock)
        self.touches = MemoryFirstTouches(self.delivery.database, self.clock)
        self.history = MemoryCrmHistory()
        self.hand_overs = MemoryHandOvers(self.crm)

    @property
    def announcing(self) -> Announcing:
        return Announcing(
            dealership=lambda: self.told,
            messengers=Messengers({TELEGRAM: MESSENGER}),
            bell=self.staff.bell,
            is_anybody_there=self.is_anybody_there,
        )

    def pass_of(self, **ports: Any) -> DeliverLeads:
        """A pass that announces."""
        return replace(self.delivery.pass_of(**ports), announcing=self.announcing)

    def take_lead(self, **ports: Any) -> TakeLead:
        usual: dict[str, Any] = {
            "leads": self.delivery.leads,
            "takes": self.takes,
            "deals": self.crm,
            "dealership": lambda: self.told,
            "bell": self.bell,
            "clock": self.clock,
        }
        return TakeLead(**usual | ports)

    def hand_over(self, **ports: Any) -> HandOverDeals:
        usual: dict[str, Any] = {
            "takes": self.takes,
            "deals": self.crm,
            "hand_overs": self.hand_overs,
            "crm": self.crm,
            "alerts": self.staff.alerts,
            "clock": self.clock,
            "randomness": self.delivery.randomness,
            "backoff": self.delivery.backoff,
            "times": REAL_TIMES,
        }
        return HandOverDeals(**usual | ports)

    def watch(self, **ports: Any) -> WatchFirstTouches:
        usual: dict[str, Any] = {
            "touches": self.touches,
            "history": self.history,
            "takes": self.takes,
            "deals": self.crm,
            "crm": self.crm,
            "announcing": self.announcing,
        }
        return WatchFirstTouches(**usual | ports)

    async def a_delivered_lead(self, number: int = 1, **changes: Any) -> Lead:
        """One that stands in the CRM, and was announced."""
        lead = await self.delivery.leads.add(
            replace(a_lead_with_files(number), created_at=self.clock.now(), next_attempt_at=self.clock.now(), **changes)
        )
        await self.pass_of()()
        return await self.delivery.stored(lead)

    def responsible(self, lead: Lead) -> CrmUserId | None:
        """Whose deal it is in the CRM."""
        responsible = self.crm.deals[lead.made[Effect.LEAD]].state.responsible
        return None if responsible is None else CrmUserId(responsible)

    def notes_of(self, lead: Lead) -> list[str]:
        return [note.text for note in self.crm.notes.values() if note.deal == lead.made[Effect.LEAD]]

    async def carry_on(self) -> None:
        """Let everything that is due be told to the CRM, and whatever waits become due."""
        for _ in range(6):
            while await self.hand_over()() is not None:
                continue
            self.clock.pass_time(INTERVAL)

    async def said_after(self, time: timedelta) -> list[Alert]:
        """What the staff chat has said, all in all, when so much time has passed."""
        await self.staff.live_through(time)
        return list(self.staff.said)

"""The leads that can't go on in this pass: people are told of them, then they are let go of, all at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from carquery.application.leads.delivery_news import DeliveryNews
from carquery.application.leads.held_leads import HeldLeads
from carquery.application.ports.alerts import Alerts
from carquery.application.ports.leads import LeadChange
from carquery.domain.lead import LeadStatus


@dataclass(frozen=True, slots=True)
class FailedLead:
    """A lead whose attempt failed.

    Attributes:
        change: as it is to be recorded.
        is_refused: by the CRM; else it did not answer as it should.
        is_new: it did not fail for that reason before.
    """

    change: LeadChange
    is_refused: bool
    is_new: bool

    @property
    def is_for_people(self) -> bool:
        """Whether it has to be mended by them."""
        return self.is_refused or self.change.lead.status is LeadStatus.DEAD


class LeavingLeads:
    """Collects them during a step of the pass."""

    def __init__(self, held: HeldLeads, news: DeliveryNews, alerts: Alerts) -> None:
        self._held = held
        self._news = news
        self._alerts = alerts
        self._put_off: list[LeadChange] = []
        self._failed: list[FailedLead] = []

    def put_off(self, change: LeadChange) -> None:
        """No attempt is counted, and nobody is told."""
        self._put_off.append(change)

    def failed(self, failed: FailedLead) -> None:
        """An attempt is counted."""
        self._failed.append(failed)

    async def let_go(self) -> None:
        """Record them.

        People are told first: what is recorded as dead, or as told, is not told again if the process ends here.
        """
        is_told = self._held.is_running  # else they are somebody else's by now, and so is the news
        if is_told:
            self._tell_of(one for one in self._failed if one.is_for_people)
            await self._news.tell_not_delivered(self._alerts)
        ours = await self._held.release([*self._put_off, *(one.change for one in self._failed)])
        untold = [one for one in self._failed if not (is_told and one.is_for_people)]
        self._tell_of(one for one in untold if one.change.lead.id in ours)
        self._put_off.clear()
        self._failed.clear()

    def _tell_of(self, failed: Iterable[FailedLead]) -> None:
        for one in failed:
            if one.is_for_people:
                self._news.not_delivered(one.change.lead, is_new=one.is_new)
            else:
                self._news.away(one.change.lead)

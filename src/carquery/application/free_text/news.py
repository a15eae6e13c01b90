"""What follows a message once its visit is saved: people are told, and what was asked is counted."""

from dataclasses import field

from carquery.application.conversation.navigator import Navigator
from carquery.application.ports.alerts import Alerts, CustomerNotUnderstood
from carquery.application.ports.environment import Clock
from carquery.application.reports.tally import Tally
from carquery.domain.contact import Handle
from carquery.domain.dealership.faq import Topic
from carquery.domain.ids import Reference
from carquery.domain.masking import mask
from carquery.domain.values import dataclass
from carquery.domain.visit import Visit


@dataclass(slots=True, kw_only=True)
class News:
    """Of one message, as it was last decided.

    Attributes:
        handle: of whoever wrote it.
        alarm: what people should be told.
        asked: the topics that it asks about, and by whom.
    """

    navigator: Navigator
    alerts: Alerts
    tally: Tally
    clock: Clock
    handle: Handle | None
    alarm: CustomerNotUnderstood | None = field(default=None, init=False)
    asked: tuple[tuple[Topic, Visit], ...] = field(default=(), init=False)

    def begin_anew(self) -> None:
        """It is decided upon once more: what was decided before did not come about."""
        self.alarm, self.asked = None, ()

    def asks(self, topic: str, visit: Visit) -> None:
        """It is a question about the dealership."""
        self.asked = (*self.asked, (Topic(topic), visit))

    def alarms(self, visit: Visit, *, is_upset: bool = False, reference: Reference | None = None) -> None:
        """People should be told what was written; before consent, nothing personal of it."""
        written = visit.conversation
        if self.navigator.must_ask_consent(visit):
            written = tuple(mask(sentence).text for sentence in written)
        self.alarm = CustomerNotUnderstood(visit.customer, self.handle, written, is_upset, reference)

    async def after_save(self) -> None:
        """Once the visit is saved: count what was asked; tell people of one who was not helped, or complains."""
        for topic, visit in self.asked:
            is_answered = self.navigator.dealership().answer_to(topic) is not None
            self.tally.asked(topic, visit, at=self.clock.now(), is_answered=is_answered)
        if self.alarm is not None:
            await self.alerts.tell(self.alarm)

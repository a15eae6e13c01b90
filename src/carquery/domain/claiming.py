"""Which leads may be taken in hand: to be delivered, or to be put back by a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from carquery.domain.effects import Effect
from carquery.domain.lead import Lead
from carquery.domain.values import dataclass

CONTACT_SETTLES: Final = timedelta(minutes=5)
"""After so long a contact that a lost call made is in the CRM, and its search knows it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead as it stands in the store. `held_until`: somebody has claimed it; None: nobody."""

    lead: Lead
    held_until: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now

    def may_be_claimed(self, others: Iterable["Standing"], *, now: datetime) -> bool:
        """Whether it is due and free, and its person is nobody else's.

        Two workers must not make one person's contact twice: so a lead waits while another one with its phone is held,
        or may just have made its contact – unless both may: then neither is made before it was looked for.
        """
        return (
            self.lead.is_due(now)
            and not self.is_held(now)
            and not any(self._waits_for(other, now) for other in others if other.lead.id != self.lead.id)
        )

    def may_be_put_back(self, *, now: datetime) -> bool:
        """Whether a person may have it tried again: there is something to deliver, and nobody is at it."""
        return self.lead.is_undelivered and not self.is_held(now)

    def _waits_for(self, other: "Standing", now: datetime) -> bool:
        is_of_one_person = self.lead.phone is not None and other.lead.phone == self.lead.phone
        if not is_of_one_person or other.lead.erased_at is not None:
            return False
        return other.is_held(now) or (other._may_make_contact(now) and not self._looks_for_contact)

    @property
    def _looks_for_contact(self) -> bool:
        return self.lead.intent is not None and self.lead.intent.effect is Effect.CONTACT

    def _may_make_contact(self, now: datetime) -> bool:
        intent = self.lead.intent
        return intent is not None and intent.effect is Effect.CONTACT and intent.at > now - CONTACT_SETTLES

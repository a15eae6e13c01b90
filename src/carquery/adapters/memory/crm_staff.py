"""The people of the CRM in the process, and what they and the staff do with its deals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from carquery.adapters.memory.crm import CrmNote, MemoryCrm
from carquery.adapters.memory.failures import Failures
from carquery.application.ports.crm import Permit
from carquery.domain.effects import CrmId, Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import CrmUserId, LeadId, Reference
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason

MOST_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody did something for a customer, on a deal or on a contact."""

    on: CrmId
    at: datetime
    by: CrmUserId


class MemoryCrmHistory(Failures):
    """Tells of `acts`, which tests put there."""

    most_at_once: Final = MOST_AT_ONCE

    def __init__(self) -> None:
        super().__init__()
        self.acts: list[Act] = []

    def act(self, on: CrmId, at: datetime, by: CrmUserId) -> None:
        """Somebody does something."""
        self.acts.append(Act(on, at, by))

    async def first_touches(self, leads: Sequence[Lead]) -> Mapping[LeadId, FirstTouch]:
        self.check()
        found: dict[LeadId, FirstTouch] = {}
        for lead in leads:
            places = {lead.made.get(effect) for effect in (Effect.LEAD, Effect.CONTACT)}
            acts = [act for act in self.acts if act.on in places and act.at >= lead.created_at]
            if acts:
                first = min(acts, key=lambda act: act.at)
                found[lead.id] = FirstTouch(first.at, first.by)
        return found


class MemoryHandOvers(Failures):
    """Deals of a `MemoryCrm` change hands. A failure that is ordered here strikes before anything is done, or after.

    Attributes:
        refused: users who can't be made responsible.
    """

    def __init__(self, crm: MemoryCrm) -> None:
        super().__init__()
        self._crm = crm
        self.refused: dict[CrmUserId, Reason] = {}
        self.lost: Exception | None = None

    def lose_next_answer(self, failure: Exception) -> None:
        """The next call does what it is asked for, and fails then."""
        self.lost = failure

    async def hand_over(self, deal: CrmId, reference: Reference, to: CrmUserId, permit: Permit) -> Reason | None:
        del reference
        permit.check()
        self.check()
        if to in self.refused:
            return self.refused[to]
        state = self._crm.deals[deal].state
        self._crm.turn_deal(deal, replace(state, responsible=CrmId(to)))
        self._answer()
        return None

    async def note(self, deal: CrmId, text: str, permit: Permit) -> Reason | None:
        permit.check()
        self.check()
        number = CrmId(max((*self._crm.notes, *self._crm.deals, 0)) + 1_000)
        self._crm.notes[number] = CrmNote(number, deal, text)
        self._answer()
        return None

    async def is_noted(self, deal: CrmId, text: str) -> bool:
        self.check()
        return any(note.deal == deal and note.text == text for note in self._crm.notes.values())

    def _answer(self) -> None:
        lost, self.lost = self.lost, None
        if lost is not None:
            raise lost

"""What customers change of leads that stand in the CRM in the process."""

from dataclasses import replace
from datetime import timedelta

from carquery.adapters.memory.crm import MEMORY, CrmContact, CrmNote, CrmTask, MemoryCrm
from carquery.application.leads import crm_texts
from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import (
    CrmFailure,
    CrmGone,
    CrmLeaseTooShort,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    Permit,
)
from carquery.application.ports.crm_deals import DealPhase
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.domain.amendment import Amendment, AmendmentEffect, before_and_after
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason


class MemoryCrmAmendments:
    """Works on the tables of a `MemoryCrm`."""

    def __init__(
        self,
        crm: MemoryCrm,
        clock: Clock,
        *,
        task_after: timedelta = timedelta(minutes=30),
        dealership: ToldOfDealership = nothing_told,
    ) -> None:
        self._crm = crm
        self._dealership = dealership
        self._clock = clock
        self._task_after = task_after
        self._failures: list[tuple[CrmFailure, AmendmentEffect | None, bool]] = []
        self._refusals: dict[AmendmentEffect, Reason] = {}

    def fail_next(
        self, error: CrmFailure, *, effect: AmendmentEffect | None = None, after_effect: bool = False
    ) -> None:
        """Let the next call (for that effect) fail; `after_effect`: having made it, as a lost answer would."""
        self._failures.append((error, effect, after_effect))

    def refuse(self, effect: AmendmentEffect, reason: Reason) -> None:
        """Refuse to make that effect, whosever it is."""
        self._refusals[effect] = reason

    async def make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead, permit: Permit) -> CrmOutcome:
        try:
            permit.check()
        except CrmLeaseTooShort as too_short:
            return too_short
        failure = next((one for one in self._failures if one[1] in (None, effect)), None)
        if failure is not None:
            self._failures.remove(failure)
            if failure[2]:
                self._make(effect, amendment, lead)
            return failure[0]
        if effect in self._refusals:
            return CrmRefused(self._refusals[effect])
        return self._make(effect, amendment, lead)

    def _make(self, effect: AmendmentEffect, amendment: Amendment, lead: Lead) -> CrmOutcome:
        match effect:
            case AmendmentEffect.CONTACT:
                return self._contact(amendment, lead)
            case AmendmentEffect.DEAL:
                return self._deal(amendment, lead)
            case AmendmentEffect.FILES:
                return self._files(amendment, lead)
            case AmendmentEffect.NOTE:
                return self._note(amendment, lead)
            case AmendmentEffect.TASK:
                return self._task(amendment, lead)

    def _contact(self, amendment: Amendment, lead: Lead) -> CrmOutcome:
        contact = self._standing_contact(amendment, lead)
        if contact is None:
            return CrmMade(NOTHING_TO_MAKE, (LeadReason.NO_CONTACT_LEFT(),))
        was, now = before_and_after(lead, amendment)
        if now.name is not None and contact.name in ("", "" if was.name is None else was.name.name):
            contact = replace(contact, name=now.name.name)
        if now.phone is not None and not contact.has(now.phone):
            contact = replace(contact, more_phones=(*contact.more_phones, now.phone))
        self._crm.contacts[contact.id] = contact
        return CrmMade(contact.id)

    def _standing_contact(self, amendment: Amendment, lead: Lead) -> CrmContact | None:
        ours = self._crm.contacts.get(lead.made[Effect.CONTACT])
        if ours is not None:
            return ours
        phone = before_and_after(lead, amendment)[0].phone
        return next((contact for contact in self._crm.contacts.values() if contact.has(phone)), None)

    def _deal(self, amendment: Amendment, lead: Lead) -> CrmOutcome:
        deal = self._crm.deals.get(lead.made[Effect.LEAD])
        if deal is None or deal.state.phase is DealPhase.CLOSED:
            return CrmMade(NOTHING_TO_MAKE)
        was, now = before_and_after(lead, amendment)
        if deal.title == crm_texts.title(was):
            deal = replace(deal, title=crm_texts.title(now))
        if deal.price == was.price:
            deal = replace(deal, price=now.price)
        self._crm.deals[deal.id] = deal
        return CrmMade(deal.id)

    def _files(self, amendment: Amendment, lead: Lead) -> CrmOutcome:
        number = lead.made[Effect.LEAD]
        deal = self._crm.deals.get(number)
        if deal is None:
            return CrmMade(NOTHING_TO_MAKE, (LeadReason.FILES_WITHOUT_DEAL(number=number),))
        files = (*amendment.new_photos, *(file.id for file in amendment.added.files))
        new = tuple(file for file in files if file not in deal.files)
        self._crm.deals[number] = replace(deal, files=(*deal.files, *new))
        return CrmMade(number)

    def _note(self, amendment: Amendment, lead: Lead) -> CrmOutcome:
        number = lead.made[Effect.LEAD]
        deal = self._crm.deals.get(number)
        contact = None if self._is_open(number) else self._standing_contact(amendment, lead)
        if deal is None and contact is None:
            return CrmGone(Effect.LEAD, LeadReason.NOTHING_LEFT())
        why = LeadReason.DEAL_GONE if deal is None else LeadReason.DEAL_CLOSED
        left_out = () if contact is None else (why(number=number),)
        mark = amendment.mark(lead.reference)
        standing = next((note for note in self._crm.notes.values() if mark in note.text), None)
        if standing is not None:
            return CrmMade(standing.id, left_out)
        text = crm_texts.amendment_note(lead, amendment, MEMORY)
        note = CrmNote(self._crm.next_id(), number, text, None if contact is None else contact.id)
        self._crm.notes[note.id] = note
        return CrmMade(note.id, left_out)

    def _task(self, amendment: Amendment, lead: Lead) -> CrmOutcome:
        number, mark = lead.made[Effect.LEAD], amendment.mark(lead.reference)
        minutes = lead.route.task_minutes_or(self._task_after)
        if not minutes or not self._is_open(number):
            return CrmMade(NOTHING_TO_MAKE)
        standing = next((task for task in self._crm.tasks.values() if mark in task.text), None)
        if standing is not None:
            return CrmMade(standing.id)
        due_at = self._dealership().after(self._clock.now(), minutes)
        task = CrmTask(self._crm.next_id(), number, crm_texts.cancellation_task(lead, amendment), due_at)
        self._crm.tasks[task.id] = task
        return CrmMade(task.id)

    def _is_open(self, number: CrmId) -> bool:
        deal = self._crm.deals.get(number)
        return deal is not None and deal.state.phase is not DealPhase.CLOSED

"""Correct a sent lead: its form is open once more, at its summary, and what differs is an amendment."""

from carquery.application.conversation.navigator import Navigator
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.conversation.sent_leads import SentLeads, meant
from carquery.application.ports.amendments import Amendments, NotAmended
from carquery.application.ports.environment import Bell, Clock
from carquery.application.ports.leads import Leads
from carquery.application.screens import (
    Done,
    FieldList,
    LeadCard,
    LeadChanged,
    LeaveWarning,
    MyLeads,
    NotChangeable,
    Screen,
    Stale,
    screen_of,
)
from carquery.domain.amendment import Amendment
from carquery.domain.attachments import NOTHING_ATTACHED, Parcel
from carquery.domain.dialog import Dialog
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import Taken
from carquery.domain.hearing.message import Interprets
from carquery.domain.ids import AmendmentId, CustomerId, DialogId, InputId, Reference
from carquery.domain.lead import Lead
from carquery.domain.reference import id_from
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Button, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendLead:
    """«✏️ Исправить», and the same in words."""

    reception: Reception
    navigator: Navigator
    sent: SentLeads
    amendments: Amendments
    leads: Leads
    clock: Clock
    bell: Bell

    async def open(self, arrival: Arrival, reference: Reference, button: Button | None = None) -> Reply:
        """Return the fields of that lead, one of which may be picked; a dialog that is open is asked about first.

        Args:
            button: the «Да» under that question.

        Raises:
            StoreUnavailable: nothing changed.
        """

        async def decide(visit: Visit) -> Decision:
            if button is not None and visit.dialog_of(button) is None:
                return visit, stale(visit, button)
            if button is None and visit.dialog is not None and not _is_idle(visit.dialog):
                return visit.is_asked(reference), LeaveWarning(visit.dialog, reference)
            return await self.opened(visit, reference)

        return await self.reception(arrival, decide)

    async def opened(self, visit: Visit, reference: Reference) -> Decision:
        """The visit with that lead open to be corrected; a dialog that was open is gone."""
        sent = await self.sent.find(visit.customer, reference)
        if sent is None:
            return visit, Stale()
        if not sent.may_be_changed:
            return visit, NotChangeable()
        visit, dialog = self.navigator.reopened(visit, sent.lead)
        return visit, FieldList(dialog)

    async def hear(self, visit: Visit, text: str, interpreter: Interprets) -> Decision | None:
        """What a customer sees who says in words that something is wrong; `None`: there is no lead.

        A correction that can be read stands in the summary, to be saved with a «да».
        """
        leads = await self.sent.newest(visit.customer)
        sent = meant(visit, leads)
        if sent is None:
            return (visit, MyLeads.to_pick_from(leads, MyLeads.WHICH_TO_CORRECT)) if leads else None
        visit, dialog = self.navigator.reopened(visit, sent.lead)
        heard = hear(dialog, text, interpreter)
        if isinstance(heard, Taken) and heard.dialog.answers != dialog.answers:
            return visit.with_dialog(heard.dialog), screen_of(heard.dialog)
        return visit, FieldList(dialog)

    async def add(
        self, visit: Visit, arrival: Arrival, text: str, interpreter: Interprets, *, notice: str = ""
    ) -> Decision | None:
        """Something was written of the lead that was sent last: a correction is shown to be saved, anything else is
        added to it at once. `None`: it can't be changed any more."""
        sent = None if visit.receipt is None else await self.sent.find(visit.customer, visit.receipt)
        if sent is None or not sent.may_be_changed:
            return None
        visit, waits = _with_what_waits(visit, sent.lead)
        opened, dialog = self.navigator.reopened(visit, sent.lead)
        dialog = dialog.enclose(waits)
        heard, with_it = hear(dialog, text, interpreter), dialog.say_aside(text)
        if isinstance(heard, Taken) and heard.dialog.answers not in (dialog.answers, with_it.answers):
            return opened.with_dialog(heard.dialog), screen_of(heard.dialog, notice=notice)
        return await self._added(visit, arrival, sent.lead, with_it, notice)

    async def enclose(self, visit: Visit, arrival: Arrival, parcel: Parcel) -> Decision | None:
        """Photos and files that came after the lead was sent are added to it, with the words under them. `None`: there
        is no such lead, or it can't be changed any more, or has no room."""
        sent = None if visit.receipt is None else await self.sent.find(visit.customer, visit.receipt)
        if sent is None or not sent.may_be_changed or parcel.too_large:
            return None
        _, dialog = self.navigator.reopened(visit, sent.lead)
        enclosed = dialog.enclose(parcel)
        sent_now, kept = (*parcel.photos, *(file.id for file in parcel.files)), enclosed.sent_along
        if not {*kept.photos, *(file.id for file in kept.files)}.issuperset(sent_now):
            return None
        return await self._added(visit, arrival, sent.lead, enclosed.say_aside(*parcel.words), "")

    async def save(self, visit: Visit, dialog: Dialog) -> Decision:
        """«Сохранить». Raises StoreUnavailable: saving again is harmless."""
        reference = dialog.amends
        sent = None if reference is None else await self.sent.find(visit.customer, reference)
        left = visit.with_dialog(None)
        if sent is None:
            return left, NotChangeable()
        amendment = Amendment.of(dialog, sent.lead, at=self.clock.now())
        if not amendment.changes_anything:
            return left, LeadCard(sent, LeadCard.UNCHANGED)
        try:
            await self.amendments.add(amendment, visit.customer)
        except NotAmended:
            return left, NotChangeable()
        return _known_anew(left, dialog, sent.lead), LeadChanged(sent.lead.reference, Done.CORRECTED)

    async def complete(self, lead: Lead, dialog: Dialog, visit: Visit) -> None:
        """A lead that was made of a form before its customer sent it is one that was sent, with what differs now.

        Raises:
            NotAmended: it was cancelled meanwhile.
            StoreUnavailable: sending again is harmless.
        """
        completing = Amendment.completing(dialog, lead, at=self.clock.now(), conversation=visit.conversation)
        await self.amendments.add(completing, visit.customer)

    async def saved_before(self, visit: Visit, button: Button) -> Screen | None:
        """The second of two quick taps on «Сохранить»: its amendment has the dialog's id."""
        amendment = await self.amendments.load(AmendmentId(button.dialog))
        lead = None if amendment is None else await self.leads.load(amendment.lead)
        return (
            LeadChanged(lead.reference, Done.CORRECTED)
            if lead is not None and lead.customer == visit.customer
            else None
        )

    def after_save(self, reply: Reply) -> None:
        """Once the visit is saved: whoever delivers learns of it."""
        if isinstance(reply.screen, LeadChanged):
            self.bell.ring()

    async def _added(self, visit: Visit, arrival: Arrival, lead: Lead, dialog: Dialog, notice: str) -> Decision | None:
        """The same input, should it come again, makes the same amendment."""
        dialog = replace(dialog, id=DialogId(_id_of(visit.customer, arrival.input)))
        try:
            await self.amendments.add(Amendment.of(dialog, lead, at=self.clock.now()), visit.customer)
        except NotAmended:
            return None
        return visit, LeadChanged(lead.reference, Done.ADDED, notice)


def _is_idle(dialog: Dialog) -> bool:
    """Whether nothing would be lost: a lead that was opened to be corrected, and nothing done."""
    return dialog.amends is not None and dialog.is_untouched


def _known_anew(visit: Visit, dialog: Dialog, lead: Lead) -> Visit:
    """The name and phone that were given last are suggested in the next form."""
    now = replace(lead, answers=dialog.answers)
    phone = visit.known.phone if now.given_phone is None else now.given_phone.without_remark
    known = replace(visit.known, name=now.name or visit.known.name, phone=phone)
    return replace(visit, known=known, receipt=lead.reference, changed=lead.reference)


def _with_what_waits(visit: Visit, lead: Lead) -> tuple[Visit, Parcel]:
    """The recording of the words that are added goes where they go, if the lead has room for all that waits."""
    parcel = Parcel(visit.waiting.photos, visit.waiting.files)
    if lead.attachments.with_parcel(parcel)[1]:
        return visit, Parcel()
    return replace(visit, waiting=NOTHING_ATTACHED), parcel


def _id_of(customer: CustomerId, given: InputId) -> str:
    return id_from(f"{customer} {given}")

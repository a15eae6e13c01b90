"""Turn a reviewed dialog into a stored lead."""

from carquery.application.conversation.amend_lead import AmendLead
from carquery.application.conversation.reception import Arrival, Decision, Reception, Reply, stale
from carquery.application.leads.named_leads import add_named
from carquery.application.ports.amendments import NotAmended
from carquery.application.ports.crm_people import KnownToHaveLeft, nobody_left
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Bell, Clock, Randomness
from carquery.application.ports.leads import Leads, TooManyLeads
from carquery.application.ports.stores import StoreUnavailable
from carquery.application.screens import EnoughLeads, LeadChanged, NotChangeable, NotStored, Receipt, Screen, screen_of
from carquery.domain.contact import Handle
from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Form
from carquery.domain.ids import LeadId, Reference
from carquery.domain.lead import Lead
from carquery.domain.lead_limits import USUAL_LIMITS
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Button, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitLead:
    """«Отправить»: one dialog makes one lead, however often and from wherever it is pressed.

    «Сохранить» of a lead that is corrected makes one amendment likewise.
    """

    reception: Reception
    leads: Leads
    clock: Clock
    randomness: Randomness
    bell: Bell
    amend_lead: AmendLead
    dealership: ToldOfDealership = nothing_told
    departed: KnownToHaveLeft = nobody_left

    async def __call__(self, arrival: Arrival, button: Button) -> Reply:
        """Return the receipt once the lead is stored; if it could not be, the summary stays as it is.

        Raises:
            StoreUnavailable: the lead may be stored; pressing again finds it.
        """

        async def decide(visit: Visit) -> Decision:
            dialog = visit.dialog_of(button)
            if dialog is None:
                return visit, await self._sent_before(visit, button)
            return await self.decide(visit, dialog, arrival.handle)

        reply = await self.reception(arrival, decide)
        self.after_save(reply)
        return reply

    async def decide(self, visit: Visit, dialog: Dialog, handle: Handle | None) -> Decision:
        """The visit with that dialog sent, if it may be, and the lead stored. Raises StoreUnavailable."""
        if not dialog.is_at_summary:
            return visit, screen_of(dialog)
        if dialog.amends is not None:
            return await self.amend_lead.save(visit, dialog)
        try:
            lead = await self._stored(visit, dialog, handle)
            if lead.is_unfinished:  # somebody has begun to deliver it as it was
                await self.amend_lead.complete(lead, dialog, visit)
        except NotAmended:
            return visit, NotChangeable()
        except StoreUnavailable:
            return visit, NotStored()
        except TooManyLeads as too_many:
            return visit, EnoughLeads(dialog, again_in=too_many.again_at - self.clock.now())
        receipt = _receipt(lead, dialog.form)
        return replace(_after(visit, lead), sent=receipt.answers), receipt

    def after_save(self, reply: Reply) -> None:
        """Once the visit is saved: whoever delivers leads learns of this one."""
        if isinstance(reply.screen, Receipt | LeadChanged):
            self.bell.ring()

    async def _sent_before(self, visit: Visit, button: Button) -> Screen:
        """The second of two quick taps: its lead has the dialog's id."""
        lead = await self.leads.load(LeadId(button.dialog))
        if lead is None or lead.customer != visit.customer:
            return await self.amend_lead.saved_before(visit, button) or stale(visit, button)
        return _receipt(lead, FORMS[lead.service])

    async def _stored(self, visit: Visit, dialog: Dialog, handle: Handle | None) -> Lead:
        consent = visit.known.consent
        service, source, routing = dialog.form.service, dialog.source, self.dealership().routing
        turn = routing.turn(service, source, without=self.departed())

        def lead_called(reference: Reference) -> Lead:
            return Lead.of(
                dialog,
                customer=visit.customer,
                reference=reference,
                at=self.clock.now(),
                conversation=visit.conversation,
                consent=None if consent is None else consent.fingerprint,
                handle=handle,
                route=routing.of(service, source),
            )

        return await add_named(self.leads, self.randomness, lead_called, limits=USUAL_LIMITS, turn=turn)


def _receipt(lead: Lead, form: Form) -> Receipt:
    return Receipt(lead.reference, (("Услуга", form.title), *form.lines(lead.answers), *lead.attachments.lines))


def _after(visit: Visit, lead: Lead) -> Visit:
    """The dialog is done; its name and phone are suggested in the next one."""
    phone = visit.known.phone if lead.given_phone is None else lead.given_phone.without_remark
    known = replace(visit.known, name=lead.name or visit.known.name, phone=phone)
    return replace(visit.with_dialog(None), receipt=lead.reference, known=known, conversation=())

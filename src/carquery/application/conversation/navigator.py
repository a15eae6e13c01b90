"""Getting a customer to the menu, to a free question, or into a form."""

from collections.abc import Mapping
from dataclasses import field
from typing import NewType

from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock, Randomness
from carquery.application.screens import AskFreely, Destination, Menu, Notice, Place, Screen, screen_of
from carquery.domain.answers import Value
from carquery.domain.attachments import NOTHING_ATTACHED, Parcel, told
from carquery.domain.consent import ConsentTerms
from carquery.domain.dialog import Dialog
from carquery.domain.draft import Draft, take_up
from carquery.domain.forms.form import Service
from carquery.domain.hearing.carried import offered_instead
from carquery.domain.ids import Channel
from carquery.domain.lead import Lead
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import moscow_day
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit

Messengers = NewType("Messengers", Mapping[Channel, str])
"""The names of messengers, as people know them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigator:
    """Opens forms with what is known of the customer, and with the question of consent where it is due.

    Attributes:
        terms: what customers must consent to; None: the dealership asks for no consent.
        messengers: what each channel is called in them; another goes by its own name.
    """

    clock: Clock
    randomness: Randomness
    terms: ConsentTerms | None
    messengers: Messengers = field(default_factory=lambda: Messengers({}))
    dealership: ToldOfDealership = nothing_told

    def __call__(self, visit: Visit, to: Destination) -> tuple[Visit, Screen]:
        """The visit at that destination; a dialog that was open is gone."""
        if to is not Service.CALLBACK:  # who asks for a person gives up the questions, not what was said
            visit = visit.left_behind()
        match to:
            case Place.MENU:
                return visit.with_dialog(None), Menu(_left(visit.dialog))
            case Place.QUESTION:
                return visit.with_dialog(None), AskFreely()
            case Service() if not self.dealership().offers(to):
                return visit.with_dialog(None), Menu(Notice.NOT_OFFERED)
            case Service():
                visit, dialog = self.opened(visit, to)
                return visit, screen_of(dialog)

    def opened(self, visit: Visit, service: Service) -> tuple[Visit, Dialog]:
        """The visit with that form open, and its dialog."""
        form = self.dealership().forms[service]
        opened = Dialog.open(
            form,
            dialog_id=self.randomness.dialog_id(),
            on=moscow_day(self.clock.now()),
            source=visit.source,
            suggestions={**form.by_step(_known(visit)), **self._stated(visit, service)},
            terms=self._terms_for(visit),
        )
        dialog = _with_brought(opened, _brought(visit, service))
        return replace(visit.with_dialog(dialog), waiting=NOTHING_ATTACHED), dialog

    def with_left(self, visit: Visit, left: Draft) -> Visit:
        """The visit with the form that was left, as it is asked now, and what was written before it."""
        form = self.dealership().forms[left.dialog.form.service]
        terms = self._terms_for(visit)
        dialog = take_up(left.dialog, form, known=form.by_step(_known(visit)), terms=terms)
        return replace(visit.with_left(dialog), source=left.dialog.source, conversation=left.conversation)

    def reopened(self, visit: Visit, lead: Lead) -> tuple[Visit, Dialog]:
        """The visit with a sent lead's form open at its summary, to be corrected; a dialog that was open is gone."""
        dialog = Dialog.amending(
            lead.reference,
            self.dealership().forms[lead.service],
            dialog_id=self.randomness.dialog_id(),
            on=moscow_day(self.clock.now()),
            answers=lead.answers,
            attachments=lead.attachments,
            terms=self._terms_for(visit),
        )
        return visit.with_dialog(dialog), dialog

    @property
    def policy_url(self) -> str | None:
        """The privacy policy; None: the dealership has not given one, and asks for no consent either."""
        return None if self.terms is None else self.terms.policy_url

    def must_ask_consent(self, visit: Visit) -> bool:
        """Whether nothing personal of this customer may be kept yet."""
        return self._terms_for(visit) is not None

    def _stated(self, visit: Visit, service: Service) -> Mapping[str, Value]:
        """What the customer wrote freely of what this form asks."""
        offer, forms = visit.offer, self.dealership().forms
        if offer is None or service not in (offer.service, *offer.alternatives):
            return {}
        of, to, today = forms[offer.service], forms[service], moscow_day(self.clock.now())
        return offered_instead(offer.suggestions, of, to, visit.said_just_now, on=today)

    def _terms_for(self, visit: Visit) -> ConsentTerms | None:
        if self.terms is None:
            return None
        channel, given = visit.customer.channel, visit.known.consent
        terms = self.terms.naming(self.messengers.get(channel, channel), operator=self.dealership().legal_name)
        return None if given is not None and given.covers(terms) else terms


def _left(dialog: Dialog | None) -> Notice | None:
    """What to say of a dialog that is left."""
    if dialog is None:
        return None
    return Notice.DROPPED if dialog.amends is None else Notice.UNCHANGED


def _brought(visit: Visit, service: Service) -> Parcel:
    """What was sent before the form was opened: outside any, or in the one that is left for a call.

    Who asks for a person gives up the questions, not what was sent; nothing waits while a dialog is open.
    """
    if service is Service.CALLBACK and visit.dialog is not None:
        return visit.dialog.sent_along
    return Parcel(visit.waiting.photos, visit.waiting.files)


def _with_brought(opened: Dialog, brought: Parcel) -> Dialog:
    dialog = opened.enclose(brought) if brought.photos or brought.files else opened
    if not brought.words:
        return dialog
    noted = dialog.say_aside(*brought.words)
    return replace(noted, remark=told(dialog.remark, noted.remark))


def _known(visit: Visit) -> dict[Meaning, Value]:
    """What need not be asked again: from the dialog that is left, from the last lead, from the profile."""
    left = visit.dialog
    known: dict[Meaning, Value | None] = {
        Meaning.NAME: (left and left.said(Meaning.NAME)) or visit.known.name or visit.profile_name,
        Meaning.PHONE: (left and left.said(Meaning.PHONE)) or visit.known.phone,
    }
    return {meaning: value for meaning, value in known.items() if value is not None}

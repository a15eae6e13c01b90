"""A lead: what a customer sent, and how far it has come on its way into the CRM."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from itertools import chain

from carquery.domain.answers import Option, Photos, Value
from carquery.domain.attachments import NOTHING_ATTACHED, Attachments, SentFile
from carquery.domain.backoff import Backoff
from carquery.domain.contact import Handle, PersonName, Phone
from carquery.domain.dealership.routing import NOT_SAID, Route
from carquery.domain.dialog import Dialog
from carquery.domain.effects import CallIntent, CrmId, Effect, contact_unknown_since
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import CrmUserId, CustomerId, FileId, LeadId, Reference, Source
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.reason import Reason
from carquery.domain.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class EarlierDeal:
    """A deal that stood in the CRM for the customer's contact when a lead came to it.

    Attributes:
        reference: of the lead that opened it; None: people made it.
        responsible: who works on it, if that is known.
    """

    id: CrmId
    reference: Reference | None = None
    responsible: CrmUserId | None = None

    @property
    def shown(self) -> str:
        """What people call it."""
        return f"№ {self.id}" if self.reference is None else self.reference


class LeadStatus(StrEnum):
    """`pending → delivering → delivered`, or `failed` (tried again later), in the end `dead` (waits for a person)."""

    PENDING = "pending"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """One form a customer sent.

    Attributes:
        customer: None after erasure.
        answers: by step name; empty after erasure.
        attachments: photos that no step asked for, and other files; none after erasure.
        conversation: what the customer wrote, before the form and beside it, that stands in no answer, oldest first.
        consent: fingerprint of the text consented to; None where consent isn't asked for.
        handle: by which people find the customer in the messenger; `None` if there is none, or after erasure.
        route: where in the CRM it goes, as it was said when it was sent.
        responsible: whose turn it was then; `None`: nobody takes turns.
        is_unfinished: the customer has not sent it; it was made of a form that was left.
        made: what is in the CRM already.
        intent: the call whose outcome is not recorded; after a crash, nobody knows it.
        doubts: how many calls for the next effect went out, one after the other, without their answer coming back.
        must_recheck: the store was put back to an earlier state, so the CRM may know more of this lead: everything is
            looked for there before it is made.
        left_out: what the CRM would not take; the note says it instead.
        earlier: the customer's deal before this one; if it is this lead's deal too, the lead has joined it.
        trade_in: the leads with which it may be one deal: a car for another.
        next_attempt_at: when delivery may be tried; `None` if it is over, or waits for a person.
        failure: why the last attempt failed.
    """

    id: LeadId
    reference: Reference
    customer: CustomerId | None
    service: Service
    answers: Mapping[str, Value]
    created_at: datetime
    source: Source | None = None
    attachments: Attachments = NOTHING_ATTACHED
    conversation: tuple[str, ...] = ()
    consent: str | None = None
    handle: Handle | None = None
    route: Route = NOT_SAID
    responsible: CrmUserId | None = None
    is_unfinished: bool = False
    status: LeadStatus = LeadStatus.PENDING
    made: Mapping[Effect, CrmId] = field(default_factory=dict)
    intent: CallIntent | None = None
    doubts: int = 0
    must_recheck: bool = False
    left_out: tuple[Reason, ...] = ()
    earlier: EarlierDeal | None = None
    trade_in: tuple[Reference, ...] = ()
    attempts: int = 0
    next_attempt_at: datetime | None
    failure: Reason | None = None
    delivered_at: datetime | None = None
    erased_at: datetime | None = None

    @classmethod
    def of(  # everything a lead is born with, each named at the call
        cls,
        dialog: Dialog,
        *,
        customer: CustomerId,
        reference: Reference,
        at: datetime,
        conversation: tuple[str, ...] = (),
        consent: str | None = None,
        handle: Handle | None = None,
        route: Route = NOT_SAID,
        is_unfinished: bool = False,
    ) -> "Lead":
        """The lead of a dialog, due at once. Raises ValueError: it is to be finished, and not at its summary."""
        if not (dialog.is_at_summary or is_unfinished):
            raise ValueError(f"dialog {dialog.id} is not at its summary")
        return cls(
            id=LeadId(dialog.id),
            reference=reference,
            customer=customer,
            service=dialog.form.service,
            answers=dialog.answers,
            created_at=at,
            source=dialog.source,
            attachments=dialog.attachments,
            conversation=in_no_answer((*conversation, *dialog.asides), dialog),
            consent=consent,
            handle=handle,
            route=route,
            is_unfinished=is_unfinished,
            next_attempt_at=at,
        )

    @property
    def title(self) -> str:
        return FORMS[self.service].title

    def said(self, meaning: Meaning) -> Value | None:
        """The answer that means it, if it is given and the lead's form asks for it."""
        return FORMS[self.service].said(self.answers, meaning)

    @property
    def name(self) -> PersonName | None:
        name = self.said(Meaning.NAME)
        return name if isinstance(name, PersonName) else None

    @property
    def phone(self) -> Phone | None:
        """The number alone, by which one person's leads are known; `given_phone` is what to dial."""
        return None if self.given_phone is None else self.given_phone.number

    @property
    def given_phone(self) -> Phone | None:
        """The number with its extension and what the customer wrote beside it."""
        phone = self.said(Meaning.PHONE)
        return phone if isinstance(phone, Phone) else None

    @property
    def photos(self) -> tuple[FileId, ...]:
        """Those that a step asked for, and those that came by themselves."""
        answered = (answer.files for answer in self.answers.values() if isinstance(answer, Photos))
        return (*chain.from_iterable(answered), *self.attachments.photos)

    @property
    def files(self) -> tuple[SentFile, ...]:
        """What is attached and is no photo."""
        return self.attachments.files

    @property
    def attached(self) -> tuple[FileId, ...]:
        """The messenger's names for all that is to be attached."""
        return (*self.photos, *(file.id for file in self.files))

    @property
    def price(self) -> Rubles | None:
        """The sum the lead is about: the price that is wanted or the budget, of which a range's upper end is one.

        A range of wanted prices names no sum: the dealership would pay less than its upper end (`is_price_a_range`).
        """
        match self.said(Meaning.PRICE), self.said(Meaning.BUDGET):
            case (Rubles() as rubles, _) | (_, Rubles() as rubles):
                return rubles
            case _, Option(worth=worth):
                return worth
            case _:
                return None

    @property
    def is_price_a_range(self) -> bool:
        """Whether the customer has named a range of prices and no sum."""
        price = self.said(Meaning.PRICE)
        return isinstance(price, Option) and price.worth is not None

    @property
    def people(self) -> tuple[CrmUserId, ...]:
        """Who may be responsible for it, whose turn it was first, then who comes after them.

        Of a lead that has joined a deal, that is whoever works on the deal, and then they.
        """
        joined, in_turn = self.joined_to, self._in_turn
        if joined is None or joined.responsible is None:
            return in_turn
        return (joined.responsible, *(person for person in in_turn if person != joined.responsible))

    @property
    def _in_turn(self) -> tuple[CrmUserId, ...]:
        people = self.route.responsible
        if self.responsible is None:
            return ()
        if self.responsible not in people:
            return (self.responsible, *people)
        first = people.index(self.responsible)
        return (*people[first:], *people[:first])

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Title and text of each answered step, in the form's order; then how much is attached."""
        return (*FORMS[self.service].lines(self.answers, with_said=True), *self.attachments.lines)

    @property
    def joined_to(self) -> EarlierDeal | None:
        """The deal of an earlier request, with which note and task of this one stand; None: it has one of its own."""
        is_joined = self.earlier is not None and self.made.get(Effect.LEAD) == self.earlier.id
        return self.earlier if is_joined else None

    @property
    def next_effect(self) -> Effect | None:
        """What is to be made next; None: all is there."""
        return next((effect for effect in Effect if effect not in self.made), None)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has begun to deliver it: it is due since it was made."""
        return self.status is LeadStatus.PENDING and self.next_attempt_at == self.created_at

    @property
    def is_undelivered(self) -> bool:
        """Whether there is something to deliver, now or later."""
        return self.status is not LeadStatus.DELIVERED and self.erased_at is None

    def is_due(self, now: datetime) -> bool:
        """Whether delivery may be tried."""
        return self.next_attempt_at is not None and self.next_attempt_at <= now and self.erased_at is None

    @property
    def may_have_contact_since(self) -> datetime | None:
        """As `contact_unknown_since` says."""
        return contact_unknown_since(self.intent, self.made, must_recheck=self.must_recheck, created_at=self.created_at)

    def rewritten(self, newer: "Lead") -> "Lead":
        """With what the customer says now, who was told that this one was not stored, or has not sent it before."""
        return replace(
            self,
            answers=newer.answers,
            attachments=newer.attachments,
            conversation=newer.conversation,
            is_unfinished=newer.is_unfinished,
        )

    def as_far_as(self, later: "Lead") -> "Lead":
        """With whatever delivery has changed in a later one; what the customer sent stays as it is here."""
        return replace(
            self,
            status=later.status,
            made=later.made,
            intent=later.intent,
            doubts=later.doubts,
            must_recheck=later.must_recheck,
            left_out=later.left_out,
            earlier=later.earlier,
            trade_in=later.trade_in,
            attempts=later.attempts,
            next_attempt_at=later.next_attempt_at,
            failure=later.failure,
            delivered_at=later.delivered_at,
        )

    def given_to(self, person: CrmUserId) -> "Lead":
        """It is that person's turn."""
        return replace(self, responsible=person)

    def claimed(self) -> "Lead":
        """A worker has taken it in hand."""
        return replace(self, status=LeadStatus.DELIVERING)

    def intends(self, effect: Effect, *, at: datetime) -> "Lead":
        """To be stored before the CRM is called."""
        return replace(self, intent=CallIntent(effect, at))

    def called_off(self) -> "Lead":
        """It is certain that the call had no effect."""
        return replace(self, intent=None)

    def comes_after(self, deal: EarlierDeal | None) -> "Lead":
        """The customer's contact has that deal already, or none."""
        return replace(self, earlier=deal)

    def joins(self, deal: EarlierDeal) -> "Lead":
        """It gets no deal of its own: that one is open."""
        return self.comes_after(deal).with_made(Effect.LEAD, deal.id)

    def may_be_traded_for(self, others: tuple[Reference, ...]) -> "Lead":
        """These leads are the other half of a trade-in, perhaps."""
        return replace(self, trade_in=others)

    def without(self, effect: Effect) -> "Lead":
        """What had been made does not stand in the CRM any more: it is to be made again before what comes next.

        What hung on it is gone with it, or was moved elsewhere with it: it is looked for before it is made again.
        """
        order = list(Effect)
        kept = {made: crm_id for made, crm_id in self.made.items() if order.index(made) < order.index(effect)}
        is_moved = self.joined_to is not None and effect is Effect.LEAD
        has_more = len(self.made) - len(kept) > 1
        return replace(self, made=kept, intent=None, must_recheck=self.must_recheck or has_more or is_moved)

    def with_made(self, effect: Effect, crm_id: CrmId, *, left_out: tuple[Reason, ...] = ()) -> "Lead":
        """The effect is in the CRM under that id, without what was left out."""
        return replace(
            self, made={**self.made, effect: crm_id}, intent=None, doubts=0, left_out=(*self.left_out, *left_out)
        )

    def with_found(self, effect: Effect, crm_id: CrmId) -> "Lead":
        """The effect stood in the CRM. Of an outdated lead, what comes next is to be looked for too."""
        found = self.with_made(effect, crm_id)
        return found if not self.must_recheck or self.intent is None else found.put_in_doubt(at=self.intent.at)

    def put_in_doubt(self, *, at: datetime) -> "Lead":
        """An undelivered lead of a store that was put back: what comes next may stand in the CRM. Others stay."""
        effect = self.next_effect
        if effect is None or not self.is_undelivered:
            return self
        return replace(self, must_recheck=True, intent=self.intent or CallIntent(effect, at))

    def delivered(self, *, at: datetime) -> "Lead":
        """It is in the CRM, complete."""
        delivered = replace(self, status=LeadStatus.DELIVERED, delivered_at=at, next_attempt_at=None, failure=None)
        return replace(delivered, must_recheck=False)

    def failed(self, failure: Reason, *, at: datetime, backoff: Backoff, chance: float) -> "Lead":
        """One more attempt went wrong: it is tried again after a wait, or is dead after the last."""
        attempts = self.attempts + 1
        if attempts >= backoff.most_attempts:
            return replace(self, attempts=attempts).given_up(failure)
        wait = backoff.wait(attempts, chance=chance)
        return replace(self, status=LeadStatus.FAILED, attempts=attempts, failure=failure, next_attempt_at=at + wait)

    def given_up(self, failure: Reason) -> "Lead":
        """It is tried no more before a person has looked at it."""
        return replace(self, status=LeadStatus.DEAD, failure=failure, next_attempt_at=None)

    def doubted(self, *, not_before: datetime) -> "Lead":
        """A failed one whose call may yet land: not to be tried before nobody can doubt any more."""
        due_at = None if self.next_attempt_at is None else max(self.next_attempt_at, not_before)
        return replace(self, doubts=self.doubts + 1, next_attempt_at=due_at)

    def postponed(self, *, until: datetime) -> "Lead":
        """The CRM can't be asked now, which is not this lead's fault: no attempt is counted."""
        status = LeadStatus.FAILED if self.attempts else LeadStatus.PENDING
        return replace(self, status=status, next_attempt_at=until)

    def resubmitted(self, *, at: datetime) -> "Lead":
        """Put back by a person, with all its attempts; what was made stays made."""
        return replace(self, status=LeadStatus.PENDING, attempts=0, next_attempt_at=at, failure=None)

    def erased(self, *, at: datetime) -> "Lead":
        """Nothing personal is left; it still counts in statistics and is delivered no more."""
        return replace(
            self,
            customer=None,
            handle=None,
            answers={},
            attachments=NOTHING_ATTACHED,
            conversation=(),
            left_out=(),
            earlier=None,
            trade_in=(),
            next_attempt_at=None,
            failure=None,
            erased_at=at,
        )


def in_no_answer(written: Iterable[str], dialog: Dialog) -> tuple[str, ...]:
    """What the customer wrote, each once; not what an answer begins with, word for word: it may be the description."""
    answers = "".join(f"\n{text}" for _, text in dialog.form.lines(dialog.answers, with_said=True))
    return tuple(said for said in dict.fromkeys(written) if f"\n{said}" not in answers)

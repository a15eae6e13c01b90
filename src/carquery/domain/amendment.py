"""What a customer changes of a lead that was sent, and how far that has come on its way into the CRM."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from carquery.domain.answers import Photos, Value
from carquery.domain.attachments import NOTHING_ATTACHED, Attachments
from carquery.domain.backoff import Backoff
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.ids import AmendmentId, DialogId, FileId, LeadId, Reference
from carquery.domain.lead import Lead, LeadStatus, in_no_answer
from carquery.domain.reason import Reason
from carquery.domain.reference import id_from
from carquery.domain.values import dataclass, replace

MOST_AMENDMENTS: Final = 30
"""Of one lead; who has more to say, says it to the manager."""

_NO_ANSWERS: Final[Mapping[str, Value]] = MappingProxyType({})


class AmendmentKind(StrEnum):
    """What a customer can do to a sent lead."""

    CORRECTION = "correction"
    CANCELLATION = "cancellation"


class AmendmentStatus(StrEnum):
    """`pending → delivered`, in the end `dead` (waits for a person); `included`: it went into the lead itself, of which
    nothing was in the CRM yet."""

    PENDING = "pending"
    INCLUDED = "included"
    DELIVERED = "delivered"
    DEAD = "dead"


class AmendmentEffect(StrEnum):
    """What an amendment needs in the CRM, in the order it is made."""

    CONTACT = "contact"
    DEAL = "deal"
    FILES = "files"
    NOTE = "note"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class AmendmentIntent:
    """A call for an amendment is about to be made, or was made and its answer is not known."""

    effect: AmendmentEffect
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One thing that a customer did to a sent lead.

    Attributes:
        before: the answers that it changes, as they were; one that was not given is not in it.
        after: the same as they are now; one that was taken away is not in it.
        added: photos that no step asks for and files that came with it.
        said: what the customer wrote with it that stands in no answer.
        is_folded: the lead that is stored says it already.
        intent: the call whose outcome is not recorded.
        left_out: what the CRM would not take, or where it stands instead.
        next_attempt_at: when its delivery may be tried, once its lead is delivered; `None`: it is over, or waits for a
            person.
    """

    id: AmendmentId
    lead: LeadId
    kind: AmendmentKind
    asked_at: datetime
    before: Mapping[str, Value] = field(default_factory=lambda: _NO_ANSWERS)
    after: Mapping[str, Value] = field(default_factory=lambda: _NO_ANSWERS)
    added: Attachments = NOTHING_ATTACHED
    said: tuple[str, ...] = ()
    is_folded: bool = False
    status: AmendmentStatus = AmendmentStatus.PENDING
    made: Mapping[AmendmentEffect, CrmId] = field(default_factory=dict)
    intent: AmendmentIntent | None = None
    left_out: tuple[Reason, ...] = ()
    attempts: int = 0
    next_attempt_at: datetime | None
    failure: Reason | None = None
    delivered_at: datetime | None = None

    @classmethod
    def of(cls, dialog: Dialog, lead: Lead, *, at: datetime) -> "Amendment":
        """The correction that a dialog at its summary makes of a lead, due at once. Raises ValueError: it stands
        elsewhere."""
        if not dialog.is_at_summary:
            raise ValueError(f"dialog {dialog.id} is not at its summary")
        changed = _changed(lead.answers, dialog.answers)
        return cls(
            id=AmendmentId(dialog.id),
            lead=lead.id,
            kind=AmendmentKind.CORRECTION,
            asked_at=at,
            before=_only(lead.answers, changed),
            after=_only(dialog.answers, changed),
            added=Attachments(
                tuple(photo for photo in dialog.attachments.photos if photo not in lead.attachments.photos),
                tuple(file for file in dialog.attachments.files if file not in lead.attachments.files),
            ),
            said=dialog.asides,
            next_attempt_at=at,
        )

    @classmethod
    def completing(cls, dialog: Dialog, lead: Lead, *, at: datetime, conversation: tuple[str, ...] = ()) -> "Amendment":
        """The customer has sent the dialog of which the lead was made before; however often, it is one amendment."""
        written = in_no_answer((*conversation, *dialog.asides), dialog)
        said = tuple(words for words in written if words not in lead.conversation)
        return replace(cls.of(replace(dialog, id=DialogId(_completion_of(lead.id))), lead, at=at), said=said)

    @classmethod
    def cancelling(cls, lead: Lead, *, at: datetime) -> "Amendment":
        """The lead is not wanted any more."""
        return cls(
            id=AmendmentId(lead.id), lead=lead.id, kind=AmendmentKind.CANCELLATION, asked_at=at, next_attempt_at=at
        )

    @property
    def is_cancellation(self) -> bool:
        return self.kind is AmendmentKind.CANCELLATION

    @property
    def is_completion(self) -> bool:
        return self.id == _completion_of(self.lead)

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to be told of it."""
        is_news = self.is_cancellation or self.is_completion
        return is_news or self.before != self.after or self.added != NOTHING_ATTACHED or self.said != ()

    @property
    def new_photos(self) -> tuple[FileId, ...]:
        """Photos that the lead did not have."""
        photos = [photo for value in self.after.values() if isinstance(value, Photos) for photo in value.files]
        known = {photo for value in self.before.values() if isinstance(value, Photos) for photo in value.files}
        return (*(photo for photo in photos if photo not in known), *self.added.photos)

    @property
    def effects(self) -> tuple[AmendmentEffect, ...]:
        """What it needs, in the order it is made."""
        if self.is_cancellation:
            return AmendmentEffect.NOTE, AmendmentEffect.TASK
        of_contact = {step for step, value in self.after.items() if isinstance(value, PersonName | Phone)}
        needed = {
            AmendmentEffect.CONTACT: bool(of_contact),
            AmendmentEffect.DEAL: bool((self.before.keys() | self.after.keys()) - of_contact),
            AmendmentEffect.FILES: bool(self.new_photos or self.added.files),
            AmendmentEffect.NOTE: True,
        }
        return tuple(effect for effect, is_needed in needed.items() if is_needed)

    @property
    def next_effect(self) -> AmendmentEffect | None:
        """What is to be made next; `None`: all is there."""
        return next((effect for effect in self.effects if effect not in self.made), None)

    def beside(self, lead: Lead) -> "Amendment":
        """The same, where nothing need be made of it: a deal that its lead has joined is another request's, and goes on
        saying what that one says."""
        spared = {} if lead.joined_to is None else {AmendmentEffect.DEAL: NOTHING_TO_MAKE}
        return replace(self, made=MappingProxyType({**spared, **self.made}))

    def against(self, lead: Lead) -> "Amendment":
        """The same, of the lead as it stands now: another amendment may have come between."""
        steps = self.before.keys() | self.after.keys()
        changed = [step for step in steps if lead.answers.get(step) != self.after.get(step)]
        return replace(self, before=_only(lead.answers, changed), after=_only(self.after, changed))

    def mark(self, reference: Reference) -> str:
        """By it, what was made of this amendment is known again in the CRM."""
        return f"{reference}-{self.id[-5:]}"

    # On its way

    def folded(self) -> "Amendment":
        """The stored lead says it."""
        return replace(self, is_folded=True)

    def included(self) -> "Amendment":
        """It went into the lead before anything of that was made."""
        return replace(self.folded(), status=AmendmentStatus.INCLUDED, next_attempt_at=None)

    def intends(self, effect: AmendmentEffect, *, at: datetime) -> "Amendment":
        """To be stored before the CRM is called."""
        return replace(self, intent=AmendmentIntent(effect, at))

    def called_off(self) -> "Amendment":
        """It is certain that the call had no effect."""
        return replace(self, intent=None)

    def with_made(self, effect: AmendmentEffect, crm_id: CrmId, *, left_out: tuple[Reason, ...] = ()) -> "Amendment":
        """The effect is in the CRM."""
        made = MappingProxyType({**self.made, effect: crm_id})
        return replace(self, made=made, intent=None, left_out=(*self.left_out, *left_out))

    def delivered(self, *, at: datetime) -> "Amendment":
        """All of it is in the CRM."""
        status = AmendmentStatus.DELIVERED
        return replace(self, status=status, delivered_at=at, next_attempt_at=None, failure=None)

    def postponed(self, *, until: datetime) -> "Amendment":
        """The CRM can't be asked now: no attempt is counted."""
        return replace(self, next_attempt_at=until)

    def failed(self, failure: Reason, *, at: datetime, backoff: Backoff, chance: float) -> "Amendment":
        """One more attempt went wrong: it is tried again after a wait, or is dead after the last."""
        attempts = self.attempts + 1
        if attempts >= backoff.most_attempts:
            return replace(self, attempts=attempts).given_up(failure)
        wait = backoff.wait(attempts, chance=chance)
        return replace(self, attempts=attempts, failure=failure, next_attempt_at=at + wait)

    def doubted(self, *, not_before: datetime) -> "Amendment":
        """Its last call may yet land: not to be tried before nobody can doubt any more."""
        due_at = None if self.next_attempt_at is None else max(self.next_attempt_at, not_before)
        return replace(self, next_attempt_at=due_at)

    def given_up(self, failure: Reason) -> "Amendment":
        """It is tried no more before a person has looked at it."""
        return replace(self, status=AmendmentStatus.DEAD, failure=failure, next_attempt_at=None)

    def put_back(self, *, at: datetime) -> "Amendment":
        """A dead one is tried again, with all its attempts."""
        return replace(self, status=AmendmentStatus.PENDING, attempts=0, next_attempt_at=at, failure=None)


def is_begun(lead: Lead) -> bool:
    """Whether anything of it stands in the CRM, or may."""
    return lead.intent is not None or any(made != NOTHING_TO_MAKE for made in lead.made.values())


def amended(lead: Lead, amendment: Amendment) -> Lead:
    """The lead as the customer wants it, who has said something of it by now; what delivery has recorded of it stays.

    Of a cancelled lead that nobody has begun to deliver, the task to call is not made: the cancellation has its own.
    """
    if amendment.is_cancellation:
        may_still_call = lead.status is not LeadStatus.DELIVERED and not is_begun(lead)
        return replace(lead, made={**lead.made, Effect.TASK: NOTHING_TO_MAKE}) if may_still_call else lead
    kept = {step: value for step, value in lead.answers.items() if step not in amendment.before}
    attached = lead.attachments
    return replace(
        lead,
        answers=MappingProxyType({**kept, **amendment.after}),
        attachments=Attachments((*attached.photos, *amendment.added.photos), (*attached.files, *amendment.added.files)),
        conversation=(*lead.conversation, *amendment.said),
        is_unfinished=False,
    )


def before_and_after(lead: Lead, amendment: Amendment) -> tuple[Lead, Lead]:
    """The lead without and with this amendment alone, whatever else was changed of it."""
    steps = amendment.before.keys() | amendment.after.keys()
    others = {step: value for step, value in lead.answers.items() if step not in steps}
    return (
        replace(lead, answers=MappingProxyType({**others, **amendment.before})),
        replace(lead, answers=MappingProxyType({**others, **amendment.after})),
    )


def as_the_customer_sees(lead: Lead, amendments: Sequence[Amendment]) -> Lead:
    """The lead with everything that was asked for, whether it says it already or not."""
    for amendment in amendments:
        if not amendment.is_folded and not amendment.is_cancellation:
            lead = amended(lead, amendment)
    return lead


def cancelled_at(amendments: Sequence[Amendment]) -> datetime | None:
    """When the customer cancelled it; `None`: they did not."""
    return next((amendment.asked_at for amendment in amendments if amendment.is_cancellation), None)


def lines_changed(lead: Lead, amendment: Amendment) -> tuple[tuple[str, str, str], ...]:
    """Title, old and new text of what it changes; an empty text: there was nothing, or there is nothing any more."""
    form = FORMS[lead.service]
    was, now = dict(form.lines(amendment.before, with_said=True)), dict(form.lines(amendment.after, with_said=True))
    titles = dict.fromkeys((*was, *now))
    return tuple(
        (title, was.get(title, ""), now.get(title, "")) for title in titles if was.get(title) != now.get(title)
    )


def _completion_of(lead: LeadId) -> str:
    return id_from(f"completed {lead}")


def _changed(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[str]:
    """The steps whose answers differ, in the order of the answers."""
    steps = dict.fromkeys((*before, *after))
    return [step for step in steps if before.get(step) != after.get(step)]


def _only(answers: Mapping[str, Value], steps: Sequence[str]) -> Mapping[str, Value]:
    return MappingProxyType({step: answers[step] for step in steps if step in answers})

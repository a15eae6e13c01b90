"""Everything that is open between one customer and the bot, as one value.

It lives for `DIALOG_TTL` after the customer's last touch. It holds the dialog, what was written outside any dialog, and
enough of the past to take each input exactly once and not too many of them.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum, auto
from typing import NewType

from carquery.domain.answers import Value
from carquery.domain.attachments import NOTHING_ATTACHED, Attachments
from carquery.domain.consent import Consent
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, InputId, MessageId, MessageToken, Reference, Source
from carquery.domain.progress import Progress
from carquery.domain.typed_text import clean
from carquery.domain.values import dataclass, replace

Version = NewType("Version", int)
"""Counts a visit's saves; 0: never saved."""

INPUTS_REMEMBERED = 32
"""The messenger repeats what it handed out and we had not confirmed: an album is 10, seldom more of one customer."""

BURST = 200
REGAINED_PER_SECOND = 10
"""A customer who waits for each answer never meets these limits, a script that doesn't wait does within a second."""

PAID_BURST = 12
PAID_REGAINED_PER_SECOND = 1 / 60
"""Free messages of one customer that a paid classifier reads; beyond them the built-in one does. By the time a visit
is forgotten, so that it would begin again, its allowance is nearly whole again."""

MESSAGES_BEFORE_PERSON = 3
"""So many free messages that lead nowhere, and a person is offered."""

REFUSALS_BEFORE_PERSON = 3
"""So many answers in a row that a step can't take, and a person is offered."""

SENTENCES_IN_CONTEXT = 3
"""The message, and two before it."""
SENTENCES_KEPT = 10
CONVERSATION_LENGTH = 5000
"""Characters. A message of either messenger is shorter."""


class Admission(Enum):
    """What to do with an input that arrived."""

    TAKEN = auto()
    REPEATED = auto()
    """It was taken before; show where things stand, change nothing."""
    TOO_MANY = auto()
    """One too many: say so, once."""
    IGNORED = auto()
    """Said so already."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A bucket of inputs that refills with time."""

    left: float
    at: datetime
    warned: bool = False

    def spend(
        self, now: datetime, *, most: float = float(BURST), per_second: float = REGAINED_PER_SECOND
    ) -> "Allowance":
        """What is left after one more input; below zero: it was one too many."""
        waited = max((now - self.at).total_seconds(), 0.0)
        left = min(self.left + waited * per_second, most)
        return Allowance(max(left - 1, -1.0), now, warned=self.warned and left < 1)


@dataclass(frozen=True, slots=True)
class Button:
    """What a dialog's button carries: which dialog it belongs to, and how that stood when the button was shown."""

    dialog: DialogId
    revision: Revision


@dataclass(frozen=True, slots=True)
class Offer:
    """A form offered after a free message, with what was stated already read by the form's own steps.

    Attributes:
        alternatives: other forms that it may be; then the customer is asked which.
    """

    message: MessageId
    service: Service
    suggestions: Mapping[str, Value]
    alternatives: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True)
class Owed:
    """A reply that was not shown yet.

    Attributes:
        since: when the input was taken that it answers.
        in_place: it is what becomes of the message whose button was pressed; else it is a new one.
        receipt_by: the version whose reply was the receipt, if that is this one or is still owed; None: no receipt is.
    """

    since: datetime
    in_place: bool = False
    receipt_by: Version | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """The open dialog was left before this visit began, and the customer has not said yet whether to go on with it.

    Attributes:
        is_asked: the question was put.
        said: what was written meanwhile, oldest first; the dialog has heard it, and a new beginning hears it again.
    """

    is_asked: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What we know of a customer from before: the last lead's name and phone, and consent."""

    name: PersonName | None = None
    phone: Phone | None = None
    consent: Consent | None = None


STRANGER = Acquaintance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One customer's open business.

    Attributes:
        profile_name: what the customer calls themselves in the messenger, if that can be a name.
        conversation: what was written outside any dialog for whoever reads the next lead, oldest first.
        unheeded: how many free messages led nowhere since a form was opened last.
        offer: the form offered after the last free message, until it is answered.
        paid: what is left of the free messages that a paid classifier may read; None: all.
        receipt: the lead sent last, until something else is begun.
        changed: the sent lead that was corrected or cancelled last, until something else is begun.
        sent: title and text of what that lead says, for its receipt.
        waiting: photos and files that came outside any dialog; the next one gets them.
        leads_to: where «да» leads, if the customer was asked whether to go there; empty: nothing was asked.
        refused: how many answers in a row were not taken.
        paused: the dialog waits for «Продолжить»; None: it goes on, or there is none.
        progress: how far the dialog has come; None: there is none, or nobody has followed it.
        taken: the last inputs taken, oldest first.
        shown: the message with the current screen, noted by the channel that shows it; None: unknown.
        owed: the reply to what was taken last, until the channel notes that it was shown.
    """

    customer: CustomerId
    known: Acquaintance
    allowance: Allowance
    profile_name: PersonName | None = None
    dialog: Dialog | None = None
    source: Source | None = None
    conversation: tuple[str, ...] = ()
    unheeded: int = 0
    offer: Offer | None = None
    paid: Allowance | None = None
    receipt: Reference | None = None
    changed: Reference | None = None
    sent: tuple[tuple[str, str], ...] = ()
    waiting: Attachments = NOTHING_ATTACHED
    leads_to: str = ""
    refused: int = 0
    paused: Paused | None = None
    progress: Progress | None = None
    taken: tuple[InputId, ...] = ()
    shown: MessageToken | None = None
    owed: Owed | None = None
    version: Version = Version(0)

    @classmethod
    def begin(cls, customer: CustomerId, known: Acquaintance, *, at: datetime) -> "Visit":
        """A visit that nothing has happened in yet."""
        return cls(customer=customer, known=known, allowance=Allowance(float(BURST), at))

    def arrive(self, given: InputId, *, at: datetime, along: tuple[InputId, ...] = ()) -> tuple["Visit", Admission]:
        """Let one input in, or say why not; the visit returned is the one to go on with.

        Args:
            along: the inputs that came as one with it, an album's other pictures; repeated is what holds nothing new.
        """
        new = tuple(one for one in (given, *along) if one not in self.taken)
        if not new:
            return self, Admission.REPEATED
        allowance = self.allowance.spend(at)
        visit = replace(self, allowance=allowance, taken=(*self.taken, *new)[-INPUTS_REMEMBERED:])
        if allowance.left >= 0:
            return visit, Admission.TAKEN
        if allowance.warned:
            return visit, Admission.IGNORED
        return replace(visit, allowance=replace(allowance, warned=True)), Admission.TOO_MANY

    def has_taken_last(self, given: InputId) -> bool:
        """Whether that input is the latest that was taken."""
        return self.taken[-1:] == (given,)

    def dialog_of(self, button: Button | None) -> Dialog | None:
        """The open dialog, if the button is one of its current question's; a typed answer (None) always is."""
        dialog = self.dialog
        if dialog is None or button is None or button == Button(dialog.id, dialog.revision):
            return dialog
        return None

    def with_dialog(self, dialog: Dialog | None) -> "Visit":
        """The same visit, with this dialog open, or none; what was offered before is past."""
        unheeded = self.unheeded if dialog is None else 0
        is_same = dialog is not None and self.dialog is not None and dialog.id == self.dialog.id
        return replace(
            self,
            dialog=dialog,
            unheeded=unheeded,
            offer=None,
            receipt=None,
            changed=None,
            sent=(),
            leads_to="",
            refused=0,
            paused=self.paused if is_same else None,
        )

    def with_left(self, dialog: Dialog) -> "Visit":
        """The same visit, with that dialog open, which was left before; whether to go on with it is to be asked."""
        return replace(self.with_dialog(dialog), paused=Paused())

    def asked_to_go_on(self) -> "Visit":
        """The customer was asked whether to go on with the dialog that was left."""
        return self if self.paused is None else replace(self, paused=replace(self.paused, is_asked=True), leads_to="")

    def says_meanwhile(self, text: str) -> "Visit":
        """Remember what was written while the dialog waits for «Продолжить», as far as `says` remembers."""
        if self.paused is None:
            return self
        said = replace(self, conversation=self.paused.said).says(text).conversation
        return replace(self, paused=replace(self.paused, said=said))

    def left_behind(self) -> "Visit":
        """The same visit, about to drop the dialog that was left: what was written before that goes with it, perhaps
        has gone out with it, as a request that was not finished; what was written since stays."""
        return self if self.paused is None else replace(self, conversation=self.paused.said)

    def gone_on(self) -> "Visit":
        """The dialog that was left goes on."""
        return replace(self, paused=None)

    def may_ask_paid(self, now: datetime) -> tuple["Visit", bool]:
        """Whether a paid classifier may read one more of this customer's messages; it counts as read."""
        allowance = (self.paid or Allowance(PAID_BURST, now)).spend(
            now, most=PAID_BURST, per_second=PAID_REGAINED_PER_SECOND
        )
        return replace(self, paid=allowance), allowance.left >= 0

    def is_asked(self, leads_to: str) -> "Visit":
        """The customer is asked whether to go there."""
        return self if leads_to == self.leads_to else replace(self, leads_to=leads_to)

    def offered(self, offer: Offer) -> "Visit":
        """That form is offered after a free message."""
        return replace(self, offer=offer)

    def unanswered(self) -> "Visit":
        """One more free message that led nowhere."""
        return replace(self, unheeded=self.unheeded + 1)

    @property
    def said_just_now(self) -> tuple[str, ...]:
        """The last of what was written outside any dialog: what is understood in one breath."""
        return self.conversation[-SENTENCES_IN_CONTEXT:]

    @property
    def should_offer_person(self) -> bool:
        """Whether so many messages led nowhere that a person should help."""
        return self.unheeded >= MESSAGES_BEFORE_PERSON

    def says(self, text: str) -> "Visit":
        """Remember what was written outside any dialog, if it says anything; the oldest is forgotten beyond ten, and
        where there is no room."""
        written = clean(text, multiline=True)[:CONVERSATION_LENGTH]
        if not written:
            return self
        kept = (*self.conversation, written)[-SENTENCES_KEPT:]
        while sum(map(len, kept)) > CONVERSATION_LENGTH:
            kept = kept[1:]
        return replace(self, conversation=kept)

    def saved(self) -> "Visit":
        """The same visit, one version on."""
        return replace(self, version=Version(self.version + 1))

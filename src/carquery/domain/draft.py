"""What is kept of a form that was left: enough to go on with it days later, on whatever form asks it then.

Before consent nothing personal is kept: of a form whose consent is still due, only the answers that ask for nothing
personal, and of those in free words the ones in which nothing personal is found.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from carquery.domain.answers import Value
from carquery.domain.attachments import NOTHING_ATTACHED
from carquery.domain.consent import ConsentTerms
from carquery.domain.contact import Handle, Phone
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.forms.form import Form
from carquery.domain.ids import CustomerId
from carquery.domain.masking import legible
from carquery.domain.meaning import Meaning
from carquery.domain.personal.finding import find_personal
from carquery.domain.values import dataclass, replace
from carquery.domain.visit import Visit
from carquery.domain.words import Words

KEPT_FOR: Final = timedelta(days=7)
"""Since the customer's last touch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that is not sent.

    Attributes:
        dialog: as it stood, without what only matters while it is open.
        touched_at: when the customer did something last.
        is_permitted: what is personal may be kept: there is consent, or none is asked for.
        conversation: what was written outside any form, if that may be kept: the lead carries it.
        handle: by which people find the customer in the messenger, if that may be kept.
    """

    customer: CustomerId
    dialog: Dialog
    touched_at: datetime
    is_permitted: bool
    conversation: tuple[str, ...] = ()
    handle: Handle | None = None

    @classmethod
    def of(cls, visit: Visit, *, at: datetime, handle: Handle | None = None) -> "Draft | None":
        """What is worth keeping of a visit; `None`: nothing was given yet, or it was sent before and is corrected."""
        dialog = visit.dialog
        if dialog is None or dialog.amends is not None:
            return None
        is_permitted = dialog.terms is None
        kept = _without_passing(dialog if is_permitted else _without_personal(dialog))
        if not _says_anything(kept):
            return None
        return cls(
            customer=visit.customer,
            dialog=kept,
            touched_at=at,
            is_permitted=is_permitted,
            conversation=visit.conversation if is_permitted else (),
            handle=handle if is_permitted else None,
        )

    @property
    def can_be_called_back(self) -> bool:
        """Whether a manager could act on it: the number is there, and may be used."""
        return self.is_permitted and isinstance(self.dialog.said(Meaning.PHONE), Phone)


def take_up(left: Dialog, form: Form, *, known: Mapping[str, Value], terms: ConsentTerms | None) -> Dialog:
    """The dialog that was left, open again; buttons from before are stale.

    It stands where it stood, but for what must be asked first: a step that has come since, one whose answer was not
    kept, and the first personal one if there is no consent (any more).

    Args:
        form: as it is asked now.
        known: by step name; what need not be asked again.
        terms: what must be consented to; None: nothing.
    """
    opened = replace(
        left,
        suggestions=MappingProxyType({**known, **left.suggestions}),
        terms=terms,
        revision=Revision(left.revision + 1),
    ).asked_by(form)
    at = _place(opened)
    return opened if at == opened.at else replace(opened, at=at, readings=(), editing=False)


def _place(dialog: Dialog) -> str | None:
    places = {step.name: place for place, step in enumerate(dialog.form.steps)}
    stands = len(places) if dialog.at is None else places[dialog.at]
    for step in dialog.form.steps[:stands]:
        is_unasked = not step.optional and step.name not in dialog.answers
        if is_unasked or (step.personal and dialog.terms is not None):
            return step.name
    return dialog.at


def _without_passing(dialog: Dialog) -> Dialog:
    return replace(dialog, typing=False, terms=None, remark="", given_in=MappingProxyType({}))


def _without_personal(dialog: Dialog) -> Dialog:
    personal = {step.name for step in dialog.form.steps if step.personal}

    def kept(values: Mapping[str, Value]) -> Mapping[str, Value]:
        impersonal = {name: value for name, value in values.items() if name not in personal and _is_impersonal(value)}
        return MappingProxyType(impersonal)

    return replace(
        dialog,
        answers=kept(dialog.answers),
        suggestions=kept(dialog.suggestions),
        readings=() if any(not _is_impersonal(reading) for reading in dialog.readings) else dialog.readings,
        attachments=NOTHING_ATTACHED,
        asides=(),
    )


@lru_cache(maxsize=4_096)  # a car is looked at again with each answer after it
def _is_impersonal(value: Value) -> bool:
    return not isinstance(value, Words) or not any(find_personal(legible(words)) for words in (value.text, value.said))


def _says_anything(dialog: Dialog) -> bool:
    personal = {step.name for step in dialog.form.steps if step.personal}
    stated = dialog.suggestions.keys() - personal
    return bool(dialog.answers or stated or dialog.asides or dialog.attachments != NOTHING_ATTACHED)

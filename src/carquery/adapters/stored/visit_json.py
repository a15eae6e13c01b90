"""A visit as JSON: what Redis and the memory adapter keep.

Unknown keys are ignored and new ones have defaults, so that two versions of the program can run side by side; what the
version before does not know is written only where it says something.
"""

from datetime import date, datetime
from typing import Any, Final, TypeAlias

from msgspec import UNSET, MsgspecError, Struct, UnsetType
from msgspec.json import Decoder, Encoder

from carquery.adapters.stored.answer_json import (
    UnreadableJson,
    answer_from_json,
    answer_to_json,
    answers_from_json,
    answers_to_json,
)
from carquery.adapters.stored.before_channels import (
    customer_from_json,
    customer_to_json,
    input_to_json,
)
from carquery.domain.attachments import NOTHING_ATTACHED, Attachments, SentFile
from carquery.domain.consent import Consent, ConsentTerms
from carquery.domain.contact import PersonName, Phone
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId, FileId, InputId, MessageId, MessageToken, Reference, Source
from carquery.domain.progress import Progress
from carquery.domain.values import replace
from carquery.domain.visit import Acquaintance, Allowance, Offer, Owed, Paused, Version, Visit

_Answer: TypeAlias = dict[str, Any]
"""One key, its kind: `answer_json` knows them."""


class _Consent(Struct, frozen=True):
    given_at: str
    version: str
    fingerprint: str


class _Known(Struct, frozen=True):
    """`phone_extension`: beside the phone, for the first versions take a phone for its number alone."""

    name: str | None = None
    phone: str | None = None
    consent: _Consent | None = None
    phone_extension: str | UnsetType | None = UNSET


class _Allowance(Struct, frozen=True):
    left: float
    at: str
    warned: bool = False


class _File(Struct, frozen=True):
    id: str
    name: str
    content_type: str


class _Attachments(Struct, frozen=True):
    photos: tuple[str, ...] = ()
    files: tuple[_File, ...] = ()


class _Terms(Struct, frozen=True):
    version: str
    text: str
    policy_url: str


class _Offer(Struct, frozen=True):
    message: str
    service: Service
    suggestions: dict[str, _Answer]
    alternatives: tuple[Service, ...] | UnsetType = UNSET


class _Dialog(Struct, frozen=True, kw_only=True):
    id: str
    form: Service
    opened_on: str
    source: str | None = None
    answers: dict[str, _Answer] = {}
    suggestions: dict[str, _Answer] = {}
    attachments: _Attachments = _Attachments()
    asides: tuple[str, ...] = ()
    at: str | None
    typing: bool = False
    readings: tuple[_Answer, ...] = ()
    editing: bool = False
    terms: _Terms | None = None
    remark: str = ""
    ahead: tuple[str, ...] | UnsetType = UNSET
    given_in: dict[str, str] | UnsetType = UNSET
    amends: str | UnsetType = UNSET
    revision: int = 1


class _Paused(Struct, frozen=True):
    is_asked: bool = False
    said: tuple[str, ...] = ()


class _Progress(Struct, frozen=True):
    reached: int
    since: str | None = None


class _Visit(Struct, frozen=True, kw_only=True):
    """Everything but the version, where the visit is shown and what it owes, which stores keep beside it.

    `receipt_by`: of what it owes, while it does. (The version before could not read that beside the visit.)
    `amending`: the open dialog, if it corrects a sent lead: the version before, which would make a second lead of it,
    sees none.
    """

    customer: int | str
    known: _Known
    allowance: _Allowance
    profile_name: str | None = None
    dialog: _Dialog | None = None
    amending: _Dialog | UnsetType = UNSET
    source: str | None = None
    conversation: tuple[str, ...] = ()
    unheeded: int = 0
    offer: _Offer | None = None
    paid: _Allowance | None = None
    receipt: str | None = None
    changed: str | UnsetType = UNSET
    waiting: _Attachments = _Attachments()
    leads_to: str | UnsetType = UNSET
    refused: int | UnsetType = UNSET
    paused: _Paused | UnsetType = UNSET
    progress: _Progress | UnsetType = UNSET
    sent: tuple[tuple[str, str], ...] | UnsetType = UNSET
    receipt_by: int | UnsetType = UNSET
    taken: tuple[int | str, ...] = ()


_NONE_WRITTEN: Final = _Attachments()
_ENCODER: Final = Encoder()
_DECODER: Final = Decoder(_Visit)


def encode_visit(visit: Visit) -> bytes:
    """Everything but the version and where the visit is shown."""
    offer = visit.offer
    dialog = None if visit.dialog is None else _dialog_written(visit.dialog)
    amends = dialog is not None and dialog.amends is not UNSET
    return _ENCODER.encode(
        _Visit(
            customer=customer_to_json(visit.customer),
            known=_known_written(visit.known),
            allowance=_allowance_written(visit.allowance),
            profile_name=None if visit.profile_name is None else visit.profile_name.name,
            dialog=None if amends else dialog,
            amending=dialog if dialog is not None and amends else UNSET,
            source=visit.source,
            conversation=visit.conversation,
            unheeded=visit.unheeded,
            offer=None if offer is None else _offer_written(offer),
            paid=None if visit.paid is None else _allowance_written(visit.paid),
            receipt=visit.receipt,
            changed=visit.changed or UNSET,
            waiting=_attachments_written(visit.waiting),
            leads_to=visit.leads_to or UNSET,
            refused=visit.refused or UNSET,
            paused=UNSET if visit.paused is None else _Paused(visit.paused.is_asked, visit.paused.said),
            progress=UNSET if visit.progress is None else _progress_written(visit.progress),
            sent=visit.sent or UNSET,
            receipt_by=UNSET if visit.owed is None else visit.owed.receipt_by or UNSET,
            taken=tuple(map(input_to_json, visit.taken)),
        )
    )


def decode_visit(body: bytes | str, *, version: Version, shown: MessageToken | None, owed: Owed | None = None) -> Visit:
    """The visit that was stored. Raises UnreadableJson."""
    try:
        return _visit(_DECODER.decode(body), version, shown, owed)
    except (MsgspecError, KeyError, ValueError, RecursionError) as error:  # the last: absurdly deep
        raise UnreadableJson(f"a visit: {type(error).__name__}") from error


# To be written


def _known_written(known: Acquaintance) -> _Known:
    phone, consent = known.phone, known.consent
    return _Known(
        name=None if known.name is None else known.name.name,
        phone=None if phone is None else phone.e164,
        consent=None
        if consent is None
        else _Consent(consent.given_at.isoformat(), consent.version, consent.fingerprint),
        phone_extension=phone.extension if phone is not None and phone.extension else UNSET,
    )


def _allowance_written(allowance: Allowance) -> _Allowance:
    return _Allowance(allowance.left, allowance.at.isoformat(), allowance.warned)


def _attachments_written(attachments: Attachments) -> _Attachments:
    if attachments is NOTHING_ATTACHED:
        return _NONE_WRITTEN
    files = tuple(_File(file.id, file.name, file.content_type) for file in attachments.files)
    return _Attachments(attachments.photos, files)


def _progress_written(progress: Progress) -> _Progress:
    return _Progress(progress.reached, None if progress.since is None else progress.since.isoformat())


def _offer_written(offer: Offer) -> _Offer:
    return _Offer(offer.message, offer.service, answers_to_json(offer.suggestions), offer.alternatives or UNSET)


def _dialog_written(dialog: Dialog) -> _Dialog:
    terms = dialog.terms
    return _Dialog(
        id=dialog.id,
        form=dialog.form.service,
        opened_on=dialog.opened_on.isoformat(),
        source=dialog.source,
        answers=answers_to_json(dialog.answers),
        suggestions=answers_to_json(dialog.suggestions),
        attachments=_attachments_written(dialog.attachments),
        asides=dialog.asides,
        at=dialog.at,
        typing=dialog.typing,
        readings=tuple(map(answer_to_json, dialog.readings)),
        editing=dialog.editing,
        terms=None if terms is None else _Terms(terms.version, terms.text, terms.policy_url),
        remark=dialog.remark,
        ahead=dialog.ahead or UNSET,
        given_in=dict(dialog.given_in) or UNSET,
        amends=dialog.amends or UNSET,
        revision=dialog.revision,
    )


# Read


def _visit(stored: _Visit, version: Version, shown: MessageToken | None, owed: Owed | None) -> Visit:
    return Visit(
        customer=customer_from_json(stored.customer),
        known=_known(stored.known),
        allowance=_allowance(stored.allowance),
        profile_name=None if stored.profile_name is None else PersonName(stored.profile_name),
        dialog=None if (dialog := stored.amending or stored.dialog) is None else _dialog(dialog),
        source=_source(stored.source),
        conversation=stored.conversation,
        unheeded=stored.unheeded,
        offer=None if stored.offer is None else _offer(stored.offer),
        paid=None if stored.paid is None else _allowance(stored.paid),
        receipt=None if stored.receipt is None else Reference(stored.receipt),
        changed=Reference(stored.changed) if stored.changed else None,
        waiting=_attachments(stored.waiting),
        leads_to=stored.leads_to or "",
        refused=stored.refused or 0,
        paused=Paused(stored.paused.is_asked, stored.paused.said) if stored.paused else None,
        progress=_progress(stored.progress) if stored.progress else None,
        sent=stored.sent or (),
        taken=tuple(InputId(str(name)) for name in stored.taken),
        shown=shown,
        owed=replace(owed, receipt_by=Version(stored.receipt_by)) if owed and stored.receipt_by else owed,
        version=version,
    )


def _known(stored: _Known) -> Acquaintance:
    consent = stored.consent
    return Acquaintance(
        name=None if stored.name is None else PersonName(stored.name),
        phone=None if stored.phone is None else Phone(stored.phone, stored.phone_extension or ""),
        consent=None
        if consent is None
        else Consent(datetime.fromisoformat(consent.given_at), consent.version, consent.fingerprint),
    )


def _allowance(stored: _Allowance) -> Allowance:
    return Allowance(stored.left, datetime.fromisoformat(stored.at), stored.warned)


def _attachments(stored: _Attachments) -> Attachments:
    photos = tuple(map(FileId, stored.photos))
    return Attachments(photos, tuple(SentFile(FileId(file.id), file.name, file.content_type) for file in stored.files))


def _progress(stored: _Progress) -> Progress:
    return Progress(stored.reached, None if stored.since is None else datetime.fromisoformat(stored.since))


def _offer(stored: _Offer) -> Offer:
    return Offer(
        MessageId(stored.message), stored.service, answers_from_json(stored.suggestions), stored.alternatives or ()
    )


def _dialog(stored: _Dialog) -> Dialog:
    """Raises KeyError: it stands at a step that its form does not have."""
    form, terms = FORMS[stored.form], stored.terms
    if stored.at is not None:
        form.step(stored.at)
    return Dialog(
        id=DialogId(stored.id),
        form=form,
        opened_on=date.fromisoformat(stored.opened_on),
        source=_source(stored.source),
        answers=answers_from_json(stored.answers),
        suggestions=answers_from_json(stored.suggestions),
        attachments=_attachments(stored.attachments),
        asides=stored.asides,
        at=stored.at,
        typing=stored.typing,
        readings=tuple(map(answer_from_json, stored.readings)),
        editing=stored.editing,
        terms=None if terms is None else ConsentTerms(terms.version, terms.text, terms.policy_url),
        remark=stored.remark,
        ahead=stored.ahead or (),
        given_in={step: MessageToken(message) for step, message in (stored.given_in or {}).items()},
        amends=Reference(stored.amends) if stored.amends else None,
        revision=Revision(stored.revision),
    )


def _source(stored: str | None) -> Source | None:
    return None if stored is None else Source(stored)

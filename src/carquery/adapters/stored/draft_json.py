"""A form that was left, as JSON: what SQL and the memory adapter keep for days, while programs and forms change.

What can't be read any more of it is left out: a step that its form does not have, an answer of a kind that this version
does not know. The rest stays.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from carquery.adapters.stored.answer_json import (
    Json,
    UnreadableJson,
    answer_from_json,
    answer_to_json,
    answers_from_json,
    answers_to_json,
    attachments_from_json,
    attachments_to_json,
)
from carquery.domain.answers import Value
from carquery.domain.contact import Handle
from carquery.domain.dialog import Dialog, Revision
from carquery.domain.draft import Draft
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import CustomerId, DialogId, Source


def draft_to_json(draft: Draft) -> Json:
    """All but whose it is, its dialog's id, revision and form, and when it was touched, which stores keep beside it."""
    dialog = draft.dialog
    return {
        "is_permitted": draft.is_permitted,
        "conversation": list(draft.conversation),
        "handle": None if draft.handle is None else draft.handle.shown,
        "opened_on": dialog.opened_on.isoformat(),
        "source": dialog.source,
        "answers": answers_to_json(dialog.answers),
        "suggestions": answers_to_json(dialog.suggestions),
        "attachments": attachments_to_json(dialog.attachments),
        "asides": list(dialog.asides),
        "at": dialog.at,
        "readings": [answer_to_json(reading) for reading in dialog.readings],
        "editing": dialog.editing,
        "ahead": list(dialog.ahead),
    }


def draft_from_json(
    body: object, *, customer: CustomerId, dialog_id: DialogId, service: str, revision: int, touched_at: datetime
) -> Draft:
    """The form that was left, as far as it is one of this version. Raises UnreadableJson: it is none."""
    if not isinstance(body, dict) or service not in list(Service):
        raise UnreadableJson("a draft")
    try:
        return Draft(
            customer=customer,
            dialog=_dialog(body, dialog_id, Service(service), Revision(revision)),
            touched_at=touched_at,
            is_permitted=bool(body["is_permitted"]),
            conversation=tuple(map(str, body["conversation"])),
            handle=None if body.get("handle") is None else Handle.read(body["handle"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableJson(f"a draft: {type(error).__name__}") from error


def _dialog(body: Json, dialog_id: DialogId, service: Service, revision: Revision) -> Dialog:
    form = FORMS[service]
    steps = {step.name for step in form.steps}
    at = body["at"] if body["at"] in steps else None
    return Dialog(
        id=dialog_id,
        form=form,
        opened_on=date.fromisoformat(body["opened_on"]),
        source=None if body["source"] is None else Source(body["source"]),
        answers=_known(body["answers"], steps),
        suggestions=_known(body["suggestions"], steps),
        attachments=attachments_from_json(body["attachments"]),
        asides=tuple(map(str, body["asides"])),
        at=at,
        readings=() if at is None else _readable(body["readings"]),
        editing=at is not None and bool(body["editing"]),
        ahead=tuple(name for name in body["ahead"] if name in steps),
        revision=revision,
    )


def _known(body: object, steps: Iterable[str]) -> Mapping[str, Value]:
    """The answers to those steps, with what stands beside each (`answers_to_json`)."""
    if not isinstance(body, dict):
        raise UnreadableJson("answers")
    answers: dict[str, Value] = {}
    for step in steps:
        its_own = {name: value for name, value in body.items() if name == step or name.startswith(f"{step}.")}
        try:
            answers.update(answers_from_json(its_own))
        except UnreadableJson:
            continue
    return MappingProxyType(answers)


def _readable(body: Iterable[object]) -> tuple[Value, ...]:
    try:
        return tuple(map(answer_from_json, body))
    except UnreadableJson:
        return ()

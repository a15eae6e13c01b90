"""What we ask amoCRM to make, item by item, and what of it may be left out when amoCRM will not take it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from carquery.adapters.amocrm.config import FIELD_TITLES, AmoCrmConfig, FieldName
from carquery.adapters.amocrm.problems import ItemError, about
from carquery.adapters.amocrm.reasons import AMOCRM, AmoReason
from carquery.application.leads import crm_texts
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.lead import Effect, Lead
from carquery.domain.meaning import Meaning
from carquery.domain.reason import Reason
from carquery.domain.vin import Vin

LONGEST_TEXT: Final = 256
"""Characters in a text field. Source: a longer one is a validation error (amocrm-api-php, issues 224 and 400)."""

_FIELD_PATH: Final = re.compile(r"(?:^|\.)custom_fields_values\.(\d+)(?:\.|$)")

_CONTACT: Final = re.compile(r"\bcontacts?\b|контакт", re.IGNORECASE)
_PIPELINE: Final = re.compile(r"\bpipeline(?:_id)?\b|воронк", re.IGNORECASE)
_STAGE: Final = re.compile(r"\bstatus(?:_id)?\b|этап|статус", re.IGNORECASE)

_SETTINGS: Final[Mapping[str, AmoReason]] = {
    "pipeline_id": AmoReason.PLACE_OF_PIPELINE,
    "status_id": AmoReason.PLACE_OF_STAGE,
    "responsible_user_id": AmoReason.PLACE_OF_USER,
}


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A custom field to fill. `title`: which it is; None if the item is worth nothing without it."""

    body: Mapping[str, Any]
    title: Reason | None


@dataclass(frozen=True, slots=True)
class Draft:
    """One item of a request.

    Attributes:
        lead: whom it is for; its id is the item's name in answers.
        needed: what the item must have.
        stage: in which pipeline and stage it begins; without, in the first stage of the main pipeline.
        responsible: the user's number; amoCRM refuses users who have left.
    """

    lead: Lead
    needed: Mapping[str, Any]
    fields: tuple[FieldValue, ...] = ()
    tags: tuple[str, ...] = ()
    stage: Mapping[str, int] = field(default_factory=dict)
    responsible: int | None = None
    left_out: tuple[Reason, ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """As amoCRM wants it; `request_id` comes back in the answer."""
        body = {**self.needed, **self.stage, "request_id": self.lead.id}
        if self.responsible is not None:
            body["responsible_user_id"] = self.responsible
        if self.fields:
            body["custom_fields_values"] = [field.body for field in self.fields]
        if self.tags:
            embedded = self.needed.get("_embedded", {})
            body["_embedded"] = {**embedded, "tags": [{"name": tag} for tag in self.tags]}
        return body

    def explained(self, errors: Iterable[ItemError]) -> tuple[Reason, ...]:
        """What is wrong with it, at places that an operator finds in the settings."""
        return tuple(about(error, self._named(error.path)) for error in errors)

    def gone(self, errors: Iterable[ItemError]) -> Effect | None:
        """What it was to hang on and does not stand in amoCRM any more; None: that is not what it says."""
        hangs_on_contact = "contacts" in self.needed.get("_embedded", {})
        is_gone = any(_CONTACT.search(error.path or error.detail) for error in errors)
        return Effect.CONTACT if hangs_on_contact and is_gone else None

    def _named(self, path: str) -> Reason:
        place = _FIELD_PATH.search(path)
        if place and int(place[1]) < len(self.fields) and (title := self.fields[int(place[1])].title):
            return title
        place_of = next((named for ending, named in _SETTINGS.items() if path.endswith(ending)), AmoReason.PLACE)
        return place_of(path=path)

    def without(self, errors: Iterable[ItemError]) -> "Draft | None":
        """The same without what amoCRM refuses; `None` if it refuses something that the item can't do without."""
        mended = self
        for error in sorted(errors, key=lambda error: not _is_about(error, _PIPELINE)):  # with it, the stage goes too
            place = _FIELD_PATH.search(error.path)
            if place and int(place[1]) < len(self.fields):
                less = mended._without_field(self.fields[int(place[1])], error)
            else:
                less = mended._without_setting(error)
            if less is None:
                return None
            mended = less
        return None if mended == self else mended

    def _without_field(self, refused: FieldValue, error: ItemError) -> "Draft | None":
        if refused.title is None:
            return None
        kept = tuple(value for value in self.fields if value is not refused)
        return self._with_left_out(refused.title, error, fields=kept)

    def _without_setting(self, error: ItemError) -> "Draft | None":
        """As it is if that was left out already, for another error."""
        if "responsible_user_id" in error.path:
            user = AmoReason.RESPONSIBLE(number=self.responsible)
            return self if self.responsible is None else self._with_left_out(user, error, responsible=None)
        if "tags" in error.path:
            tags = AmoReason.TAGS(tags=", ".join(self.tags))
            return self if not self.tags else self._with_left_out(tags, error, tags=())
        if _is_about(error, _PIPELINE):
            return self if not self.stage else self._with_left_out(_place(self.stage), error, stage={})
        if _is_about(error, _STAGE):
            pipeline = {name: number for name, number in self.stage.items() if name == "pipeline_id"}
            if self.stage == pipeline:
                return self
            return self._with_left_out(AmoReason.STAGE(stage=self.stage["status_id"]), error, stage=pipeline)
        return None

    def _with_left_out(self, what: Reason, error: ItemError, **changes: Any) -> "Draft":  # noqa: ANN401 - as `replace`
        return replace(self, left_out=(*self.left_out, about(error, what)), **changes)


def _is_about(error: ItemError, what: re.Pattern[str]) -> bool:
    """By the place that it names; what names none says it in words."""
    return what.search(error.path or error.detail) is not None


def _place(stage: Mapping[str, int]) -> Reason:
    match stage:
        case {"pipeline_id": pipeline, "status_id": status}:
            return AmoReason.PIPELINE_AND_STAGE(pipeline=pipeline, stage=status)
        case {"pipeline_id": pipeline}:
            return AmoReason.PIPELINE(pipeline=pipeline)
        case _:
            return AmoReason.STAGE(stage=stage["status_id"])


def contact_draft(lead: Lead, config: AmoCrmConfig) -> Draft:
    """A new contact."""
    fields = []
    if lead.phone is not None:
        phone = {"field_code": "PHONE", "values": [{"value": lead.phone.e164, "enum_code": "MOB"}]}
        fields.append(FieldValue(phone, title=None))
    return Draft(
        lead,
        {"name": "" if lead.name is None else lead.name.name},
        (*fields, *telegram_field(lead, config)),
        responsible=config.responsible_user_id,
    )


def telegram_field(lead: Lead, config: AmoCrmConfig) -> tuple[FieldValue, ...]:
    """The contact's handle in Telegram, if the account has a field for it."""
    handle = lead.handle
    is_there = handle is not None and handle.messenger == FIELD_TITLES[FieldName.TELEGRAM]
    return _filled(FieldName.TELEGRAM, handle.name if handle is not None and is_there else None, config)


def lead_draft(lead: Lead, config: AmoCrmConfig) -> Draft:
    """The deal, linked with its contact."""
    stage = {"pipeline_id": config.pipeline_id, "status_id": config.status_id}
    needed: dict[str, Any] = {
        "name": crm_texts.title(lead),
        **({} if lead.price is None else {"price": lead.price.amount}),
        "_embedded": {"contacts": [{"id": lead.made[Effect.CONTACT], "is_main": True}]},
    }
    return Draft(
        lead,
        needed,
        _lead_fields(lead, config),
        tags=(*config.tags, lead.title),
        stage={name: number for name, number in stage.items() if number is not None},
        responsible=config.responsible_user_id,
    )


def note_draft(lead: Lead) -> Draft:
    """The note with all answers."""
    text = {"text": crm_texts.note(lead, AMOCRM)}
    return Draft(lead, {"entity_id": lead.made[Effect.LEAD], "note_type": "common", "params": text})


def task_draft(lead: Lead, config: AmoCrmConfig, *, due_at: int) -> Draft:
    """The manager's task. `due_at`: Unix seconds."""
    needed = {
        "entity_id": lead.made[Effect.LEAD],
        "entity_type": "leads",
        "text": crm_texts.task(lead),
        "complete_till": due_at,
        "task_type_id": config.task_type_id,
    }
    return Draft(lead, needed, responsible=config.responsible_user_id)


def _lead_fields(lead: Lead, config: AmoCrmConfig) -> tuple[FieldValue, ...]:
    car, year = lead.said(Meaning.CAR), lead.said(Meaning.YEAR)
    mileage, vin = lead.said(Meaning.MILEAGE), lead.said(Meaning.VIN)
    values: Sequence[tuple[FieldName, str | int | None]] = (
        (FieldName.SERVICE, lead.title),
        (FieldName.BRAND, None if car is None else car.shown),
        (FieldName.YEAR, year.year if isinstance(year, ModelYear) else None),
        (FieldName.MILEAGE, mileage.distance if isinstance(mileage, Kilometers) else None),
        (FieldName.PRICE, None if lead.price is None else lead.price.amount),
        (FieldName.VIN, vin.number if isinstance(vin, Vin) else None),
        (FieldName.SOURCE, lead.source),
        (FieldName.REFERENCE, lead.reference),
    )
    return tuple(field for name, value in values for field in _filled(name, value, config))


def _filled(name: FieldName, value: str | int | None, config: AmoCrmConfig) -> tuple[FieldValue, ...]:
    field_id = config.fields.get(name)
    if field_id is None or value is None:
        return ()
    written = value[:LONGEST_TEXT] if isinstance(value, str) else value
    title = AmoReason.FIELD(AmoReason[f"FIELD_{name}"](), number=field_id)
    return (FieldValue({"field_id": field_id, "values": [{"value": written}]}, title),)

"""What we ask amoCRM to make, item by item, and what of it may be left out when amoCRM will not take it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from carquery.adapters.amocrm.config import FIELD_TITLES, AmoCrmConfig, FieldName
from carquery.adapters.amocrm.problems import ItemError, about
from carquery.adapters.amocrm.reasons import AMOCRM, AmoReason
from carquery.application.leads import crm_texts
from carquery.application.ports.chat_links import ChatLinks
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.dealership.routing import Route
from carquery.domain.effects import Effect
from carquery.domain.ids import CrmUserId
from carquery.domain.lead import Lead
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
        responsible: users' numbers, the first of whom amoCRM takes; it refuses users who have left.
    """

    lead: Lead
    needed: Mapping[str, Any]
    fields: tuple[FieldValue, ...] = ()
    tags: tuple[str, ...] = ()
    stage: Mapping[str, int] = field(default_factory=dict)
    responsible: tuple[int, ...] = ()
    left_out: tuple[Reason, ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """As amoCRM wants it; `request_id` comes back in the answer."""
        body = {**self.needed, **self.stage, "request_id": self.lead.id}
        if self.responsible:
            body["responsible_user_id"] = self.responsible[0]
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
            if not self.responsible:
                return self
            user, *others = self.responsible
            return self._with_left_out(AmoReason.RESPONSIBLE(number=user), error, responsible=tuple(others))
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


def contact_draft(lead: Lead, config: AmoCrmConfig, left: Collection[CrmUserId]) -> Draft:
    """A new contact. `left`: users who are known to be responsible for nothing any more."""
    fields = []
    if lead.phone is not None:
        phone = {"field_code": "PHONE", "values": [{"value": lead.phone.e164, "enum_code": "MOB"}]}
        fields.append(FieldValue(phone, title=None))
    return Draft(
        lead,
        {"name": "" if lead.name is None else lead.name.name},
        (*fields, *telegram_field(lead, config)),
        responsible=_responsible(lead, config, left),
    )


def telegram_field(lead: Lead, config: AmoCrmConfig) -> tuple[FieldValue, ...]:
    """The contact's handle in Telegram, if the account has a field for it."""
    handle = lead.handle
    is_there = handle is not None and handle.messenger == FIELD_TITLES[FieldName.TELEGRAM]
    return _filled(FieldName.TELEGRAM, handle.name if handle is not None and is_there else None, config)


def lead_draft(lead: Lead, config: AmoCrmConfig, left: Collection[CrmUserId]) -> Draft:
    """The deal, linked with its contact; if it is another one's turn because somebody has left, people learn of it."""
    gone = (AmoReason.HAS_LEFT(number=lead.responsible),) if lead.responsible in left else ()
    needed: dict[str, Any] = {
        "name": crm_texts.title(lead),
        **({} if lead.price is None else {"price": lead.price.amount}),
        "_embedded": {"contacts": [{"id": lead.made[Effect.CONTACT], "is_main": True}]},
    }
    return Draft(
        lead,
        needed,
        _lead_fields(lead, config),
        tags=tuple(dict.fromkeys((*config.tags, *crm_texts.tags(lead)))),
        stage=_stage(lead.route, config),
        responsible=_responsible(lead, config, left),
        left_out=gone,
    )


def _stage(route: Route, config: AmoCrmConfig) -> Mapping[str, int]:
    """Where the route says, else the settings; who says another pipeline means a stage of that one."""
    pipeline, status = route.pipeline, route.status
    if pipeline is None:
        stage = {"pipeline_id": config.pipeline_id, "status_id": config.status_id if status is None else status}
    else:
        stage = {"pipeline_id": pipeline, "status_id": status}
    return {name: number for name, number in stage.items() if number is not None}


def _responsible(lead: Lead, config: AmoCrmConfig, left: Collection[CrmUserId]) -> tuple[int, ...]:
    """Whose turn it was, those after them, and whom the settings name."""
    people = [person for person in lead.people if person not in left]
    usual = () if config.responsible_user_id is None else (config.responsible_user_id,)
    return tuple(dict.fromkeys((*people, *usual)))


def note_draft(lead: Lead, chats: ChatLinks) -> Draft:
    """The note with all answers."""
    text = {"text": crm_texts.note(lead, AMOCRM, chats)}
    return Draft(lead, {"entity_id": lead.made[Effect.LEAD], "note_type": "common", "params": text})


def task_draft(lead: Lead, config: AmoCrmConfig, left: Collection[CrmUserId], *, due_at: int) -> Draft:
    """The manager's task. `due_at`: Unix seconds."""
    needed = {
        "entity_id": lead.made[Effect.LEAD],
        "entity_type": "leads",
        "text": crm_texts.task(lead),
        "complete_till": due_at,
        "task_type_id": config.task_type_id,
    }
    return Draft(lead, needed, responsible=_responsible(lead, config, left))


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

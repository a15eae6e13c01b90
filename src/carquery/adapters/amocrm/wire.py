"""amoCRM's answers, as far as we read them. Unknown fields are ignored: amoCRM adds some now and then.

A field without a default is what a row is needed for; a row that lacks it is passed over.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import structlog

from carquery.adapters.amocrm import lenient
from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.domain.effects import CrmId
from carquery.domain.ids import Reference

T = TypeVar("T")

REFERENCES: Final = re.compile(r"\bCQ-[0-9A-Z]{6}\b")

log = structlog.get_logger(__name__)


class UnreadableAnswer(Exception):
    """amoCRM answered something else than its documentation says."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of a list. `length`: how many the page had, with those that could not be read."""

    rows: tuple[T, ...] = ()
    length: int = 0


def read_as(kind: type[T], body: object) -> T:
    """Read a whole answer. Raises UnreadableAnswer."""
    try:
        return lenient.read(kind, body)
    except lenient.Odd as odd:
        raise UnreadableAnswer(f"no {kind.__name__} ({odd})") from odd


def page_as(kind: type[T], body: object, embedded: str) -> Page[T]:
    """Read `_embedded.<embedded>` of a list; None (HTTP 204) is an empty one.

    A row that can't be read costs only itself.

    Raises:
        UnreadableAnswer: it is no list at all.
    """
    if body is None:
        return Page()
    said = _embedded(body, embedded)
    rows = []
    for row in said:
        try:
            rows.append(lenient.read(kind, row))
        except lenient.Odd:
            continue
    if len(rows) < len(said):
        log.warning("rows_passed_over", rows=embedded, unreadable=len(said) - len(rows), of=len(said))
    return Page(tuple(rows), len(said))


def rows_as(kind: type[T], body: object, embedded: str) -> tuple[T, ...]:
    """The rows of `page_as`. Raises UnreadableAnswer."""
    return page_as(kind, body, embedded).rows


def has_next(body: object) -> bool:
    """Whether a list goes on on another page."""
    try:
        return bool(lenient.mapping(lenient.mapping(body).get("_links")).get("next"))
    except lenient.Odd:
        return False


def _embedded(body: object, name: str) -> list[object]:
    if not isinstance(body, dict) or "_embedded" not in body:
        raise UnreadableAnswer(f"no _embedded.{name}")
    try:
        inside = lenient.mapping(body["_embedded"] or {})
        if not inside:
            return []
        return lenient.listed(inside[name] or [])
    except (KeyError, lenient.Odd) as odd:
        raise UnreadableAnswer(f"no _embedded.{name}") from odd


@dataclass(frozen=True, slots=True)
class MadeRow:
    """What an answer to a creation tells of one item; `request_id` is ours."""

    id: CrmId
    request_id: str


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value of a custom field."""

    value: Any = None
    enum_id: int | None = None

    @property
    def words(self) -> str:
        """As text; empty: there is nothing that could be text."""
        try:
            return lenient.text(self.value)
        except lenient.Odd:
            return ""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A custom field of a contact or lead."""

    field_id: int = 0
    field_code: str = ""
    values: list[ValueRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """Something that an entity is linked with."""

    id: CrmId


@dataclass(frozen=True, slots=True)
class LinksRow:
    """What an entity is linked with, as far as it was asked for. `leads` None: it does not say."""

    leads: list[LinkedRow] | None = None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact."""

    id: CrmId
    created_at: int = 0
    name: str | None = None
    is_deleted: bool = False
    custom_fields_values: list[FieldRow] = field(default_factory=list)
    _embedded: LinksRow = field(default_factory=LinksRow)

    @property
    def phones(self) -> tuple[str, ...]:
        """Its phones as they were written."""
        return tuple(row.words for row in self.phone_rows if row.words)

    @property
    def phone_rows(self) -> tuple[ValueRow, ...]:
        fields = self.custom_fields_values
        return tuple(value for row in fields if row.field_code == "PHONE" for value in row.values)

    def has_field(self, field_id: int) -> bool:
        """Whether that field is filled."""
        return any(row.field_id == field_id and row.values for row in self.custom_fields_values)

    @property
    def linked_leads(self) -> tuple[CrmId, ...] | None:
        """None: it does not say."""
        leads = self._embedded.leads
        return None if leads is None else tuple(lead.id for lead in leads)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead."""

    id: CrmId
    created_at: int = 0
    name: str | None = None
    is_deleted: bool = False
    pipeline_id: int = 0
    status_id: int = 0
    responsible_user_id: int = 0
    custom_fields_values: list[FieldRow] = field(default_factory=list)

    @property
    def reference(self) -> Reference | None:
        """Its own: the last of its name, as it was called first, or the one in a field; None: people made it."""
        named = REFERENCES.findall(self.name or "")
        values = (value.words.strip() for row in self.custom_fields_values for value in row.values)
        filled = [words for words in values if REFERENCES.fullmatch(words)]
        return next((Reference(own) for own in (*reversed(named), *filled)), None)

    @property
    def references(self) -> frozenset[str]:
        """All references that stand in its name or in one of its fields."""
        values = (value.words for row in self.custom_fields_values for value in row.values)
        return frozenset(found for words in (self.name or "", *values) for found in REFERENCES.findall(words))

    def says(self, reference: str) -> bool:
        """Whether the reference stands in its name or in one of its fields (a manager may have renamed it)."""
        values = (value.words.strip() for row in self.custom_fields_values for value in row.values)
        return reference in (self.name or "") or reference in values


@dataclass(frozen=True, slots=True)
class NoteParams:
    """What a note says."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note; other kinds of notes have other parameters."""

    id: CrmId
    created_at: int = 0
    params: NoteParams = field(default_factory=NoteParams)

    def says(self, reference: str) -> bool:
        return is_note_of(Reference(reference), self.params.text)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task."""

    id: CrmId
    created_at: int = 0
    text: str = ""

    def says(self, reference: str) -> bool:
        return is_task_of(Reference(reference), self.text)


@dataclass(frozen=True, slots=True)
class AttachedRow:
    """A file attached to a lead."""

    file_uuid: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Leave to upload a file, part by part. Sizes in bytes."""

    upload_url: str
    max_part_size: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file on the drive."""

    uuid: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DriveRow:
    """Where the account keeps files."""

    drive_url: str

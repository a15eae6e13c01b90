"""amoCRM's answers, as far as we read them. Unknown fields are ignored: amoCRM adds some now and then."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from adaptix import Retort
from adaptix.load_error import LoadError

from carquery.domain.lead import CrmId

T = TypeVar("T")

_RETORT = Retort()


class UnreadableAnswer(Exception):
    """amoCRM answered something else than its documentation says."""


def read_as(kind: type[T], body: object) -> T:
    """Read a whole answer. Raises UnreadableAnswer."""
    try:
        return _RETORT.load(body, kind)
    except LoadError as error:
        raise UnreadableAnswer(f"no {kind.__name__}") from error


def rows_as(kind: type[T], body: object, embedded: str) -> tuple[T, ...]:
    """Read `_embedded.<embedded>` of a list; None (HTTP 204) is an empty one. Raises UnreadableAnswer."""
    if body is None:
        return ()
    try:
        rows = body["_embedded"][embedded]  # type: ignore[index]  # anything else is refused below
    except (KeyError, TypeError, IndexError) as error:
        raise UnreadableAnswer(f"no _embedded.{embedded}") from error
    if not isinstance(rows, list):
        raise UnreadableAnswer(f"_embedded.{embedded} is no list")
    return tuple(read_as(kind, row) for row in rows)


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


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A custom field of a contact or lead."""

    field_id: int
    field_code: str | None = None
    values: list[ValueRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """Something that an entity is linked with."""

    id: CrmId


@dataclass(frozen=True, slots=True)
class LinksRow:
    """What an entity is linked with, as far as it was asked for."""

    leads: list[LinkedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact."""

    id: CrmId
    created_at: int = 0
    name: str | None = None
    is_deleted: bool = False
    custom_fields_values: list[FieldRow] | None = None
    _embedded: LinksRow | None = None

    @property
    def phones(self) -> tuple[str, ...]:
        """Its phones as they were written."""
        return tuple(str(row.value) for row in self.phone_rows)

    @property
    def phone_rows(self) -> tuple[ValueRow, ...]:
        fields = self.custom_fields_values or ()
        return tuple(value for row in fields if row.field_code == "PHONE" for value in row.values)

    def has_field(self, field_id: int) -> bool:
        """Whether that field is filled."""
        return any(row.field_id == field_id and row.values for row in self.custom_fields_values or ())

    @property
    def linked_leads(self) -> tuple[CrmId, ...]:
        return () if self._embedded is None else tuple(lead.id for lead in self._embedded.leads)


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead."""

    id: CrmId
    created_at: int = 0
    name: str | None = None
    is_deleted: bool = False
    custom_fields_values: list[FieldRow] | None = None

    def says(self, reference: str) -> bool:
        """Whether the reference stands in its name or in one of its fields (a manager may have renamed it)."""
        values = (value.value for row in self.custom_fields_values or () for value in row.values)
        return reference in (self.name or "") or reference in values


@dataclass(frozen=True, slots=True)
class NoteParams:
    """What a note says."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note; other kinds of notes have other parameters."""

    id: CrmId
    note_type: str
    created_at: int = 0
    entity_id: CrmId | None = None
    params: NoteParams | list[Any] | None = None

    def says(self, reference: str) -> bool:
        return isinstance(self.params, NoteParams) and reference in (self.params.text or "")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task. `entity_id`: what it is about, a lead or something else."""

    id: CrmId
    created_at: int = 0
    entity_id: CrmId | None = None
    text: str = ""

    def says(self, reference: str) -> bool:
        return reference in self.text


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

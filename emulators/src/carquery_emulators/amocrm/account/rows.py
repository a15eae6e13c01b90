"""What stands in an account: one row for each thing. Times are Unix seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from carquery_emulators.kit.json_types import Json

Entity: TypeAlias = Literal["leads", "contacts"]

INCOMING = 1
"""The type of a pipeline's first stage, «Неразобранное», into which nothing can be put through the API."""
WON, LOST = 142, 143
"""Stages that every pipeline has. Source: API v4, pipelines and stages."""


@dataclass(frozen=True, slots=True)
class Enum:
    """One option of a custom field."""

    id: int
    value: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of leads or contacts."""

    id: int
    entity: Entity
    name: str
    type: str
    code: str | None = None
    enums: tuple[Enum, ...] = ()
    sort: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a custom field, as it was sent."""

    value: Any
    enum: Enum | None = None


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    email: str
    is_admin: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """A stage of a pipeline."""

    id: int
    name: str
    sort: int
    type: int = 0

    @property
    def is_ordinary(self) -> bool:
        """Whether deals are worked on there."""
        return self.type != INCOMING and self.id not in {WON, LOST}


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: int
    name: str
    statuses: tuple[Status, ...]
    is_main: bool = False
    is_archive: bool = False

    @property
    def first_stage(self) -> Status:
        """Where a lead lands if nothing is said."""
        return next(status for status in self.statuses if status.is_ordinary)

    def status(self, status_id: int) -> Status | None:
        return next((status for status in self.statuses if status.id == status_id), None)


@dataclass(frozen=True, slots=True)
class Tag:
    id: int
    name: str
    entity: Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """What contacts and leads have in common.

    Attributes:
        tags: names, in the order in which they were given.
        made_at: when it was really made; `created_at` can be chosen by whoever makes it.
    """

    id: int
    name: str
    responsible_user_id: int
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    made_at: float
    fields: Mapping[int, tuple[Value, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    def values(self, field_id: int) -> tuple[Any, ...]:
        """All values of a custom field."""
        return tuple(value.value for value in self.fields.get(field_id, ()))

    def field(self, field_id: int) -> object:
        """The first value of a custom field; None if it is empty."""
        return next(iter(self.values(field_id)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(_Card):
    """A person. `phone_field`: the number of the account's PHONE field."""

    phone_field: int
    first_name: str = ""
    last_name: str = ""

    @property
    def phones(self) -> tuple[str, ...]:
        """As they were written."""
        return self.values(self.phone_field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(_Card):
    """A deal. `contacts`: their ids, the main one first."""

    price: float
    pipeline_id: int
    status_id: int
    contacts: tuple[int, ...] = ()
    closed_at: int | None = None
    loss_reason_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that stands in the feed of a lead, or of a contact."""

    id: int
    entity_id: int
    note_type: str
    params: Json
    responsible_user_id: int
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    entity: Entity = "leads"

    @property
    def text(self) -> str:
        """Empty for notes of a kind that has none."""
        return str(self.params.get("text", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that a user has to do until `complete_till`."""

    id: int
    text: str
    complete_till: int
    task_type_id: int
    responsible_user_id: int
    created_by: int
    updated_by: int
    created_at: int
    updated_at: int
    entity_id: int | None = None
    entity_type: str | None = None
    duration: int = 0
    is_completed: bool = False
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file on the drive."""

    uuid: str
    version_uuid: str
    name: str
    content_type: str
    content: bytes
    created_at: int
    created_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry of the account's audit feed.

    Attributes:
        before, after: what was changed, each value in an object of its own, as the API shows it.
        made_at: when it was really written.
    """

    id: str
    type: str
    entity_id: int
    entity_type: str
    created_by: int
    created_at: int
    made_at: float
    before: tuple[Json, ...] = ()
    after: tuple[Json, ...] = ()

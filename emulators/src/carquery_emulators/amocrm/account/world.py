"""The account and everything in it, with what its people do there by hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count

from carquery_emulators.amocrm.account.rows import (
    INCOMING,
    LOST,
    WON,
    Contact,
    CustomField,
    Entity,
    Enum,
    Event,
    Lead,
    Note,
    Pipeline,
    Status,
    StoredFile,
    Tag,
    Task,
    User,
    Value,
)
from carquery_emulators.kit.changes import Changes
from carquery_emulators.kit.json_types import Json

ACCOUNT_ID = 31_000_000
_PHONE_KINDS = ("WORK", "WORKDD", "MOB", "FAX", "HOME", "OTHER")
_EMAIL_KINDS = ("WORK", "PRIV", "OTHER")


class World:
    """Tables of rows by id. They are for reading: change them by the methods.

    A fresh account has one pipeline, three users (an administrator, whose tokens these are, a salesman, and one who
    has left) and the contact fields PHONE and EMAIL. Ids are the same in each fresh account, and no two things of
    whatever kind share one.
    """

    def __init__(self, clock: Callable[[], float], changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._ids = count(1_000_001)
        self.contacts: dict[int, Contact] = {}
        self.leads: dict[int, Lead] = {}
        self.notes: dict[int, Note] = {}
        self.tasks: dict[int, Task] = {}
        self.files: dict[str, StoredFile] = {}
        self.lead_files: dict[int, list[str]] = {}
        self.users: dict[int, User] = {}
        self.pipelines: dict[int, Pipeline] = {}
        self.lead_fields: dict[int, CustomField] = {}
        self.contact_fields: dict[int, CustomField] = {}
        self.tags: dict[int, Tag] = {}
        self.events: list[Event] = []
        self.has_filters = False
        self.admin = self._add_user("Мария Администратор", "admin@example.org", is_admin=True)
        self._add_user("Олег Продавец", "oleg@example.org")
        self._add_user("Игорь Бывший", "igor@example.org", is_active=False)
        self.add_pipeline("Продажи", ("Первичный контакт", "Переговоры"))
        self.phone_field = self.add_field("contacts", "Телефон", "multitext", code="PHONE", enums=_PHONE_KINDS)
        self.email_field = self.add_field("contacts", "Email", "multitext", code="EMAIL", enums=_EMAIL_KINDS)

    def counts(self) -> dict[str, int]:
        """How much there is; of files, those that are attached to leads."""
        return {
            "contacts": len(self.contacts),
            "leads": len(self.leads),
            "notes": len(self.notes),
            "tasks": len(self.tasks),
            "files": sum(len(files) for files in self.lead_files.values()),
        }

    def now(self) -> int:
        return int(self._clock())

    def exact_now(self) -> float:
        return self._clock()

    def new_id(self) -> int:
        return next(self._ids)

    def changed(self, what: str) -> None:
        """Tell whoever listens."""
        self._changes.tell("world", what=what)

    def fields(self, entity: Entity) -> dict[int, CustomField]:
        return self.lead_fields if entity == "leads" else self.contact_fields

    def main_pipeline(self) -> Pipeline:
        return next(pipeline for pipeline in self.pipelines.values() if pipeline.is_main)

    def tag(self, name: str, entity: Entity) -> Tag:
        """The tag of that name, made if there is none."""
        found = next((tag for tag in self.tags.values() if (tag.name, tag.entity) == (name, entity)), None)
        if found is None:
            found = Tag(self.new_id(), name, entity)
            self.tags[found.id] = found
        return found

    def happened(
        self,
        kind: str,
        entity: Entity,
        entity_id: int,
        user_id: int,
        *,
        before: Sequence[Json] = (),
        after: Sequence[Json] = (),
    ) -> None:
        """Write into the audit feed."""
        event = Event(
            id=f"01event{len(self.events):020}",
            type=kind,
            entity_id=entity_id,
            entity_type=entity.removesuffix("s"),
            created_by=user_id,
            created_at=self.now(),
            made_at=self.exact_now(),
            before=tuple(before),
            after=tuple(after),
        )
        self.events.append(event)

    def add_contact(self, name: str, phones: Sequence[str]) -> int:
        now = self.now()
        contact = Contact(
            id=self.new_id(),
            name=name,
            responsible_user_id=self.admin,
            created_by=self.admin,
            updated_by=self.admin,
            created_at=now,
            updated_at=now,
            made_at=self.exact_now(),
            phone_field=self.phone_field,
        )
        self.contacts[contact.id] = contact
        self.set_phones(contact.id, phones)
        return contact.id

    def set_phones(self, contact_id: int, phones: Sequence[str]) -> None:
        """Replace all of a contact's phones."""
        contact = self.contacts[contact_id]
        work = self.contact_fields[self.phone_field].enums[0]
        values = tuple(Value(phone, work) for phone in phones)
        self.contacts[contact_id] = replace(contact, fields={**contact.fields, self.phone_field: values})
        self.changed("contacts")

    def delete_contact(self, contact_id: int) -> None:
        """It disappears from its leads too."""
        del self.contacts[contact_id]
        for lead in self.leads.values():
            left = tuple(contact for contact in lead.contacts if contact != contact_id)
            self.leads[lead.id] = replace(lead, contacts=left)
        self.changed("contacts")

    def add_lead(self, name: str, contact_id: int) -> int:
        """As a manager does, in the main pipeline's first stage."""
        now, pipeline = self.now(), self.main_pipeline()
        lead = Lead(
            id=self.new_id(),
            name=name,
            price=0,
            pipeline_id=pipeline.id,
            status_id=pipeline.first_stage.id,
            contacts=(contact_id,),
            responsible_user_id=self.admin,
            created_by=self.admin,
            updated_by=self.admin,
            created_at=now,
            updated_at=now,
            made_at=self.exact_now(),
        )
        self.leads[lead.id] = lead
        self.changed("leads")
        return lead.id

    def change_lead(self, changed: Lead, user_id: int) -> None:
        """Put a lead in the place of what it was; its move and its new owner come into the audit feed."""
        was = self.leads[changed.id]
        self.leads[changed.id] = changed
        if (was.pipeline_id, was.status_id) != (changed.pipeline_id, changed.status_id):
            self.happened(
                "lead_status_changed", "leads", changed.id, user_id, before=[_stage(was)], after=[_stage(changed)]
            )
        if was.responsible_user_id != changed.responsible_user_id:
            self.happened(
                "entity_responsible_changed",
                "leads",
                changed.id,
                user_id,
                before=[_owner(was)],
                after=[_owner(changed)],
            )
        self.changed("leads")

    def rename_lead(self, lead_id: int, name: str) -> None:
        self.leads[lead_id] = replace(self.leads[lead_id], name=name, updated_at=self.now())
        self.changed("leads")

    def delete_lead(self, lead_id: int) -> None:
        """Its notes, tasks and attached files go with it."""
        del self.leads[lead_id]
        self.lead_files.pop(lead_id, None)
        for note in [note for note in self.notes.values() if note.entity_id == lead_id]:
            del self.notes[note.id]
        for task in [task for task in self.tasks.values() if task.entity_id == lead_id]:
            del self.tasks[task.id]
        self.changed("leads")

    def add_field(
        self,
        entity: Entity,
        name: str,
        type: str,  # noqa: A002 - as the API calls it
        code: str | None = None,
        enums: Iterable[str] = (),
    ) -> int:
        """Make a custom field; each option's code is its text."""
        fields = self.fields(entity)
        options = tuple(Enum(self.new_id(), text, text) for text in enums)
        made = CustomField(self.new_id(), entity, name, type, code, options, sort=500 + len(fields))
        fields[made.id] = made
        self.changed("fields")
        return made.id

    def delete_field(self, entity: Entity, field_id: int) -> None:
        """Values that stand in it are no longer shown."""
        del self.fields(entity)[field_id]
        self.changed("fields")

    def deactivate_user(self, user_id: int) -> None:
        self.users[user_id] = replace(self.users[user_id], is_active=False)
        self.changed("users")

    def add_pipeline(self, name: str, statuses: Iterable[str]) -> int:
        """Make a pipeline; incoming leads, won and lost are added to its stages. The first one is the main one.

        Raises:
            ValueError: it has no stage to work on.
        """
        if not (stages := tuple(statuses)):
            raise ValueError("a pipeline needs a stage")
        incoming = Status(self.new_id(), "Неразобранное", 10, INCOMING)
        own = [Status(self.new_id(), stage, 20 + 10 * number) for number, stage in enumerate(stages)]
        last = (Status(WON, "Успешно реализовано", 10_000), Status(LOST, "Закрыто и не реализовано", 11_000))
        made = Pipeline(self.new_id(), name, (incoming, *own, *last), is_main=not self.pipelines)
        self.pipelines[made.id] = made
        self.changed("pipelines")
        return made.id

    def archive_pipeline(self, pipeline_id: int) -> None:
        """People do not see its deals any more."""
        self.pipelines[pipeline_id] = replace(self.pipelines[pipeline_id], is_archive=True)
        self.changed("pipelines")

    def delete_pipeline(self, pipeline_id: int) -> None:
        """Raises ValueError: the main pipeline cannot be deleted."""
        if self.pipelines[pipeline_id].is_main:
            raise ValueError("the main pipeline cannot be deleted")
        del self.pipelines[pipeline_id]
        self.changed("pipelines")

    def add_user(self, name: str, *, is_admin: bool = False) -> int:
        """Somebody begins to work here."""
        made = self._add_user(name, f"user{len(self.users)}@example.org", is_admin=is_admin)
        self.changed("users")
        return made

    def _add_user(self, name: str, email: str, *, is_admin: bool = False, is_active: bool = True) -> int:
        made = User(self.new_id(), name, email, is_admin, is_active)
        self.users[made.id] = made
        return made.id


def _stage(lead: Lead) -> Json:
    return {"lead_status": {"id": lead.status_id, "pipeline_id": lead.pipeline_id}}


def _owner(lead: Lead) -> Json:
    return {"responsible_user": {"id": lead.responsible_user_id}}

"""What the people who sell do in their account by hand, each of it with its entry in the audit feed."""

from dataclasses import replace
from typing import Any, Final

from carquery_emulators.amocrm.account.rows import LOST, WON, Contact, Lead, Note
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.kit.json_types import Json

CUSTOMERS_OWN: Final = ("incoming_call", "incoming_chat_message", "incoming_sms")
"""What a customer does; the feed has the user who heard of it, or nobody."""


class NotDone(ValueError):
    """It can't be done by hand either; the message says why."""


class Salesperson:
    """One user at work. Every method raises NotDone."""

    def __init__(self, world: World, user_id: int) -> None:
        user = world.users.get(user_id)
        if user is None or not user.is_active:
            raise NotDone(f"nobody works here with the number {user_id}")
        self._world = world
        self._id = user_id

    def call(self, lead_id: int, *, on_contact: bool = False) -> None:
        """Phone the customer; telephony that does not know the deal logs it on the contact."""
        lead = self._lead(lead_id)
        if not on_contact:
            self._note(lead, "call_out", {"uniq": f"call-{len(self._world.events)}"})
            self._world.happened("outgoing_call", "leads", lead.id, self._id)
        elif lead.contacts:
            self._world.happened("outgoing_call", "contacts", lead.contacts[0], self._id)
            self._world.changed("contacts")
        else:
            raise NotDone(f"deal {lead_id} has no contact")

    def write(self, lead_id: int) -> None:
        """Answer the customer in a chat."""
        self._world.happened("outgoing_chat_message", "leads", self._lead(lead_id).id, self._id)
        self._world.changed("leads")

    def note(self, lead_id: int, text: str) -> None:
        """Put a note into the deal."""
        lead = self._lead(lead_id)
        self._note(lead, "common", {"text": text})
        self._world.happened("common_note_added", "leads", lead.id, self._id)

    def complete_tasks(self, lead_id: int, result: str = "") -> None:
        """Tick off all that is open in the deal."""
        lead, world = self._lead(lead_id), self._world
        for task in [task for task in world.tasks.values() if task.entity_id == lead.id and not task.is_completed]:
            world.tasks[task.id] = replace(
                task, is_completed=True, result=result or None, updated_by=self._id, updated_at=world.now()
            )
            world.happened("task_completed", "leads", lead.id, self._id)
        world.changed("tasks")

    def move(self, lead_id: int, status_id: int, pipeline_id: int | None = None) -> None:
        """Move the deal to another stage, in its pipeline unless another is named."""
        lead, world = self._lead(lead_id), self._world
        pipeline = world.pipelines.get(lead.pipeline_id if pipeline_id is None else pipeline_id)
        if pipeline is None or pipeline.status(status_id) is None:
            raise NotDone(f"there is no stage {status_id}")
        closed_at = world.now() if status_id in {WON, LOST} else None
        self._change(lead, pipeline_id=pipeline.id, status_id=status_id, closed_at=closed_at)

    def close(self, lead_id: int, *, is_won: bool = True) -> None:
        """Win or lose the deal."""
        self.move(lead_id, WON if is_won else LOST)

    def hand_over(self, lead_id: int, user_id: int) -> None:
        """Make somebody responsible for the deal."""
        user = self._world.users.get(user_id)
        if user is None or not user.is_active:
            raise NotDone(f"nobody works here with the number {user_id}")
        self._change(self._lead(lead_id), responsible_user_id=user_id)

    def delete(self, lead_id: int) -> None:
        """Delete the deal, with all that hangs on it."""
        lead = self._lead(lead_id)
        self._world.delete_lead(lead.id)
        self._world.happened("lead_deleted", "leads", lead.id, self._id)

    def merge(self, lead_id: int, into: int) -> None:
        """Merge two deals: one goes, all that hangs on it is the other's now, their contacts too."""
        gone, kept, world = self._lead(lead_id), self._lead(into), self._world
        if gone.id == kept.id:
            raise NotDone("a deal can't be merged with itself")
        contacts = tuple(dict.fromkeys((*kept.contacts, *gone.contacts)))
        world.lead_files.setdefault(kept.id, []).extend(world.lead_files.pop(gone.id, ()))
        for note in [note for note in world.notes.values() if note.entity_id == gone.id]:
            world.notes[note.id] = replace(note, entity_id=kept.id)
        for task in [task for task in world.tasks.values() if task.entity_id == gone.id]:
            world.tasks[task.id] = replace(task, entity_id=kept.id)
        del world.leads[gone.id]
        self._change(kept, contacts=contacts, tags=tuple(dict.fromkeys((*kept.tags, *gone.tags))))
        world.happened("entity_merged", "leads", kept.id, self._id)

    def merge_contacts(self, contact_id: int, into: int) -> None:
        """Merge two people: one goes; phones and deals are the other's now."""
        gone, kept, world = self._contact(contact_id), self._contact(into), self._world
        if gone.id == kept.id:
            raise NotDone("a contact can't be merged with itself")
        for lead in world.leads.values():
            if gone.id in lead.contacts:
                contacts = tuple(dict.fromkeys(kept.id if one == gone.id else one for one in lead.contacts))
                world.leads[lead.id] = replace(lead, contacts=contacts)
        del world.contacts[gone.id]
        world.set_phones(kept.id, tuple(dict.fromkeys((*kept.phones, *gone.phones))))
        world.happened("entity_merged", "contacts", kept.id, self._id)
        world.changed("leads")

    def hear_of(self, kind: str, lead_id: int) -> None:
        """The customer does something (`CUSTOMERS_OWN`): no touch of ours."""
        if kind not in CUSTOMERS_OWN:
            raise NotDone(f"no {kind!r}; a customer does {', '.join(CUSTOMERS_OWN)}")
        self._world.happened(kind, "leads", self._lead(lead_id).id, self._id)
        self._world.changed("leads")

    def _lead(self, lead_id: int) -> Lead:
        lead = self._world.leads.get(lead_id)
        if lead is None:
            raise NotDone(f"there is no deal {lead_id}")
        return lead

    def _contact(self, contact_id: int) -> Contact:
        contact = self._world.contacts.get(contact_id)
        if contact is None:
            raise NotDone(f"there is no contact {contact_id}")
        return contact

    def _change(self, lead: Lead, **changes: Any) -> None:  # noqa: ANN401  # as dataclasses.replace
        changed = replace(lead, updated_by=self._id, updated_at=self._world.now(), **changes)
        self._world.change_lead(changed, self._id)

    def _note(self, lead: Lead, note_type: str, params: Json) -> None:
        now = self._world.now()
        note = Note(
            id=self._world.new_id(),
            entity_id=lead.id,
            note_type=note_type,
            params=params,
            responsible_user_id=self._id,
            created_by=self._id,
            updated_by=self._id,
            created_at=now,
            updated_at=now,
        )
        self._world.notes[note.id] = note
        self._world.changed("notes")

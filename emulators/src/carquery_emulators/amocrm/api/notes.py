"""`/api/v4/leads/notes` and `/api/v4/leads/{id}/notes`, and the same of contacts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carquery_emulators.amocrm.account.rows import Entity, Note
from carquery_emulators.amocrm.account.world import ACCOUNT_ID, World
from carquery_emulators.amocrm.requests.answers import hal, nothing
from carquery_emulators.amocrm.requests.batches import Batches, Commit
from carquery_emulators.amocrm.requests.call import ApiCall, Route
from carquery_emulators.amocrm.requests.items import Item
from carquery_emulators.amocrm.requests.lists import filtered, ordered, page
from carquery_emulators.kit.answers import Answer
from carquery_emulators.kit.json_types import Json

NEEDED: Final[Mapping[str, Sequence[str]]] = {
    "common": ("text",),
    "service_message": ("service", "text"),
    "extended_service_message": ("service", "text"),
    "attachment": ("file_uuid", "file_name"),
    "call_in": ("uniq",),
    "call_out": ("uniq",),
    "sms_in": ("text", "phone"),
    "sms_out": ("text", "phone"),
    "geolocation": ("text", "address"),
}
"""Kinds of notes, and the parameters that they cannot be without."""

_EVENTS: Final = {
    "common": "common_note_added",
    "attachment": "attachment_note_added",
    "call_in": "incoming_call",
    "call_out": "outgoing_call",
    "sms_in": "incoming_sms",
    "sms_out": "outgoing_sms",
}
"""What the audit feed calls a note of that kind."""

_FILTERS: Final = {"id": "id", "note_type": "note_type", "updated_at": "updated_at", "entity_id": "entity_id"}


class Notes:
    """Notes of leads, or of contacts; filters work here in every account."""

    def __init__(self, world: World, batches: Batches, entity: Entity = "leads") -> None:
        self._world = world
        self._batches = batches
        self._entity: Entity = entity

    def routes(self) -> Sequence[Route]:
        of_all, of_one = f"/api/v4/{self._entity}/notes", f"/api/v4/{self._entity}/{{inner}}/notes"
        return (
            Route("GET", of_all, self._list),
            Route("POST", of_all, self._create),
            Route("PATCH", of_all, self._update),
            Route("GET", f"{of_all}/{{id}}", self._get),
            Route("GET", of_one, self._list),
            Route("POST", of_one, self._create),
            Route("PATCH", of_one, self._update),
            Route("GET", f"{of_one}/{{id}}", self._get),
            Route("PATCH", f"{of_one}/{{id}}", self._update_one),
        )

    def _list(self, call: ApiCall) -> Answer:
        rows = ordered(call, filtered(call, self._of(call), _FILTERS), by=("updated_at", "id"))
        return page(call, "notes", rows, lambda note: _to_json(note, call.origin))

    def _get(self, call: ApiCall) -> Answer:
        note = next((note for note in self._of(call) if note.id == call.number("id")), None)
        return nothing() if note is None else hal(_to_json(note, call.origin))

    def _create(self, call: ApiCall) -> Answer:
        return self._batches.create(call, "notes", lambda item: self._read_new(item, call))

    def _update(self, call: ApiCall) -> Answer:
        return self._batches.update(call, "notes", lambda item: self._read_change(item, call))

    def _update_one(self, call: ApiCall) -> Answer:
        return self._batches.update_one(call, "notes", lambda item: self._read_change(item, call))

    def _of(self, call: ApiCall) -> Iterable[Note]:
        """Those of the lead or contact in the path, or all."""
        notes = [note for note in self._world.notes.values() if note.entity == self._entity]
        return [note for note in notes if note.entity_id == _owner_in(call)] if "inner" in call.names else notes

    def _read_new(self, item: Item, call: ApiCall) -> Commit:
        owner_id = _owner_in(call) if "inner" in call.names else item.number("entity_id", is_needed=True)
        item.is_orphan = owner_id not in (self._world.leads if self._entity == "leads" else self._world.contacts)
        note_type = item.text("note_type", is_needed=True)
        params = _read_params(item, note_type)
        created_at = item.number("created_at")
        created_by = item.user("created_by", is_robot_welcome=True)
        responsible = item.user("responsible_user_id")

        def commit() -> Json:
            now = self._world.now()
            note = Note(
                id=self._world.new_id(),
                entity_id=owner_id or 0,
                entity=self._entity,
                note_type=note_type or "",
                params=params,
                responsible_user_id=item.user_id if responsible is None else responsible,
                created_by=item.user_id if created_by is None else created_by,
                updated_by=item.user_id,
                created_at=now if created_at is None else created_at,
                updated_at=now,
            )
            self._world.notes[note.id] = note
            self._world.happened(
                _EVENTS.get(note.note_type, "service_note_added"), "leads", note.entity_id, item.user_id
            )
            self._world.changed("notes")
            return {"id": note.id, "entity_id": note.entity_id, "_links": _links(note, call.origin)}

        return commit

    def _read_change(self, item: Item, call: ApiCall) -> Commit:
        note_id = item.number("id", is_needed=True)
        note = next((note for note in self._of(call) if note.id == note_id), None)
        if note is None and note_id is not None:
            item.not_a_choice("id")
        note_type = item.text("note_type") or (note.note_type if note else "common")
        params = _read_params(item, note_type) if item.has("params") else None

        def commit() -> Json:
            standing = self._world.notes[note_id or 0]
            changed = replace(
                standing,
                note_type=note_type,
                params=standing.params if params is None else params,
                updated_by=item.user_id,
                updated_at=self._world.now(),
            )
            self._world.notes[changed.id] = changed
            self._world.changed("notes")
            return {
                "id": changed.id,
                "entity_id": changed.entity_id,
                "updated_at": changed.updated_at,
                "_links": _links(changed, call.origin),
            }

        return commit


def _owner_in(call: ApiCall) -> int:
    return call.number("inner")


def _read_params(item: Item, note_type: str | None) -> Json:
    params = item.body.get("params", {})
    if not isinstance(params, dict):
        item.wrong_type("params", "array")
        return {}
    if note_type is not None and note_type not in NEEDED:
        item.not_a_choice("note_type")
    for name in NEEDED.get(note_type or "", ()):
        if params.get(name) in (None, ""):
            item.missing(f"params.{name}")
        elif not isinstance(params[name], str):
            item.wrong_type(f"params.{name}", "string")
    return params


def _links(note: Note, origin: str) -> Json:
    return {"self": {"href": f"{origin}/api/v4/{note.entity}/{note.entity_id}/notes/{note.id}"}}


def _to_json(note: Note, origin: str) -> Json:
    return {
        "id": note.id,
        "entity_id": note.entity_id,
        "created_by": note.created_by,
        "updated_by": note.updated_by,
        "created_at": note.created_at,
        "updated_at": note.updated_at,
        "responsible_user_id": note.responsible_user_id,
        "group_id": 0,
        "note_type": note.note_type,
        "params": note.params,
        "account_id": ACCOUNT_ID,
        "_links": _links(note, origin),
    }

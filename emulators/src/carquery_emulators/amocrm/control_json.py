"""What stands in the account, in the words of the control API."""

from typing import Any

from carquery_emulators.amocrm.account.rows import Contact, Entity, Lead, StoredFile
from carquery_emulators.amocrm.account.world import World
from carquery_emulators.kit.json_types import Json


def state_to_json(world: World, *, most: int) -> Json:
    """Pipelines, and the newest leads and contacts with all that hangs on them."""
    leads = sorted(world.leads.values(), key=lambda lead: lead.id, reverse=True)[:most]
    contacts = sorted(world.contacts.values(), key=lambda contact: contact.id, reverse=True)[:most]
    return {
        "counts": world.counts(),
        "users": [
            {"id": user.id, "name": user.name, "is_admin": user.is_admin, "is_active": user.is_active}
            for user in world.users.values()
        ],
        "pipelines": _pipelines(world),
        "leads": [_lead_to_json(world, lead) for lead in leads],
        "contacts": [_contact_to_json(world, contact) for contact in contacts],
    }


def _pipelines(world: World) -> list[Json]:
    return [
        {
            "id": pipeline.id,
            "name": pipeline.name,
            "is_main": pipeline.is_main,
            "stages": [
                {
                    "id": status.id,
                    "name": status.name,
                    "leads": sum(
                        (lead.pipeline_id, lead.status_id) == (pipeline.id, status.id) for lead in world.leads.values()
                    ),
                }
                for status in pipeline.statuses
            ],
        }
        for pipeline in world.pipelines.values()
    ]


def _lead_to_json(world: World, lead: Lead) -> Json:
    pipeline = world.pipelines.get(lead.pipeline_id)
    status = pipeline.status(lead.status_id) if pipeline is not None else None
    contact = world.contacts.get(lead.contacts[0]) if lead.contacts else None
    return {
        "id": lead.id,
        "name": lead.name,
        "price": lead.price,
        "created_at": lead.created_at,
        "pipeline": pipeline.name if pipeline is not None else None,
        "stage": status.name if status is not None else None,
        "responsible": world.users[lead.responsible_user_id].name,
        "tags": list(lead.tags),
        "fields": _fields(world, lead, "leads"),
        "contact": None if contact is None else _contact_to_json(world, contact),
        "notes": [
            {"id": note.id, "type": note.note_type, "text": note.text, "created_at": note.created_at}
            for note in world.notes.values()
            if note.entity_id == lead.id
        ],
        "tasks": [
            {
                "id": task.id,
                "text": task.text,
                "complete_till": task.complete_till,
                "is_completed": task.is_completed,
                "responsible": world.users[task.responsible_user_id].name,
            }
            for task in world.tasks.values()
            if task.entity_id == lead.id
        ],
        "files": [_file_to_json(world.files[uuid]) for uuid in world.lead_files.get(lead.id, ())],
    }


def _contact_to_json(world: World, contact: Contact) -> Json:
    return {
        "id": contact.id,
        "name": contact.name,
        "phones": list(contact.phones),
        "created_at": contact.created_at,
        "tags": list(contact.tags),
        "fields": _fields(world, contact, "contacts"),
    }


def _fields(world: World, card: Contact | Lead, entity: Entity) -> list[dict[str, Any]]:
    """Those that are filled, phones and addresses too."""
    fields = world.fields(entity)
    return [
        {"id": field_id, "name": fields[field_id].name, "values": list(card.values(field_id))}
        for field_id in card.fields
        if field_id in fields
    ]


def _file_to_json(file: StoredFile) -> Json:
    return {
        "uuid": file.uuid,
        "name": file.name,
        "type": file.content_type,
        "size": len(file.content),
        "url": f"/control/files/{file.uuid}",
    }

"""What stands in the emulated amoCRM for a lead, whether the bot knows of it or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from carquery.application.leads.crm_texts import is_note_of, is_task_of
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead
from carquery.entrypoints.playground.lead_cards import (
    CrmContact,
    CrmDeal,
    CrmFile,
    CrmNote,
    CrmRecord,
    CrmTask,
    Pipeline,
    Stage,
)
from carquery_emulators.amocrm import Contact, CustomField, World
from carquery_emulators.amocrm import Lead as Deal
from carquery_emulators.amocrm import Pipeline as StandingPipeline


@dataclass(frozen=True, slots=True)
class CrmRecords:
    """A look at the account.

    A deal is a lead's if the lead says so, or if the lead's reference ends its name: after a lost answer it stands
    there before the bot has found it.
    """

    world: World
    deals: dict[str, Deal]

    @classmethod
    def of(cls, world: World) -> "CrmRecords":
        return cls(world, {deal.name.rpartition(" ")[2]: deal for deal in world.leads.values()})

    def of_lead(self, lead: Lead) -> CrmRecord:
        """Everything that stands there for it."""
        contact = self._contact(lead)
        note = next((note for note in self.world.notes.values() if is_note_of(lead.reference, note.text)), None)
        moved = None if note is None else self.world.leads.get(note.entity_id)  # when deals were merged
        deal = self.world.leads.get(lead.made.get(Effect.LEAD, 0)) or self.deals.get(lead.reference) or moved
        if deal is None:
            return CrmRecord(contact=contact)
        task = next((task for task in self.world.tasks.values() if is_task_of(lead.reference, task.text)), None)
        files = [self.world.files[uuid] for uuid in self.world.lead_files.get(deal.id, ()) if uuid in self.world.files]
        return CrmRecord(
            contact=contact,
            deal=self._deal(deal),
            note=None if note is None else CrmNote(note.text),
            task=None if task is None else CrmTask(task.text, datetime.fromtimestamp(task.complete_till, UTC)),
            files=tuple(CrmFile(file.name, f"/amocrm/control/files/{file.uuid}") for file in files),
        )

    def pipeline(self) -> Pipeline:
        """The main one, where this account's leads go."""
        main = self.world.main_pipeline()
        counts = {status.id: 0 for status in main.statuses}
        for deal in self.world.leads.values():
            if deal.pipeline_id == main.id:
                counts[deal.status_id] += 1
        shown = [status for status in main.statuses if counts[status.id] or status == main.first_stage]
        return Pipeline(main.name, tuple(Stage(status.name, counts[status.id]) for status in shown))

    def _contact(self, lead: Lead) -> CrmContact | None:
        contact = self.world.contacts.get(lead.made.get(Effect.CONTACT, 0))
        if contact is None and lead.intent is not None and lead.intent.effect is Effect.CONTACT and lead.phone:
            people = self.world.contacts.values()
            contact = next((person for person in people if lead.phone.e164 in person.phones), None)
        if contact is None:
            return None
        telegram = next(
            (value for title, value in _filled(contact, self.world.contact_fields.values()) if title == "Telegram"),
            None,
        )
        phone = next(iter(contact.phones), None)
        return CrmContact(id=contact.id, name=contact.name, phone=phone, telegram=telegram)

    def _deal(self, deal: Deal) -> CrmDeal:
        pipeline: StandingPipeline | None = self.world.pipelines.get(deal.pipeline_id)
        stage = None if pipeline is None else pipeline.status(deal.status_id)
        responsible = self.world.users.get(deal.responsible_user_id)
        return CrmDeal(
            id=deal.id,
            title=deal.name,
            price=round(deal.price) or None,
            stage=None if stage is None else stage.name,
            responsible=None if responsible is None else responsible.name,
            tags=deal.tags,
            fields=_filled(deal, self.world.lead_fields.values()),
            next_stage=_next_stage(pipeline, deal),
            is_closed=deal.closed_at is not None,
            merges_with=max((other for other in self.world.leads if other != deal.id), default=None),
        )


def _next_stage(pipeline: StandingPipeline | None, deal: Deal) -> int | None:
    status = None if pipeline is None else pipeline.status(deal.status_id)
    if pipeline is None or status is None or not status.is_ordinary:
        return None
    later = pipeline.statuses[pipeline.statuses.index(status) + 1 :]
    return next((stage.id for stage in later if stage.is_ordinary), None)


def _filled(card: Contact | Deal, fields: Iterable[CustomField]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, str(value)) for field in fields if (value := card.field(field.id)) is not None)

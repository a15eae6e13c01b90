"""What hangs on a deal: the note with all answers, and the manager's task."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from carquery.adapters.amocrm.batches import Batches, Outcomes
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.config import AmoCrmConfig
from carquery.adapters.amocrm.drafts import note_draft, task_draft
from carquery.adapters.amocrm.listing import PAGE, marked_newest, rows_of
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.adapters.amocrm.wire import NoteRow, TaskRow, UnreadableAnswer, read_as
from carquery.application.leads import crm_texts
from carquery.application.ports.chat_links import ChatLinks
from carquery.application.ports.crm import CrmMade, Permit
from carquery.application.ports.crm_people import KnownToHaveLeft
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.environment import Clock
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

NOTES: Final = "/api/v4/leads/notes"
TASKS: Final = "/api/v4/tasks"


@dataclass(frozen=True, slots=True)
class Notes:
    """One note for a lead; it is known by the reference in its text."""

    client: AmoCrmClient
    chats: ChatLinks

    async def make(self, leads: Sequence[Lead], permit: Permit) -> Outcomes:
        """Make them. Raises StoreUnavailable."""
        batches = Batches(self.client, NOTES, "notes", look=self._newest)
        return await batches.make([note_draft(lead, self.chats) for lead in leads], permit)

    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """Those that stand there. Raises CrmFailure."""
        return {lead.id: crm_id for lead in leads if (crm_id := await self._of(lead)) is not None}

    async def rewrite(self, lead: Lead, permit: Permit) -> None:
        """Let the note say what the lead says now. Raises CrmFailure, and Refusal."""
        text = crm_texts.note(lead, AMOCRM, self.chats)
        note = {"id": lead.made[Effect.NOTE], "note_type": "common", "params": {"text": text}}
        path = f"/api/v4/leads/{lead.made[Effect.LEAD]}/notes"
        await self.client.write("PATCH", path, [note], permit=permit)

    async def add(self, lead: Lead, line: str, permit: Permit) -> None:
        """Let the note say this too, below whatever stands there by now. Raises CrmFailure."""
        path = f"/api/v4/leads/{lead.made[Effect.LEAD]}/notes"
        with suppress(Refusal, UnreadableAnswer):  # a note that can't be read or changed stays as it is
            body = await self.client.read(f"{path}/{lead.made[Effect.NOTE]}")
            said = None if body is None else read_as(NoteRow, body).params.text
            if said is not None and line not in said.splitlines():
                note = {"id": lead.made[Effect.NOTE], "note_type": "common", "params": {"text": f"{said}\n{line}"}}
                await self.client.write("PATCH", path, [note], permit=permit)

    async def _newest(self, leads: Sequence[Lead]) -> dict[LeadId, CrmId]:
        return await marked_newest(self.client, NoteRow, NOTES, "notes", leads)

    async def _of(self, lead: Lead) -> CrmId | None:
        path = f"/api/v4/leads/{lead.made[Effect.LEAD]}/notes"
        rows = await rows_of(self.client, NoteRow, path, "notes", {"limit": str(PAGE), "order[id]": "asc"})
        return next((row.id for row in rows if row.says(lead.reference)), None)


@dataclass(frozen=True, slots=True)
class Tasks:
    """One task for a lead, if tasks are wanted at all; it is known by the reference in its text."""

    client: AmoCrmClient
    config: AmoCrmConfig
    clock: Clock
    dealership: ToldOfDealership
    left: KnownToHaveLeft

    async def make(self, leads: Sequence[Lead], permit: Permit) -> Outcomes:
        """Make them, due some working minutes from now. Raises StoreUnavailable."""
        minutes = {lead.id: lead.route.task_minutes_or(self.config.task_after) for lead in leads}
        unwanted: Outcomes = {lead: CrmMade(NOTHING_TO_MAKE) for lead, due_in in minutes.items() if not due_in}
        now, told, left = self.clock.now(), self.dealership(), self.left()
        drafts = [
            task_draft(lead, self.config, left, due_at=int(told.after(now, minutes[lead.id]).timestamp()))
            for lead in leads
            if lead.id not in unwanted
        ]
        batches = Batches(self.client, TASKS, "tasks", look=self._newest)
        return unwanted | await batches.make(drafts, permit)

    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """Those that stand there. Raises CrmFailure."""
        return {lead.id: crm_id for lead in leads if (crm_id := await self._of(lead)) is not None}

    async def _newest(self, leads: Sequence[Lead]) -> dict[LeadId, CrmId]:
        return await marked_newest(self.client, TaskRow, TASKS, "tasks", leads)

    async def _of(self, lead: Lead) -> CrmId | None:
        params = {
            "filter[entity_type]": "leads",
            "filter[entity_id]": str(lead.made[Effect.LEAD]),
            "limit": str(PAGE),
        }
        rows = await rows_of(self.client, TaskRow, TASKS, "tasks", params)
        return next((row.id for row in rows if row.says(lead.reference)), None)

"""Telling amoCRM who has taken a lead."""

from dataclasses import dataclass
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.deals import PATH
from carquery.adapters.amocrm.listing import PAGE, rows_of
from carquery.adapters.amocrm.notes_and_tasks import TASKS
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.wire import NoteRow, TaskRow
from carquery.application.ports.crm import Permit
from carquery.domain.effects import CrmId
from carquery.domain.ids import CrmUserId, Reference
from carquery.domain.reason import Reason

_OPEN: Final = "0"


@dataclass(frozen=True, slots=True)
class AmoCrmHandOvers:
    """The deal, then our task there: whoever has the deal is to be reminded too."""

    client: AmoCrmClient

    async def hand_over(self, deal: CrmId, reference: Reference, to: CrmUserId, permit: Permit) -> Reason | None:
        try:
            await self.client.write("PATCH", PATH, [{"id": deal, "responsible_user_id": to}], permit=permit)
        except Refusal as refusal:
            return refusal.reason
        tasks = [{"id": task, "responsible_user_id": to} for task in await self._tasks(deal, reference)]
        if tasks:
            try:
                await self.client.write("PATCH", TASKS, tasks, permit=permit)
            except Refusal:
                return None  # the deal is theirs; a task that somebody has just finished or deleted is nobody's
        return None

    async def note(self, deal: CrmId, text: str, permit: Permit) -> Reason | None:
        note = {"note_type": "common", "params": {"text": text}}
        try:
            await self.client.write("POST", f"{PATH}/{deal}/notes", [note], permit=permit)
        except Refusal as refusal:
            return refusal.reason
        return None

    async def is_noted(self, deal: CrmId, text: str) -> bool:
        params = {"limit": str(PAGE), "order[id]": "desc"}
        rows = await rows_of(self.client, NoteRow, f"{PATH}/{deal}/notes", "notes", params)
        return any(text in row.params.text for row in rows)

    async def _tasks(self, deal: CrmId, reference: Reference) -> list[CrmId]:
        params = {
            "filter[entity_type]": "leads",
            "filter[entity_id]": str(deal),
            "filter[is_completed]": _OPEN,
            "limit": str(PAGE),
        }
        rows = await rows_of(self.client, TaskRow, TASKS, "tasks", params)
        return [row.id for row in rows if row.says(reference)]

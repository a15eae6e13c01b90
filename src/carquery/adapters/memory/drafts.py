"""Forms that were left unfinished, in the process."""

from collections.abc import Collection, Sequence
from datetime import datetime

from carquery.adapters.memory.database import MemoryDatabase, StoredDraft
from carquery.adapters.stored.answer_json import UnreadableJson
from carquery.adapters.stored.draft_json import draft_from_json, draft_to_json
from carquery.domain.draft import Draft
from carquery.domain.ids import CustomerId, DialogId, LeadId


class MemoryDrafts:
    """Keeps drafts in a `MemoryDatabase`."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def write(self, kept: Sequence[Draft], *, ended: Collection[DialogId], at: datetime) -> None:
        self._database.check()
        for draft in kept:
            stored = self._database.drafts.get(draft.dialog.id)
            if stored is None or not (stored.has_ended or stored.revision > draft.dialog.revision):
                self._database.drafts[draft.dialog.id] = _stored(
                    draft, is_claimed=stored is not None and stored.is_claimed
                )
        for dialog in ended:
            self._database.end_draft(dialog, at=at)

    async def of(self, customer: CustomerId, *, touched_since: datetime) -> Draft | None:
        self._database.check()
        theirs = [
            (stored.touched_at, dialog)
            for dialog, stored in self._database.drafts.items()
            if stored.customer == customer and stored.touched_at >= touched_since and not self._is_sent(dialog)
        ]
        return self.draft(max(theirs)[1]) if theirs else None

    async def silent(
        self, *, touched_since: datetime, touched_until: datetime, at_most: int, after: Draft | None = None
    ) -> Sequence[Draft]:
        self._database.check()
        due = sorted(
            (stored.touched_at, dialog)
            for dialog, stored in self._database.drafts.items()
            if stored.can_be_called_back
            and touched_since <= stored.touched_at <= touched_until
            and not self.has_lead(dialog)
        )
        later = due if after is None else [place for place in due if place > (after.touched_at, after.dialog.id)]
        readable = [draft for _, dialog in later if (draft := self.draft(dialog)) is not None]
        return readable[:at_most]

    async def forget(self, *, touched_before: datetime, at_most: int) -> int:
        self._database.check()
        rows = self._database.drafts
        old = [dialog for dialog, stored in rows.items() if stored.touched_at < touched_before][:at_most]
        for dialog in old:
            del rows[dialog]
        return len(old)

    def has_lead(self, dialog: DialogId) -> bool:
        """Whether there is a lead of it, finished or not."""
        return LeadId(dialog) in self._database.leads

    def _is_sent(self, dialog: DialogId) -> bool:
        return self.has_lead(dialog) and not self._database.leads[LeadId(dialog)].lead.is_unfinished

    def draft(self, dialog: DialogId) -> Draft | None:
        """It as it is stored, if it can be read."""
        stored = self._database.drafts[dialog]
        if stored.customer is None:
            return None
        try:
            return draft_from_json(
                stored.body,
                customer=stored.customer,
                dialog_id=dialog,
                service=stored.service,
                revision=stored.revision,
                touched_at=stored.touched_at,
            )
        except UnreadableJson:
            return None


def _stored(draft: Draft, *, is_claimed: bool) -> StoredDraft:
    return StoredDraft(
        draft.touched_at,
        draft.customer,
        draft.dialog.form.service.value,
        draft.dialog.revision,
        draft_to_json(draft),
        is_claimed=is_claimed,
        can_be_called_back=draft.can_be_called_back,
    )

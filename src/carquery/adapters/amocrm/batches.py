"""Making many things in one request, so that one bad item costs only itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.drafts import Draft
from carquery.adapters.amocrm.problems import ItemError, Refusal
from carquery.adapters.amocrm.wire import MadeRow, UnreadableAnswer, rows_as
from carquery.application.ports.crm import CrmAmbiguous, CrmFailure, CrmMade, CrmOutcome, CrmRefused, Permit
from carquery.domain.ids import LeadId
from carquery.domain.lead import CrmId, Lead

Look: TypeAlias = Callable[[Sequence[Lead]], Awaitable[Mapping[LeadId, CrmId]]]
Outcomes: TypeAlias = dict[LeadId, CrmOutcome]

MOST_MENDINGS = 12
"""Nine fields, the tags and the user can be refused one after the other; whatever is refused still, stays so."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Creations of one kind.

    Attributes:
        path: where they are POSTed to.
        embedded: what the answer calls them.
        look: which of these leads' things stand in amoCRM already.
    """

    client: AmoCrmClient
    path: str
    embedded: str
    look: Look

    async def make(self, drafts: Sequence[Draft], permit: Permit) -> Outcomes:
        """Make them in as few requests as amoCRM lets us. Raises StoreUnavailable."""
        outcomes: Outcomes = {}
        for _ in range(MOST_MENDINGS):
            if not drafts:
                return outcomes
            try:
                answer = await self.client.write("POST", self.path, [draft.body for draft in drafts], permit=permit)
            except CrmFailure as failure:
                return outcomes | _all(drafts, failure)
            except Refusal as refusal:
                drafts, settled = await self._after(refusal, drafts, permit)
                outcomes |= settled
            else:
                return outcomes | self._made(answer, drafts)
        return outcomes | _all(drafts, CrmRefused("amoCRM отказывает снова и снова"))

    def _made(self, answer: object, drafts: Sequence[Draft]) -> Outcomes:
        try:
            made = {row.request_id: row.id for row in rows_as(MadeRow, answer, self.embedded)}
        except UnreadableAnswer as unreadable:
            return _all(drafts, CrmAmbiguous(f"amoCRM answered {unreadable}"))
        return {
            draft.lead.id: CrmMade(made[draft.lead.id], draft.left_out)
            if draft.lead.id in made
            else CrmAmbiguous("amoCRM's answer does not name it")
            for draft in drafts
        }

    async def _after(
        self, refusal: Refusal, drafts: Sequence[Draft], permit: Permit
    ) -> tuple[Sequence[Draft], Outcomes]:
        """What to try again, and what is settled."""
        if len(drafts) == 1:
            mended = drafts[0].without(refusal.errors)
            return (
                ((), _all(drafts, CrmRefused(_words(refusal, drafts[0], refusal.errors))))
                if mended is None
                else ((mended,), {})
            )
        try:
            # Nobody promises that a batch is refused as a whole.
            made = await self.look([draft.lead for draft in drafts])
        except CrmFailure as failure:
            return (), _all(drafts, CrmAmbiguous(str(failure)))
        outcomes: Outcomes = {
            draft.lead.id: CrmMade(made[draft.lead.id], draft.left_out) for draft in drafts if draft.lead.id in made
        }
        left = [draft for draft in drafts if draft.lead.id not in made]
        errors = _by_lead(refusal)
        if not any(draft.lead.id in errors for draft in left):
            # It does not say which: each alone, and the bad one shows itself.
            for draft in left:
                outcomes |= await self.make([draft], permit)
            return (), outcomes
        again = []
        for draft in left:
            mended = draft.without(errors[draft.lead.id]) if draft.lead.id in errors else draft
            if mended is None:
                outcomes[draft.lead.id] = CrmRefused(_words(refusal, draft, errors[draft.lead.id]))
            else:
                again.append(mended)
        return again, outcomes


def _all(drafts: Sequence[Draft], outcome: CrmOutcome) -> Outcomes:
    return {draft.lead.id: outcome for draft in drafts}


def _by_lead(refusal: Refusal) -> dict[str, list[ItemError]]:
    """Whose item each error is about."""
    by_lead: dict[str, list[ItemError]] = {}
    for error in refusal.errors:
        if error.request_id is not None:
            by_lead.setdefault(error.request_id, []).append(error)
    return by_lead


def _words(refusal: Refusal, draft: Draft, errors: Sequence[ItemError]) -> str:
    return f"amoCRM отказала (HTTP {refusal.status}): {draft.explained(errors)}" if errors else refusal.words

"""Making many things in one request, so that one bad item costs only itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from carquery.adapters.amocrm.client import AmoCrmClient, LookFirst
from carquery.adapters.amocrm.drafts import Draft
from carquery.adapters.amocrm.problems import ItemError, Refusal, refused
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import MadeRow, UnreadableAnswer, rows_as
from carquery.application.ports.crm import CrmAmbiguous, CrmFailure, CrmGone, CrmMade, CrmOutcome, CrmRefused, Permit
from carquery.domain.effects import CrmId
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason

Look: TypeAlias = Callable[[Sequence[Lead]], Awaitable[Mapping[LeadId, CrmId]]]
Outcomes: TypeAlias = dict[LeadId, CrmOutcome]

MOST_MENDINGS: Final = 12
"""Nine fields, the tags and the user can be refused one after the other; whatever is refused still, stays so."""

MOST_LOOKS: Final = 3
"""After so many answers of a server in front of amoCRM, the rest waits."""


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
        looks = 0
        for _ in range(MOST_MENDINGS):
            if not drafts:
                return outcomes
            try:
                answer = await self.client.write("POST", self.path, [draft.body for draft in drafts], permit=permit)
            except LookFirst as instead:
                looks += 1
                if looks > MOST_LOOKS:
                    return outcomes | _all(drafts, CrmAmbiguous(instead.reason))
                drafts, settled = await self._without_standing(drafts)
            except CrmFailure as failure:
                return outcomes | _all(drafts, failure)
            except Refusal as refusal:
                drafts, settled = await self._after(refusal, drafts, permit)
            else:
                return outcomes | self._made(answer, drafts)
            outcomes |= settled
        return outcomes | _all(drafts, CrmRefused(AmoReason.REFUSED_AGAIN()))

    def _made(self, answer: object, drafts: Sequence[Draft]) -> Outcomes:
        try:
            made = {row.request_id: row.id for row in rows_as(MadeRow, answer, self.embedded)}
        except UnreadableAnswer as unreadable:
            return _all(drafts, CrmAmbiguous(AmoReason.ODD_ANSWER(path=self.path, found=unreadable)))
        return {
            draft.lead.id: CrmMade(made[draft.lead.id], draft.left_out)
            if draft.lead.id in made
            else CrmAmbiguous(AmoReason.NOT_NAMED())
            for draft in drafts
        }

    async def _without_standing(self, drafts: Sequence[Draft]) -> tuple[Sequence[Draft], Outcomes]:
        """Those that do not stand there, and what is settled."""
        try:
            made = await self.look([draft.lead for draft in drafts])
        except CrmFailure as failure:
            return (), _all(drafts, CrmAmbiguous(failure.reason))
        settled: Outcomes = {
            draft.lead.id: CrmMade(made[draft.lead.id], draft.left_out) for draft in drafts if draft.lead.id in made
        }
        return [draft for draft in drafts if draft.lead.id not in made], settled

    async def _after(
        self, refusal: Refusal, drafts: Sequence[Draft], permit: Permit
    ) -> tuple[Sequence[Draft], Outcomes]:
        """What to try again, and what is settled. Nobody promises that nothing of what was refused was made."""
        is_only = len(drafts) == 1
        drafts, outcomes = await self._without_standing(drafts)
        errors = {draft.lead.id: refusal.reasons for draft in drafts} if is_only else _by_lead(refusal)
        if not any(draft.lead.id in errors for draft in drafts):
            # It does not say which: each alone, and the bad one shows itself.
            for draft in drafts:
                outcomes |= await self.make([draft], permit)
            return (), outcomes
        again = []
        for draft in drafts:
            said = errors.get(draft.lead.id)
            mended = draft if said is None else draft.without(said)
            if said is not None and (gone := draft.gone(said)) is not None:
                outcomes[draft.lead.id] = CrmGone(gone, _reason(refusal, draft, said))
            elif mended is None:
                outcomes[draft.lead.id] = CrmRefused(_reason(refusal, draft, said or ()))
            else:
                again.append(mended)
        return again, outcomes


def _all(drafts: Sequence[Draft], outcome: CrmOutcome) -> Outcomes:
    return {draft.lead.id: outcome for draft in drafts}


def _by_lead(refusal: Refusal) -> dict[str, tuple[ItemError, ...]]:
    """Whose item each error is about."""
    named = {error.request_id for error in refusal.errors if error.request_id is not None}
    return {lead: tuple(error for error in refusal.errors if error.request_id == lead) for lead in named}


def _reason(refusal: Refusal, draft: Draft, errors: Sequence[ItemError]) -> Reason:
    return refused(refusal.status, draft.explained(errors)) if refusal.errors and errors else refusal.reason

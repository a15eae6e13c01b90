"""Make leads of forms whose customers fell silent with their number in them.

A lead has the id of its dialog: of many processes that make one, one has made it; and when its customer comes back and
sends the form, that is the same lead.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from carquery.application.conversation.navigator import Navigator
from carquery.application.leads.named_leads import add_named
from carquery.application.ports.crm_people import KnownToHaveLeft, nobody_left
from carquery.application.ports.customers import Customers
from carquery.application.ports.dealership import ToldOfDealership
from carquery.application.ports.drafts import Drafts
from carquery.application.ports.environment import Bell, Clock, Randomness
from carquery.application.ports.leads import Leads
from carquery.domain.draft import Draft
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.domain.silences import Silence, unfinished_silence
from carquery.domain.visit import Acquaintance, Visit

AT_ONCE: Final = 200
"""Forms in one page of the database's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUnfinished:
    """One pass over those who have been silent for long enough, while the dealership is open."""

    drafts: Drafts
    customers: Customers
    leads: Leads
    navigator: Navigator
    clock: Clock
    randomness: Randomness
    bell: Bell
    dealership: ToldOfDealership
    departed: KnownToHaveLeft = nobody_left

    async def __call__(self) -> tuple[Reference, ...]:
        """Make the leads that are due; delivery learns of them. Raises StoreUnavailable: a later pass goes on."""
        silence = unfinished_silence(self.dealership(), at=self.clock.now())
        if silence is None:
            return ()
        made: list[Reference] = []
        async for draft in self._silent(silence):
            known = await self.customers.acquaintance(draft.customer)
            if self._may_use(draft, known):
                made.append(await self._store(draft, known))
        if made:
            self.bell.ring()
        return tuple(made)

    async def _silent(self, silence: Silence) -> AsyncIterator[Draft]:
        """All of them, also those that come after many that may not be used."""
        since, until = silence.since, silence.until
        page = await self.drafts.silent(touched_since=since, touched_until=until, at_most=AT_ONCE)
        while page:
            for draft in page:
                yield draft
            if len(page) < AT_ONCE:
                return
            page = await self.drafts.silent(touched_since=since, touched_until=until, at_most=AT_ONCE, after=page[-1])

    def _may_use(self, draft: Draft, known: Acquaintance) -> bool:
        """Whether there is consent to what is asked for by now."""
        return not self.navigator.must_ask_consent(Visit.begin(draft.customer, known, at=self.clock.now()))

    async def _store(self, draft: Draft, known: Acquaintance) -> Reference:
        dialog, routing = draft.dialog, self.dealership().routing
        service, source = dialog.form.service, dialog.source

        def lead_called(reference: Reference) -> Lead:
            return Lead.of(
                dialog,
                customer=draft.customer,
                reference=reference,
                at=self.clock.now(),
                conversation=draft.conversation,
                consent=None if known.consent is None else known.consent.fingerprint,
                handle=draft.handle,
                route=routing.of(service, source),
                is_unfinished=True,
            )

        turn = routing.turn(service, source, without=self.departed())
        return (await add_named(self.leads, self.randomness, lead_called, turn=turn)).reference

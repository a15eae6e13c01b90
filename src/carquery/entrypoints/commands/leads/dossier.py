"""A lead with all that hangs on it, for whoever shows or writes out leads."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from dishka import AsyncContainer

from carquery.application.ports.amendments import Amendments
from carquery.application.ports.first_touches import FirstTouches
from carquery.application.ports.leads import Chosen, Leads
from carquery.application.ports.takes import Takes
from carquery.domain.amendment import Amendment
from carquery.domain.first_touch import FirstTouch
from carquery.domain.lead import Lead
from carquery.domain.take import Take
from carquery.entrypoints.commands.leads.reading import pages


@dataclass(frozen=True, slots=True)
class Dossier:
    """A lead; what its customer changed of it; who took it in the staff chat, and when it was first touched."""

    lead: Lead
    amendments: tuple[Amendment, ...] = ()
    take: Take | None = None
    touch: FirstTouch | None = None


@dataclass(frozen=True, slots=True)
class Dossiers:
    """Reads them from the stores."""

    leads: Leads
    amendments: Amendments
    takes: Takes
    touches: FirstTouches

    @classmethod
    async def of(cls, container: AsyncContainer) -> "Dossiers":
        """With the stores of that container."""
        return cls(
            await container.get(Leads),
            await container.get(Amendments),
            await container.get(Takes),
            await container.get(FirstTouches),
        )

    async def about(self, leads: Collection[Lead]) -> list[Dossier]:
        """Of these leads, in their order."""
        ids = [lead.id for lead in leads]
        changed = await self.amendments.of(ids)
        takes, touches = await self.takes.of_leads(ids), await self.touches.of_leads(ids)
        return [Dossier(lead, changed.get(lead.id, ()), takes.get(lead.id), touches.get(lead.id)) for lead in leads]

    async def every(self, chosen: Chosen) -> AsyncIterator[Dossier]:
        """All of the chosen leads, newest first. Those that come in meanwhile are not among them."""
        async for page in pages(self.leads, chosen):
            for one in await self.about(page):
                yield one

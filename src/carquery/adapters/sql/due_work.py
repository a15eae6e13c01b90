"""Whether anything is to be brought into the CRM: one look at the database, instead of claims that find nothing."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.amendments import deliverable
from carquery.adapters.sql.claiming import claimable
from carquery.adapters.sql.dialects import Moments
from carquery.adapters.sql.direct import Direct
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.repeating import repeating
from carquery.adapters.sql.takes import untold
from carquery.application.ports.environment import Clock
from carquery.domain.claiming import CONTACT_SETTLES


@dataclass(frozen=True, slots=True)
class Due:
    """What a claim would be given some of."""

    leads: bool
    amendments: bool
    takes: bool


@repeating
class DueWork:
    """Looks at leads, at what customers change of them, and at who has taken them; nothing is claimed."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._moments = Moments(engine, clock)
        now, settled = self._moments.column("now"), self._moments.column("settled")
        oldest = {
            "leads": claimable(now, settled).limit(1),
            "amendments": deliverable(now),
            "takes": untold(now),
        }
        self._oldest = Direct(engine, select(*(one.scalar_subquery().label(name) for name, one in oldest.items())))

    async def look(self) -> Due:
        """Raises StoreUnavailable."""
        async with translated():
            (oldest,) = await self._oldest(self._moments.bound(now=timedelta(), settled=-CONTACT_SETTLES))
        return Due(**{name: one is not None for name, one in oldest.items()})

"""The port to how deals stand in the CRM, for whoever tells others of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from carquery.domain.effects import CrmId


class DealPhase(StrEnum):
    """`waiting`: it stands where it was put, and nobody has touched it; `in_work`: somebody has; `closed`."""

    WAITING = "waiting"
    IN_WORK = "in_work"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DealState:
    """How a deal stands.

    Attributes:
        is_won: it is closed, and the dealership has sold or bought.
        responsible: the number of the user who has it; `None`: nobody says.
        responsible_name: as the CRM's users see it; empty: we may not know.
    """

    phase: DealPhase
    is_won: bool = False
    responsible: CrmId | None = None
    responsible_name: str = ""


class CrmDeals(Protocol):
    """Looks at deals."""

    async def states(self, deals: Collection[CrmId]) -> Mapping[CrmId, DealState]:
        """How these deals stand now, asked for in one request where the CRM allows it.

        Returns:
            By deal; one that is not in it was deleted, or merged into another.

        Raises:
            CrmFailure: nothing is known.
            StoreUnavailable: as calls to the CRM.
        """
        ...

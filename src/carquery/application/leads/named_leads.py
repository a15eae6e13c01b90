"""A new lead gets a reference that no other has."""

from collections.abc import Callable

from carquery.application.ports.environment import Randomness
from carquery.application.ports.leads import Leads, ReferenceTaken
from carquery.domain.dealership.routing import Turn
from carquery.domain.ids import Reference
from carquery.domain.lead import Lead
from carquery.domain.lead_limits import LeadLimits


async def add_named(
    leads: Leads,
    randomness: Randomness,
    lead_called: Callable[[Reference], Lead],
    *,
    limits: LeadLimits | None = None,
    turn: Turn | None = None,
) -> Lead:
    """As `Leads.add`, but for ReferenceTaken: six characters collide now and then, and are drawn again."""
    while True:
        try:
            return await leads.add(lead_called(randomness.reference()), limits=limits, turn=turn)
        except ReferenceTaken:
            continue

"""The port to the people who run the bot: the admin chat."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from carquery.domain.ids import Reference
from carquery.domain.lead import CrmId


@dataclass(frozen=True, slots=True)
class LeadNotDelivered:
    """A lead could not be delivered. `dead`: it will not be tried again by itself."""

    reference: Reference
    reason: str
    dead: bool


@dataclass(frozen=True, slots=True)
class CrmClosed:
    """The CRM does not let us in; leads wait. `reason`: in its own words."""

    reason: str


@dataclass(frozen=True, slots=True)
class ContactToErase:
    """A customer had their data erased; these CRM contacts are to be erased by a person."""

    contacts: tuple[CrmId, ...]


Alert: TypeAlias = LeadNotDelivered | CrmClosed | ContactToErase


class Alerts(Protocol):
    """Messages for the people who run the bot."""

    async def tell(self, alert: Alert) -> None:
        """Say it, if it can be said now. Never raises: what failed here is logged, the caller goes on."""
        ...

"""What all processes that call amoCRM share, and stores keep: the authorisation, whose turn it is, known contacts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NewType, Protocol

from carquery.application.ports.crm import Closure
from carquery.domain.contact import Phone
from carquery.domain.effects import CrmId
from carquery.domain.reason import Reason

Renewal = NewType("Renewal", str)
"""A fencing token: names one right to renew the grant."""


@dataclass(frozen=True, slots=True)
class CrmGrant:
    """What the CRM gave us for a one-time code, or for the refresh token before.

    Attributes:
        base_url: the account's address, such as https://example.amocrm.ru; it belongs to the tokens.
        refresh_token: good for one renewal.
        expires_at: of the access token.
        configured_url: the address in the settings when this one was learnt; another one in them takes precedence.
    """

    base_url: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    configured_url: str | None = None


class TokensUnreadable(Exception):
    """The stored tokens were encrypted with another key."""


class RenewalLost(Exception):
    """The right to renew ran out and somebody else has it; nothing was written."""


class CrmTokens(Protocol):
    """The grant, one for the whole installation. Every method may raise `StoreUnavailable`."""

    async def load(self) -> CrmGrant | None:
        """The grant; `None` if nobody has logged in. Raises TokensUnreadable."""
        ...

    async def store(self, grant: CrmGrant) -> None:
        """Replace whatever is stored, durably; whoever is renewing loses the right to."""
        ...

    async def begin_renewal(self, grant: CrmGrant, *, at_most: timedelta) -> Renewal | None:
        """Take the right to renew this grant; nobody else in the installation has it meanwhile.

        Having it proves that the grant can be written.

        Returns:
            None: somebody else has the right, or another grant is stored by now; load again.
        """
        ...

    async def renewed(self, renewal: Renewal, grant: CrmGrant) -> None:
        """Store the new grant durably and give the right back. Raises RenewalLost."""
        ...

    async def call_off(self, renewal: Renewal) -> None:
        """Give the right back: the stored grant is as good, or as bad, as before."""
        ...


class GateClosed(Exception):
    """Nobody may call the CRM for now."""

    def __init__(self, closure: Closure) -> None:
        super().__init__(str(closure.reason))
        self.closure = closure


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn to call the CRM, or none.

    Attributes:
        is_ours: it was taken: call now.
        next_in: how long until the next one may be used, if it was taken ahead; or until it is worth asking again.
    """

    is_ours: bool
    next_in: timedelta


class CrmGate(Protocol):
    """Who may call the CRM when, in the whole installation. Every method may raise `StoreUnavailable`."""

    async def take_turn(self, *, ahead: int = 0) -> Turn:
        """Take the next turn, if it is there: turns lie so far apart that the CRM's limit is kept.

        Args:
            ahead: take as many after it too. Each lies as far from the one before; whoever has them may use them
                without asking, also in a pause, or when the gate was closed meanwhile.

        Raises:
            GateClosed: no calls for now.
        """
        ...

    async def pause(self, time: timedelta) -> None:
        """Let nobody call before that time has passed."""
        ...

    async def close(self, reason: Reason, *, shortest: timedelta, longest: timedelta) -> None:
        """Let nobody call: for `shortest` at first, twice as long at each further closing, up to `longest`.

        A gate that is closed stays as it is, so that several who find the door locked at once count as one.
        """
        ...

    async def open(self) -> None:
        """The CRM lets us in (again): the next closing is short."""
        ...

    async def closure(self) -> Closure | None:
        """Whether the gate is closed, and why."""
        ...


class KnownContacts(Protocol):
    """CRM contacts that were made or found for earlier leads; the CRM's own search may not know the newest yet."""

    async def contacts_of(self, phones: Collection[Phone]) -> Mapping[Phone, CrmId]:
        """The contact of the newest lead with each phone that has one. Raises StoreUnavailable."""
        ...

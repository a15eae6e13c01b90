"""How long a lease lets us act, and until when a call may begin whose intent is recorded."""

import math
from dataclasses import dataclass, field
from datetime import timedelta

from carquery.application.leads.reasons import LeadReason
from carquery.application.ports.crm import CrmLeaseTooShort
from carquery.application.ports.environment import Clock


@dataclass(slots=True, kw_only=True)
class LeasePermit:
    """A `Permit`: whatever is begun under it ends while the lease runs.

    Attributes:
        lease: how long it lasts.
        call: the longest that a call to the CRM takes.
        since: the clock's monotonic time just before the lease was taken or renewed; it runs no shorter than from then.
    """

    clock: Clock
    lease: timedelta
    call: timedelta
    since: float
    _begin_until: float = field(default=math.inf, init=False)

    @property
    def is_running(self) -> bool:
        """Whether the lease runs, as far as one can know here."""
        return self.clock.monotonic() < self._until

    @property
    def _until(self) -> float:
        return self.since + self.lease.total_seconds()

    def must_call_within(self, time: timedelta | None) -> None:
        """Intents are recorded from now on; how soon their calls have to begin. None: whenever they like."""
        self._begin_until = math.inf if time is None else self.clock.monotonic() + time.total_seconds()

    def end(self) -> None:
        """Somebody else has it: no further effect."""
        self.since = -math.inf

    def check(self) -> None:
        if self.clock.monotonic() > self._begin_until:
            raise CrmLeaseTooShort(LeadReason.TURN_CAME_LATE())
        if self.clock.monotonic() + self.call.total_seconds() > self._until:
            raise CrmLeaseTooShort(LeadReason.LEASE_ENDS())

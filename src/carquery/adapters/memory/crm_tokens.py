"""The grant, in the process."""

from datetime import datetime, timedelta

from carquery.adapters.amocrm.ports import CrmGrant, Renewal, RenewalLost
from carquery.adapters.memory.failures import Failures
from carquery.application.ports.environment import Clock


class MemoryCrmTokens(Failures):
    """One grant, and who renews it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._grant: CrmGrant | None = None
        self._renewal: Renewal | None = None
        self._renewal_until: datetime | None = None
        self._renewals = 0

    async def load(self) -> CrmGrant | None:
        self.check()
        return self._grant

    async def store(self, grant: CrmGrant) -> None:
        self.check()
        self._put(grant)

    async def begin_renewal(self, grant: CrmGrant, *, at_most: timedelta) -> Renewal | None:
        self.check()
        now = self._clock.now()
        is_taken = self._renewal_until is not None and self._renewal_until > now
        if is_taken or grant != self._grant:
            return None
        self._renewals += 1
        self._renewal, self._renewal_until = Renewal(str(self._renewals)), now + at_most
        return self._renewal

    async def renewed(self, renewal: Renewal, grant: CrmGrant) -> None:
        self.check()
        if renewal != self._renewal:
            raise RenewalLost
        self._put(grant)

    async def call_off(self, renewal: Renewal) -> None:
        self.check()
        if renewal == self._renewal:
            self._renewal = self._renewal_until = None

    def _put(self, grant: CrmGrant) -> None:
        self._grant = grant
        self._renewal = self._renewal_until = None

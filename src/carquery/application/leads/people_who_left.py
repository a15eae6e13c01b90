"""Who of those that take leads in turn has left the CRM, remembered so that no customer waits for an answer to it."""

from carquery.application.ports.crm_people import CrmPeople
from carquery.application.ports.dealership import ToldOfDealership
from carquery.domain.ids import CrmUserId


class PeopleWhoLeft:
    """Asked before each turn; somebody lets it look now and then."""

    def __init__(self, people: CrmPeople, dealership: ToldOfDealership) -> None:
        self._people = people
        self._dealership = dealership
        self._left: frozenset[CrmUserId] = frozenset()

    def __call__(self) -> frozenset[CrmUserId]:
        """As `KnownToHaveLeft` promises."""
        return self._left

    async def look(self) -> frozenset[CrmUserId]:
        """Ask the CRM about everybody whom the dealership names; nobody is asked if it names nobody.

        Returns:
            Those of whom it was not known before.

        Raises:
            CrmFailure, StoreUnavailable: what was known before is still.
        """
        named = self._dealership().routing.people
        before, self._left = self._left, await self._people.left(named) if named else frozenset()
        return self._left - before

"""The ports to those who work in the CRM: who has left, asked there, and as it is remembered."""

from collections.abc import Collection
from typing import Protocol

from carquery.domain.ids import CrmUserId


class CrmPeople(Protocol):
    """Looks at them."""

    async def left(self, people: Collection[CrmUserId]) -> frozenset[CrmUserId]:
        """Those of them who can be given nothing: they have left, or nobody knows them. Who may not look says nobody.

        Raises:
            CrmFailure: nothing is known.
            StoreUnavailable: as calls to the CRM.
        """
        ...


class KnownToHaveLeft(Protocol):
    """What was seen when somebody looked last."""

    def __call__(self) -> frozenset[CrmUserId]:
        """Who can be given nothing. Never fails, and waits for nothing."""
        ...


def nobody_left() -> frozenset[CrmUserId]:
    """When nobody looks."""
    return frozenset()

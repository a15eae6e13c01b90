"""Those who work in the account."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import UnreadableAnswer, has_next, rows_as
from carquery.application.ports.crm import CrmBusy
from carquery.domain.ids import CrmUserId

PATH = "/api/v4/users"


@dataclass(frozen=True, slots=True)
class RightsRow:
    """What a user may do."""

    is_active: bool = True


@dataclass(frozen=True, slots=True)
class UserRow:
    """One who works in the account, or did."""

    id: int
    name: str = ""
    rights: RightsRow = field(default_factory=RightsRow)


async def all_users(client: AmoCrmClient) -> AsyncIterator[UserRow]:
    """Raises Refusal: only administrators may look (HTTP 403); CrmFailure."""
    page = 1
    while True:
        body = await client.read(PATH, params={"page": str(page), "limit": "250"})
        try:
            for row in rows_as(UserRow, body, "users"):
                yield row
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable
        if not has_next(body):
            return
        page += 1


@dataclass(frozen=True, slots=True)
class Users:
    """`CrmPeople` of the account."""

    client: AmoCrmClient

    async def left(self, people: Collection[CrmUserId]) -> frozenset[CrmUserId]:
        try:
            active = {user.id async for user in all_users(self.client) if user.rights.is_active}
        except Refusal:
            return frozenset()
        return frozenset(person for person in people if person not in active)

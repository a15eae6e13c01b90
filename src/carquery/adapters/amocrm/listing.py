"""Looking for what a lost call may have made, without amoCRM's search index: the newest entities of a kind."""

import math
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import Page, UnreadableAnswer, page_as
from carquery.application.ports.crm import CrmBusy
from carquery.domain.effects import CrmId
from carquery.domain.ids import LeadId
from carquery.domain.lead import Lead

PAGE: Final = 250
"""The most that amoCRM gives at once."""

MOST_PAGES: Final = 40
"""Ten thousand newer entities than a call a few minutes ago can have made: that is another system's import."""

CLOCKS_DIFFER_BY: Final = timedelta(minutes=10)
"""At most, with the time that a call may be under way."""


class Dated(Protocol):
    """An entity that says when it was made (Unix seconds; 0: it does not say)."""

    @property
    def id(self) -> CrmId: ...
    @property
    def created_at(self) -> int: ...


class Marked(Dated, Protocol):
    """An entity that carries a reference."""

    def says(self, reference: str) -> bool: ...


R = TypeVar("R", bound=Dated)
M = TypeVar("M", bound=Marked)
T = TypeVar("T")


async def newest(  # each page is a turn of its own, so that others go between
    client: AmoCrmClient,
    kind: type[R],
    path: str,
    embedded: str,
    *,
    since: datetime,
    most_pages: int = MOST_PAGES,
) -> AsyncIterator[R]:
    """Everything made since then, newest first, and perhaps some more.

    Raises:
        CrmFailure: there may be more.
    """
    for page in range(1, most_pages + 1):
        params = {"order[id]": "desc", "limit": str(PAGE), "page": str(page)}
        read = await page_of(client, kind, path, embedded, params)
        for row in read.rows:
            yield row
        oldest = next((row.created_at for row in reversed(read.rows) if row.created_at), math.inf)
        if read.length < PAGE or oldest < since.timestamp():
            return
    raise CrmBusy(AmoReason.TOO_MUCH_SINCE(path=path, since=f"{since:%d.%m.%Y %H:%M}"))


async def marked_newest(
    client: AmoCrmClient, kind: type[M], path: str, embedded: str, leads: Sequence[Lead]
) -> dict[LeadId, CrmId]:
    """Which of the newest entities carry these leads' references. Raises CrmFailure."""
    found: dict[LeadId, CrmId] = {}
    async for row in newest(client, kind, path, embedded, since=since_intent(leads)):
        found |= {lead.id: row.id for lead in leads if row.says(lead.reference)}
        if len(found) == len(leads):
            break
    return found


async def rows_of(
    client: AmoCrmClient, kind: type[T], path: str, embedded: str, params: Mapping[str, str]
) -> tuple[T, ...]:
    """What can be read of one page of a list. Raises CrmFailure."""
    return (await page_of(client, kind, path, embedded, params)).rows


async def page_of(client: AmoCrmClient, kind: type[T], path: str, embedded: str, params: Mapping[str, str]) -> Page[T]:
    """One page of a list. Raises CrmFailure."""
    body = await readable(client, path, params)
    try:
        return page_as(kind, body, embedded)
    except UnreadableAnswer as unreadable:
        raise CrmBusy(AmoReason.ODD_ANSWER(path=path, found=unreadable)) from unreadable


async def readable(client: AmoCrmClient, path: str, params: Mapping[str, str] | None = None) -> object:
    """Read something that must be readable: who may not look, does not know what stands there. Raises CrmFailure."""
    try:
        return await client.read(path, params=params or {})
    except Refusal as refusal:
        raise CrmBusy(refusal.reason) from refusal


def since_intent(leads: Sequence[Lead]) -> datetime:
    """Before that, no call for any of these leads can have made anything."""
    return min(lead.intent.at if lead.intent else lead.created_at for lead in leads) - CLOCKS_DIFFER_BY

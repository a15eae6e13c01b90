"""What people have done in amoCRM, as its audit feed tells. Source: API v4, events; Kommo's pages, events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.listing import readable
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import Page, UnreadableAnswer, page_as, read_as
from carquery.application.ports.crm import CrmBusy
from carquery.application.ports.environment import Clock
from carquery.domain.effects import CrmId, Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import CrmUserId, LeadId
from carquery.domain.lead import Lead

PATH: Final = "/api/v4/events"
MOST_ENTITIES: Final = 10
"""In one filter. Source: Kommo's pages, events."""
PAGE: Final = 100
MOST_PAGES: Final = 10
"""More than a thousand acts on ten deals are no people's."""
KNOWN_FOR: Final = timedelta(hours=1)
"""As whom we are logged in."""

CALLS_AND_LETTERS: Final = ("outgoing_call", "outgoing_chat_message", "outgoing_sms", "outgoing_mail")
ON_CONTACTS: Final = (*CALLS_AND_LETTERS, "common_note_added", "task_completed")
"""Telephony that does not know the deal logs its calls there."""
ON_DEALS: Final = (*ON_CONTACTS, "lead_status_changed", "entity_responsible_changed")

_ROBOT: Final = 0


@dataclass(frozen=True, slots=True)
class EventRow:
    """An entry of the feed. `created_at`: Unix seconds; `created_by` 0: a robot."""

    entity_id: CrmId
    type: str
    created_by: int
    created_at: int


@dataclass(frozen=True, slots=True)
class _Ourselves:
    current_user_id: int = 0


@dataclass(frozen=True, slots=True)
class _Feed:
    """One kind of entity in the feed."""

    entity: str
    types: tuple[str, ...]
    effect: Effect


_FEEDS: Final = (_Feed("lead", ON_DEALS, Effect.LEAD), _Feed("contact", ON_CONTACTS, Effect.CONTACT))


class AmoCrmHistory:
    """Two requests a look: on the deals, and on their contacts.

    What the filters mean is checked again here: an account may ignore some, or refuse a kind of event that it does not
    know; from then on the feed is asked for all kinds. In which order it comes, nobody promises.
    """

    most_at_once: Final = MOST_ENTITIES

    def __init__(self, client: AmoCrmClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._names_types = True
        self._we: tuple[int, datetime] | None = None

    async def first_touches(self, leads: Sequence[Lead]) -> Mapping[LeadId, FirstTouch]:
        if not leads:
            return {}
        we, since = await self._ourselves(), min(_second(lead.created_at) for lead in leads)
        found: dict[LeadId, FirstTouch] = {}
        for feed in _FEEDS:
            ids = {lead.made[feed.effect] for lead in leads if lead.made.get(feed.effect)}
            rows = [row for row in await self._rows(feed, ids, since) if row.created_by not in {_ROBOT, we}]
            for lead in leads:
                touch = _first(rows, feed, lead)
                if touch is not None:
                    found[lead.id] = touch.or_earlier(found.get(lead.id))
        return found

    async def _ourselves(self) -> int:
        now = self._clock.now()
        if self._we is None or self._we[1] <= now:
            body = await readable(self._client, "/api/v4/account")
            try:
                self._we = read_as(_Ourselves, body).current_user_id, now + KNOWN_FOR
            except UnreadableAnswer as unreadable:
                raise CrmBusy(AmoReason.ODD_ANSWER(path="/api/v4/account", found=unreadable)) from unreadable
        return self._we[0]

    async def _rows(self, feed: _Feed, ids: Iterable[CrmId], since: int) -> list[EventRow]:
        """What happened to these since then. Raises CrmFailure: or it is too much."""
        rows: list[EventRow] = []
        wanted = sorted(ids)
        if not wanted:
            return rows
        asked = {
            "filter[entity]": feed.entity,
            "filter[entity_id]": ",".join(map(str, wanted)),
            "filter[created_at][from]": str(since),
            "limit": str(PAGE),
        }
        for number in range(1, MOST_PAGES + 1):
            page = await self._page(feed, {**asked, "page": str(number)})
            rows += page.rows
            if page.length < PAGE:
                return rows
        raise CrmBusy(AmoReason.TOO_MUCH_SINCE(path=PATH, since=f"{datetime.fromtimestamp(since, UTC):%d.%m.%Y %H:%M}"))

    async def _page(self, feed: _Feed, asked: Mapping[str, str]) -> Page[EventRow]:
        try:
            if self._names_types:
                try:
                    body = await self._client.read(PATH, params={**asked, "filter[type]": ",".join(feed.types)})
                except Refusal:
                    self._names_types = False
            if not self._names_types:
                body = await self._client.read(PATH, params=asked)
            return page_as(EventRow, body, "events")
        except Refusal as refusal:
            raise CrmBusy(refusal.reason) from refusal
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path=PATH, found=unreadable)) from unreadable


def _first(rows: Iterable[EventRow], feed: _Feed, lead: Lead) -> FirstTouch | None:
    """The earliest of them that is about that lead."""
    since, entity = _second(lead.created_at), lead.made.get(feed.effect)
    touches = (row for row in rows if row.entity_id == entity and row.type in feed.types and row.created_at >= since)
    first = min(touches, key=lambda row: row.created_at, default=None)
    return (
        None
        if first is None
        else FirstTouch(datetime.fromtimestamp(first.created_at, UTC), CrmUserId(first.created_by))
    )


def _second(moment: datetime) -> int:
    return int(moment.timestamp())

"""First touches in amoCRM's audit feed: what is one, and a feed that is late, mixed, long, or odd."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

import pytest

from carquery.adapters.amocrm.history import AmoCrmHistory
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.crm import CrmFailure
from carquery.domain.effects import Effect
from carquery.domain.first_touch import FirstTouch
from carquery.domain.ids import CrmUserId
from carquery.domain.lead import Lead
from carquery_emulators.amocrm import Salesperson
from carquery_emulators.amocrm.faults import FrontAnswer
from tests.adapters.amocrm.account import AmoCrmAccount, an_account
from tests.builders import HOUR, MINUTE, NOW, a_pending_lead


@dataclass(frozen=True, slots=True)
class WatchedDeal:
    """One lead in an account, and a salesman there."""

    account: AmoCrmAccount
    clock: SettableClock
    history: AmoCrmHistory
    lead: Lead
    oleg: CrmUserId

    @property
    def deal(self) -> int:
        return self.lead.made[Effect.LEAD]

    @property
    def salesman(self) -> Salesperson:
        return Salesperson(self.account.emulator.world, self.oleg)

    async def touch(self) -> FirstTouch | None:
        """What the history tells of the lead."""
        return (await self.history.first_touches([self.lead])).get(self.lead.id)

    def asked(self) -> list[str]:
        """The queries of the feed."""
        return [entry.query for entry in self.account.emulator.journal if entry.path == "/api/v4/events"]


@pytest.fixture
async def watched() -> AsyncIterator[WatchedDeal]:
    clock = SettableClock(NOW)
    async with an_account(clock=clock) as account:
        lead = await account.made(Effect.FILES, await account.made_up_to(Effect.FILES, a_pending_lead()))
        oleg = CrmUserId(account.emulator.world.add_user("Олег"))
        clock.pass_time(MINUTE)
        yield WatchedDeal(account, clock, AmoCrmHistory(account.client, clock), lead.delivered(at=NOW), oleg)


@pytest.mark.parametrize(
    "act",
    [
        lambda who, deal: who.call(deal),
        lambda who, deal: who.call(deal, on_contact=True),
        lambda who, deal: who.write(deal),
        lambda who, deal: who.note(deal, "Перезвонить"),
        lambda who, deal: who.complete_tasks(deal),
        lambda who, deal: who.close(deal),
    ],
    ids=["call", "call on the contact", "message", "note", "task", "move"],
)
async def test_what_a_person_does_for_the_customer_is_a_touch(
    watched: WatchedDeal, act: Callable[[Salesperson, int], None]
) -> None:
    act(watched.salesman, watched.deal)

    assert await watched.touch() == FirstTouch(watched.clock.now(), watched.oleg)


async def test_what_the_customer_a_robot_or_we_do_is_none(watched: WatchedDeal) -> None:
    world = watched.account.emulator.world
    watched.salesman.hear_of("incoming_call", watched.deal)
    for nobody in (0, world.admin):  # a robot; whose token this is
        world.happened("lead_status_changed", "leads", watched.deal, nobody)
        world.happened("common_note_added", "leads", watched.deal, nobody)

    assert await watched.touch() is None


async def test_a_new_owner_is_a_touch_of_who_made_them(watched: WatchedDeal) -> None:
    watched.salesman.hand_over(watched.deal, watched.oleg)

    assert await watched.touch() == FirstTouch(watched.clock.now(), watched.oleg)


async def test_a_feed_that_is_late_tells_later_and_with_the_right_time(watched: WatchedDeal) -> None:
    watched.account.emulator.faults.events_lag = HOUR.total_seconds()
    watched.salesman.call(watched.deal)
    touched_at = watched.clock.now()

    assert await watched.touch() is None
    watched.clock.pass_time(HOUR)
    assert await watched.touch() == FirstTouch(touched_at, watched.oleg)


async def test_a_feed_in_no_order_and_of_several_pages_tells_the_first(watched: WatchedDeal) -> None:
    first_at = watched.clock.now()
    for _ in range(250):
        watched.salesman.note(watched.deal, "!")
        watched.clock.pass_time(timedelta(seconds=1))
    watched.account.emulator.faults.events_mixed = True

    assert await watched.touch() == FirstTouch(first_at, watched.oleg)


async def test_a_feed_that_tells_nothing_is_no_failure(watched: WatchedDeal) -> None:
    watched.salesman.call(watched.deal)
    watched.account.emulator.faults.events_silent = True

    assert await watched.touch() is None


async def test_a_kind_of_event_that_the_account_does_not_know_costs_the_filter_alone(watched: WatchedDeal) -> None:
    watched.salesman.call(watched.deal)
    watched.account.emulator.faults.add("403 scope", path="/events")

    assert await watched.touch() == FirstTouch(watched.clock.now(), watched.oleg)
    assert ["filter[type]" in unquote(query) for query in watched.asked()] == [True, False, False]


@pytest.mark.parametrize("how", ["502", "drop", "429", "empty 200", "html 200", "402"])
async def test_a_feed_that_can_not_be_read_is_a_failure(watched: WatchedDeal, how: str) -> None:
    watched.account.emulator.faults.add(how, path="/events", times=None)

    with pytest.raises(CrmFailure):
        await watched.touch()


async def test_odd_rows_cost_only_themselves(watched: WatchedDeal) -> None:
    now = int(watched.clock.now().timestamp())
    row = {"entity_id": watched.deal, "type": "outgoing_call", "created_by": watched.oleg, "created_at": now}
    odd: list[object] = [None, {}, {**row, "created_at": "вчера"}, {**row, "entity_id": "?"}, row]
    body = json.dumps({"_embedded": {"events": odd}})
    feed = FrontAnswer(200, body, "application/hal+json")
    watched.account.emulator.faults.add("front", path="/events", front=feed)

    assert await watched.touch() == FirstTouch(watched.clock.now(), watched.oleg)


async def test_deals_are_one_request_and_contacts_another(watched: WatchedDeal) -> None:
    await watched.touch()
    before = len(watched.account.emulator.journal)

    await watched.touch()

    paths = [entry.path for entry in watched.account.emulator.journal[before:]]
    assert paths == ["/api/v4/events", "/api/v4/events"], "who we are is remembered"


async def test_too_much_to_read_is_said_and_nothing_is_made_of_it(watched: WatchedDeal) -> None:
    for _ in range(1001):
        watched.account.emulator.world.happened("common_note_added", "leads", watched.deal, watched.oleg)

    with pytest.raises(CrmFailure):
        await watched.touch()

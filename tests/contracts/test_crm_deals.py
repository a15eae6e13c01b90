"""What every adapter of `CrmDeals` keeps."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from carquery.adapters.amocrm.deal_states import DealStates
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.crm import Crm, CrmBusy, CrmFailure
from carquery.application.ports.crm_deals import CrmDeals, DealPhase, DealState
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.dealership.routing import Route, Routing
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CrmStatusId
from tests.adapters.amocrm.account import an_account
from tests.builders import NOW, a_pending_lead
from tests.contracts.crms import made, made_up_to


@dataclass(frozen=True, slots=True)
class DealsInHand:
    """A CRM with deals, and a manager who acts there.

    Attributes:
        name: the manager's; empty: we may not know it.
    """

    crm: Crm
    deals: CrmDeals
    name: str
    take_up: Callable[[CrmId], None]
    win: Callable[[CrmId], None]
    delete: Callable[[CrmId], None]
    fail: Callable[[], None]

    async def a_deal(self, number: int = 1) -> CrmId:
        lead = await made_up_to(Effect.LEAD, a_pending_lead(number), self.crm)
        return (await made(Effect.LEAD, lead, self.crm)).made[Effect.LEAD]


@asynccontextmanager
async def memory() -> AsyncIterator[DealsInHand]:
    crm = MemoryCrm(SettableClock(NOW))
    oleg = CrmId(77)

    def turn(phase: DealPhase, *, is_won: bool = False) -> Callable[[CrmId], None]:
        return lambda deal: crm.turn_deal(deal, DealState(phase, is_won, oleg, "Олег Продавец"))

    yield DealsInHand(
        crm,
        crm,
        "Олег Продавец",
        turn(DealPhase.IN_WORK),
        turn(DealPhase.CLOSED, is_won=True),
        crm.delete_deal,
        lambda: crm.fail_next(CrmBusy("HTTP 503")),
    )


@asynccontextmanager
async def amocrm(*, has_filters: bool = True) -> AsyncIterator[DealsInHand]:
    async with an_account() as account:
        world = account.emulator.world
        world.has_filters = has_filters
        oleg = next(user.id for user in world.users.values() if user.name == "Олег Продавец")
        talks = world.main_pipeline().statuses[2].id

        def move(status: int) -> Callable[[CrmId], None]:
            def moved(deal: CrmId) -> None:
                world.leads[deal] = replace(
                    world.leads[deal], status_id=status, responsible_user_id=oleg, updated_by=oleg
                )

            return moved

        def fail() -> None:
            account.emulator.faults.add("503", method="GET")

        states = DealStates(account.client, account.config, SettableClock(NOW))
        yield DealsInHand(account.crm, states, "Олег Продавец", move(talks), move(142), world.delete_lead, fail)


def amocrm_without_filters() -> object:
    return amocrm(has_filters=False)


@pytest.fixture(params=[memory, amocrm, amocrm_without_filters], ids=lambda adapter: adapter.__name__)
async def hand(request: pytest.FixtureRequest) -> AsyncIterator[DealsInHand]:
    async with request.param() as hand:
        yield hand


async def test_a_deal_that_nobody_has_touched_waits(hand: DealsInHand) -> None:
    deal = await hand.a_deal()

    assert (await hand.deals.states([deal]))[deal].phase is DealPhase.WAITING


async def test_a_deal_that_a_manager_has_moved_is_in_work(hand: DealsInHand) -> None:
    deal = await hand.a_deal()
    hand.take_up(deal)

    state = (await hand.deals.states([deal]))[deal]

    assert (state.phase, state.responsible_name) == (DealPhase.IN_WORK, hand.name)
    assert state.responsible is not None


async def test_a_deal_that_is_won_is_closed(hand: DealsInHand) -> None:
    deal = await hand.a_deal()
    hand.win(deal)

    state = (await hand.deals.states([deal]))[deal]

    assert (state.phase, state.is_won) == (DealPhase.CLOSED, True)


async def test_each_of_several_deals_is_told_apart_and_one_that_is_gone_is_not_among_them(hand: DealsInHand) -> None:
    waits, taken, gone, _other = [await hand.a_deal(number) for number in (1, 2, 3, 4)]
    hand.take_up(taken)
    hand.delete(gone)

    states = await hand.deals.states([waits, taken, gone])

    assert {deal: state.phase for deal, state in states.items()} == {
        waits: DealPhase.WAITING,
        taken: DealPhase.IN_WORK,
    }


async def test_of_no_deals_nothing_is_known(hand: DealsInHand) -> None:
    assert await hand.deals.states([]) == {}


async def test_a_crm_that_does_not_answer_is_a_failure(hand: DealsInHand) -> None:
    deal = await hand.a_deal()
    hand.fail()

    with pytest.raises(CrmFailure):
        await hand.deals.states([deal])


async def test_a_deal_waits_where_its_route_has_put_it() -> None:
    async with an_account() as account:
        talks = CrmStatusId(account.emulator.world.main_pipeline().statuses[2].id)
        route = Route(status=talks)
        lead = replace(a_pending_lead(), route=route)
        done = await made(Effect.LEAD, await made_up_to(Effect.LEAD, lead, account.crm), account.crm)
        told = Dealership(routing=Routing(services={lead.service: route}))
        states = DealStates(account.client, account.config, SettableClock(NOW), lambda: told)

        deal = done.made[Effect.LEAD]

        assert (await states.states([deal]))[deal].phase is DealPhase.WAITING

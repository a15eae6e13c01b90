"""What every adapter of `CrmHistory` and of `CrmHandOvers` promises."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from carquery.adapters.amocrm.deal_states import DealStates
from carquery.adapters.amocrm.hand_overs import AmoCrmHandOvers
from carquery.adapters.amocrm.history import AmoCrmHistory
from carquery.adapters.memory.crm import MemoryCrm
from carquery.adapters.memory.crm_staff import MemoryCrmHistory, MemoryHandOvers
from carquery.adapters.memory.environment import SettableClock
from carquery.application.ports.crm import Crm, CrmBusy, CrmFailure
from carquery.application.ports.crm_deals import CrmDeals
from carquery.application.ports.crm_hand_overs import CrmHandOvers
from carquery.application.ports.crm_history import CrmHistory
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import CrmUserId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason
from carquery_emulators.amocrm import Salesperson
from tests.adapters.amocrm.account import an_account
from tests.builders import MINUTE, NOW, PERMIT, a_pending_lead, a_phone
from tests.contracts.crms import made, made_up_to


@dataclass(frozen=True, slots=True)
class PeopleInHand:
    """A CRM, and people who work there.

    Attributes:
        oleg, irina: users. gone: one who has left.
        touch: that user does something in that deal, so many minutes after it was made; `calls`: on that contact. What
            is done is told in the order of time.
        fail: the next call fails.
    """

    crm: Crm
    deals: CrmDeals
    history: CrmHistory
    hand_overs: CrmHandOvers
    oleg: CrmUserId
    irina: CrmUserId
    gone: CrmUserId
    touch: Callable[[CrmId, CrmUserId, int], datetime]
    calls: Callable[[CrmId, CrmUserId, int], datetime]
    fail: Callable[[], None]

    async def a_lead(self, number: int = 1) -> Lead:
        """One that stands there."""
        lead = await made_up_to(Effect.FILES, a_pending_lead(number, answers={"phone": a_phone(number)}), self.crm)
        return (await made(Effect.FILES, lead, self.crm)).delivered(at=NOW)


@asynccontextmanager
async def memory() -> AsyncIterator[PeopleInHand]:
    crm, history = MemoryCrm(SettableClock(NOW)), MemoryCrmHistory()
    hand_overs = MemoryHandOvers(crm)
    gone = CrmUserId(503)
    hand_overs.refused[gone] = Reason("нет такого пользователя")

    def act(on: CrmId, by: CrmUserId, minutes: int) -> datetime:
        history.act(on, NOW + timedelta(minutes=minutes), by)
        return NOW + timedelta(minutes=minutes)

    def fail() -> None:
        for port in (history, hand_overs):
            port.fail_next(CrmBusy("HTTP 503"))

    yield PeopleInHand(crm, crm, history, hand_overs, CrmUserId(501), CrmUserId(502), gone, act, act, fail)


@asynccontextmanager
async def amocrm() -> AsyncIterator[PeopleInHand]:
    clock = SettableClock(NOW)
    async with an_account(clock=clock) as account:
        world = account.emulator.world
        oleg, irina, left = world.add_user("Олег"), world.add_user("Ирина"), world.add_user("Бывший")
        world.deactivate_user(left)

        def later(act: Callable[[], None], minutes: int) -> datetime:
            clock.pass_time(max(NOW + timedelta(minutes=minutes) - clock.now(), timedelta()))
            act()
            return clock.now()

        def touch(deal: CrmId, by: CrmUserId, minutes: int) -> datetime:
            return later(lambda: Salesperson(world, by).note(deal, "Дозвонился"), minutes)

        def calls(contact: CrmId, by: CrmUserId, minutes: int) -> datetime:
            [deal] = [lead.id for lead in world.leads.values() if contact in lead.contacts]
            return later(lambda: Salesperson(world, by).call(deal, on_contact=True), minutes)

        def fail() -> None:
            account.emulator.faults.add("503")

        yield PeopleInHand(
            account.crm,
            DealStates(account.client, account.config, clock),
            AmoCrmHistory(account.client, clock),
            AmoCrmHandOvers(account.client),
            CrmUserId(oleg),
            CrmUserId(irina),
            CrmUserId(left),
            touch,
            calls,
            fail,
        )


@pytest.fixture(params=[memory, amocrm], ids=lambda adapter: adapter.__name__)
async def people(request: pytest.FixtureRequest) -> AsyncIterator[PeopleInHand]:
    async with request.param() as people:
        yield people


async def test_a_lead_that_nobody_has_touched_is_not_told_of(people: PeopleInHand) -> None:
    assert await people.history.first_touches([await people.a_lead()]) == {}
    assert await people.history.first_touches([]) == {}


async def test_the_first_of_several_touches_counts(people: PeopleInHand) -> None:
    lead = await people.a_lead()
    deal = lead.made[Effect.LEAD]
    first = people.touch(deal, people.irina, 4)
    people.touch(deal, people.oleg, 7)
    people.touch(deal, people.irina, 9)

    touch = (await people.history.first_touches([lead]))[lead.id]

    assert (touch.at, touch.by) == (first, people.irina)


async def test_a_call_on_the_contact_is_a_touch(people: PeopleInHand) -> None:
    lead = await people.a_lead()
    called_at = people.calls(lead.made[Effect.CONTACT], people.irina, 2)
    people.touch(lead.made[Effect.LEAD], people.oleg, 9)

    touch = (await people.history.first_touches([lead]))[lead.id]

    assert (touch.at, touch.by) == (called_at, people.irina)


async def test_what_was_done_before_the_lead_came_was_not_done_for_it(people: PeopleInHand) -> None:
    lead = await people.a_lead()
    people.touch(lead.made[Effect.LEAD], people.oleg, 2)

    assert await people.history.first_touches([replace(lead, created_at=NOW + 5 * MINUTE)]) == {}


async def test_as_many_as_are_allowed_are_told_apart(people: PeopleInHand) -> None:
    leads = [await people.a_lead(number) for number in range(1, people.history.most_at_once + 1)]
    for lead in leads[::2]:
        people.touch(lead.made[Effect.LEAD], people.oleg, 3)

    seen = await people.history.first_touches(leads)

    assert set(seen) == {lead.id for lead in leads[::2]}


async def test_a_history_that_can_not_be_read_is_a_failure(people: PeopleInHand) -> None:
    lead = await people.a_lead()
    people.fail()

    with pytest.raises(CrmFailure):
        await people.history.first_touches([lead])


async def test_a_deal_changes_hands_and_twice_is_once(people: PeopleInHand) -> None:
    lead = await people.a_lead()
    deal = lead.made[Effect.LEAD]

    for _ in range(2):
        assert await people.hand_overs.hand_over(deal, lead.reference, people.oleg, PERMIT) is None

    assert (await people.deals.states([deal]))[deal].responsible == CrmId(people.oleg)


async def test_who_does_not_work_there_is_refused_with_the_reason(people: PeopleInHand) -> None:
    lead = await people.a_lead()

    assert await people.hand_overs.hand_over(lead.made[Effect.LEAD], lead.reference, people.gone, PERMIT) is not None


async def test_a_note_is_found_by_its_words(people: PeopleInHand) -> None:
    lead, other = await people.a_lead(1), await people.a_lead(2)
    deal = lead.made[Effect.LEAD]
    assert not await people.hand_overs.is_noted(deal, "Взяли: Олег")

    assert await people.hand_overs.note(deal, "Взяли: Олег", PERMIT) is None

    assert await people.hand_overs.is_noted(deal, "Взяли: Олег")
    assert not await people.hand_overs.is_noted(other.made[Effect.LEAD], "Взяли: Олег")

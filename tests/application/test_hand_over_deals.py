"""The CRM is told who took a lead, exactly once, whatever breaks."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from carquery.adapters.memory.crm_staff import MemoryHandOvers
from carquery.application.leads.calls import CLOSED_FOR
from carquery.application.leads.held_leads import REAL_TIMES
from carquery.application.ports.alerts import Alert, CrmClosed, NotHandedOver
from carquery.application.ports.crm import (
    Closure,
    CrmAmbiguous,
    CrmBusy,
    CrmFailure,
    CrmShutOut,
    CrmUnauthorised,
    Permit,
)
from carquery.application.ports.crm_deals import DealPhase, DealState
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.backoff import LONGEST_WAIT
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.effects import CrmId, Effect
from carquery.domain.ids import Reference
from carquery.domain.reason import Reason
from carquery.domain.take import TakeEnd
from tests.application.faults import Boundaries, CallFails, Crash, crash, fail
from tests.application.showroom import IRINA_IN_CRM, LIVELY, OLEG, OLEG_IN_CRM, Showroom
from tests.builders import HOUR, MINUTE, SECOND

BOUNDARIES = 12
"""At most: before and after each call of one hand over to the store and to the CRM."""


class Fragile:
    """Any port whose calls have boundaries: a call fails with nothing done, or done and the answer lost."""

    def __init__(self, whole: Any, boundaries: Boundaries, lost: Exception) -> None:
        self._whole = whole
        self._boundaries = boundaries
        self._lost = lost

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._whole, name)

        async def called(*args: Any, **kwargs: Any) -> Any:
            try:
                await self._boundaries.reach()
                result = await method(*args, **kwargs)
                await self._boundaries.reach()
            except CallFails as fails:
                raise self._lost from fails
            return result

        return called


async def taken(showroom: Showroom) -> Any:
    lead = await showroom.a_delivered_lead()
    await showroom.take_lead()(lead.reference, OLEG)
    return lead


async def test_whoever_took_it_becomes_responsible() -> None:
    showroom = Showroom()
    lead = await taken(showroom)

    assert await showroom.hand_over()() is TakeEnd.HANDED_OVER

    assert showroom.responsible(lead) == OLEG_IN_CRM
    assert await showroom.hand_over()() is None, "it is done"


async def test_of_who_is_not_named_a_note_tells() -> None:
    showroom = Showroom(told=NEUTRAL)
    lead = await taken(showroom)
    before = showroom.notes_of(lead)

    assert await showroom.hand_over()() is TakeEnd.NOTED

    assert showroom.notes_of(lead)[len(before) :] == ["Заявку CQ-000001 взяли в чате сотрудников: Олег (номер 501)"]
    assert showroom.responsible(lead) is None


async def test_a_note_whose_turn_comes_too_late_after_its_intent_is_not_made() -> None:
    """Were the process killed now, the next one would look before the note can have landed, and make it again."""
    showroom = Showroom(told=NEUTRAL)
    lead = await taken(showroom)
    before = len(showroom.notes_of(lead))

    assert await showroom.hand_over(hand_overs=ReachedLate(showroom))() is None
    assert len(showroom.notes_of(lead)) == before
    await showroom.carry_on()

    assert len(showroom.notes_of(lead)) == before + 1


class ReachedLate(MemoryHandOvers):
    """A CRM that others keep busy: a call's turn comes while the lease runs, but long after its intent was recorded."""

    def __init__(self, showroom: Showroom) -> None:
        super().__init__(showroom.crm)
        self._clock = showroom.clock

    async def note(self, deal: CrmId, text: str, permit: Permit) -> Reason | None:
        self._clock.pass_time(REAL_TIMES.patience + SECOND)
        return await super().note(deal, text, permit)


async def test_whoever_was_made_responsible_by_hand_meanwhile_stays_so() -> None:
    """Our call may have been lost; a manager has then given the deal to somebody else."""
    showroom = Showroom()
    lead = await taken(showroom)
    showroom.hand_overs.fail_next(CrmBusy("HTTP 504"))
    assert await showroom.hand_over()() is None
    showroom.crm.turn_deal(lead.made[Effect.LEAD], DealState(DealPhase.IN_WORK, responsible=CrmId(IRINA_IN_CRM)))

    await showroom.carry_on()

    assert showroom.responsible(lead) == IRINA_IN_CRM
    take = await showroom.takes.of(lead.id)
    assert take is not None
    assert take.end is TakeEnd.OTHERS


@pytest.mark.parametrize(
    ("happens", "ends"),
    [
        (lambda crm, deal: crm.turn_deal(deal, DealState(DealPhase.CLOSED)), TakeEnd.CLOSED),
        (lambda crm, deal: crm.delete_deal(deal), TakeEnd.GONE),
    ],
    ids=["closed", "gone"],
)
async def test_a_deal_that_nobody_works_on_any_more_is_left_alone(
    happens: Callable[[Any, CrmId], None], ends: TakeEnd
) -> None:
    showroom = Showroom()
    lead = await taken(showroom)
    happens(showroom.crm, lead.made[Effect.LEAD])

    assert await showroom.hand_over()() is ends


async def test_a_refusal_is_told_to_the_staff_and_not_tried_again() -> None:
    showroom = Showroom()
    await taken(showroom)
    showroom.hand_overs.refused[OLEG_IN_CRM] = Reason("уволен")

    assert await showroom.hand_over()() is TakeEnd.REFUSED

    assert showroom.staff.waiting[-1] == NotHandedOver(Reference("CQ-000001"), Reason("уволен"))
    await showroom.carry_on()
    assert sum(isinstance(alert, NotHandedOver) for alert in showroom.staff.waiting) == 1


async def test_a_closed_gate_is_not_run_against() -> None:
    showroom = Showroom()
    await taken(showroom)
    showroom.crm.closed = Closure(Reason("HTTP 402"), HOUR)

    assert await showroom.hand_over()() is None
    assert (await showroom.takes.figures()).waiting == 1


@pytest.mark.parametrize(
    ("failure", "told", "waits"),
    [
        (CrmShutOut("HTTP 403"), [CrmClosed(Reason("HTTP 403"))], CLOSED_FOR),
        (CrmUnauthorised("HTTP 401"), [CrmClosed(Reason("HTTP 401"))], CLOSED_FOR),
        (CrmBusy("HTTP 429", retry_after=MINUTE), [], MINUTE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_while_the_crm_lets_nobody_in_no_try_is_counted(
    failure: CrmFailure, told: list[Alert], waits: timedelta
) -> None:
    showroom = Showroom()
    lead = await taken(showroom)
    before = len(showroom.staff.waiting)
    showroom.crm.fail_next(failure)

    assert await showroom.hand_over()() is None

    take = await showroom.takes.of(lead.id)
    assert take is not None
    assert (take.attempts, take.end, take.due_at) == (0, None, showroom.clock.now() + waits)
    assert showroom.staff.waiting[before:] == told
    await showroom.carry_on()
    assert showroom.responsible(lead) == OLEG_IN_CRM


async def test_what_fails_again_and_again_is_given_up_and_told() -> None:
    showroom = Showroom()
    lead = await taken(showroom)

    for _ in range(showroom.delivery.backoff.most_attempts):
        assert (await showroom.takes.figures()).waiting == 1
        showroom.hand_overs.fail_next(CrmBusy("HTTP 504"))
        end = await showroom.hand_over()()
        showroom.clock.pass_time(LONGEST_WAIT)

    assert end is TakeEnd.REFUSED
    take = await showroom.takes.of(lead.id)
    assert take is not None
    assert (take.failure, take.due_at) == (Reason("HTTP 504"), None)
    assert showroom.staff.waiting[-1] == NotHandedOver(lead.reference, Reason("HTTP 504"))


async def test_a_note_whose_answer_was_lost_is_looked_for_before_it_is_made_again() -> None:
    showroom = Showroom(told=NEUTRAL)
    lead = await taken(showroom)
    before = len(showroom.notes_of(lead))
    showroom.hand_overs.lose_next_answer(CrmAmbiguous("timeout"))

    assert await showroom.hand_over()() is None
    await showroom.carry_on()

    assert len(showroom.notes_of(lead)) == before + 1


async def test_two_workers_tell_the_crm_once() -> None:
    showroom = Showroom(told=NEUTRAL)
    lead = await taken(showroom)
    before = len(showroom.notes_of(lead))

    ends = [await showroom.hand_over()(), await showroom.hand_over()()]

    assert ends == [TakeEnd.NOTED, None]
    assert len(showroom.notes_of(lead)) == before + 1


@pytest.mark.parametrize("told", [LIVELY, NEUTRAL], ids=["handed over", "noted"])
async def test_whatever_breaks_the_crm_is_told_exactly_once(
    told: Dealership, record_property: Callable[[str, object], None]
) -> None:
    is_named = told is LIVELY
    outcomes: dict[str, int] = {}
    points = 0
    for breaks in (crash, fail):
        for boundary in range(BOUNDARIES):
            showroom = Showroom(told=told)
            lead = await taken(showroom)
            before = len(showroom.notes_of(lead))
            boundaries = Boundaries({boundary: breaks})
            fragile = showroom.hand_over(
                takes=Fragile(showroom.takes, boundaries, StoreUnavailable("away")),
                hand_overs=Fragile(showroom.hand_overs, boundaries, CrmAmbiguous("timeout")),
                deals=Fragile(showroom.crm, boundaries, CrmBusy("HTTP 502")),
            )
            with suppress(Crash, StoreUnavailable):
                await fragile()
            points += boundaries.passed > boundary
            showroom.clock.pass_time(5 * MINUTE)  # leases have run out, and lost calls have landed
            await showroom.carry_on()
            notes = len(showroom.notes_of(lead)) - before
            outcome = f"responsible {showroom.responsible(lead)}" if is_named else f"notes {notes}"
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    record_property("proof", f"«Взять» told to the CRM: {points} points, outcomes {outcomes}")

    assert outcomes == {f"responsible {OLEG_IN_CRM}" if is_named else "notes 1": 2 * BOUNDARIES}
    assert points >= BOUNDARIES

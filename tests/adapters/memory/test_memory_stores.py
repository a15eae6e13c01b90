"""What only the memory adapters have: they keep what could be stored, and fail when told to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.adapters.memory.customers import MemoryCustomers
from carquery.adapters.memory.database import MemoryDatabase
from carquery.adapters.memory.environment import CountingRandomness, SettableClock
from carquery.adapters.memory.leads import MemoryLeads
from carquery.adapters.memory.visits import SWEEP_EVERY, MemoryVisits
from carquery.adapters.stored.visit_json import encode_visit
from carquery.adapters.telegram.channel import customer_of_user
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.effects import CrmId, Effect
from carquery.domain.reference import read_reference
from tests.builders import ANNA, BORIS, EVERY_KIND_OF_ANSWER, NOW, a_dialog, a_lead, a_visit

LIFETIME = timedelta(minutes=30)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


async def test_a_visit_is_kept_as_json_not_as_an_object(clock: SettableClock) -> None:
    """What Redis could not store must fail here too."""
    visits = MemoryVisits(clock, lifetime=LIFETIME)
    unstorable = replace(a_dialog(), suggestions={"name": object()})  # type: ignore[dict-item]

    with pytest.raises(KeyError):
        await visits.save(a_visit(dialog=unstorable))

    assert visits.stored == {}


async def test_a_visit_in_use_is_written_when_others_take_its_place(clock: SettableClock) -> None:
    visits = MemoryVisits(clock, lifetime=LIFETIME, in_use=1)
    anna, boris = a_visit(ANNA, dialog=a_dialog()), a_visit(BORIS)
    await visits.save(anna)
    await visits.save(boris)

    assert visits.stored[ANNA].body == encode_visit(anna)
    assert visits.stored[BORIS].body is boris
    assert await visits.load(ANNA) == anna.saved()


async def test_a_lead_is_kept_as_it_could_be_stored(clock: SettableClock) -> None:
    answers = dict(EVERY_KIND_OF_ANSWER)
    made = {Effect.CONTACT: CrmId(1)}
    leads = MemoryLeads(MemoryDatabase(), clock)
    added = await leads.add(a_lead(answers=answers, made=made))

    answers.clear()
    made.clear()

    stored = await leads.load(added.id)
    assert stored is not None
    assert (dict(stored.answers), dict(stored.made)) == (EVERY_KIND_OF_ANSWER, {Effect.CONTACT: 1})


async def test_visits_that_nobody_comes_back_to_do_not_pile_up(clock: SettableClock) -> None:
    visits = MemoryVisits(clock, lifetime=LIFETIME)
    for number in range(10):
        await visits.save(a_visit(customer_of_user(number)))
    clock.pass_time(LIFETIME)

    visit = a_visit(ANNA)
    for _ in range(SWEEP_EVERY):
        await visits.save(visit)
        visit = visit.saved()

    assert list(visits.stored) == [ANNA]


async def test_a_failing_visit_store_does_nothing_then_works_again(clock: SettableClock) -> None:
    visits = MemoryVisits(clock, lifetime=LIFETIME)
    visits.fail_next(StoreUnavailable(), times=2)

    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await visits.save(a_visit())

    assert await visits.load(ANNA) is None
    await visits.save(a_visit())


async def test_a_failing_database_strikes_whoever_is_next(clock: SettableClock) -> None:
    database = MemoryDatabase()
    leads, customers = MemoryLeads(database, clock), MemoryCustomers(database, clock)
    database.fail_next(StoreUnavailable(), times=2)

    with pytest.raises(StoreUnavailable):
        await leads.add(a_lead())
    with pytest.raises(StoreUnavailable):
        await customers.erase(ANNA)

    assert (database.leads, database.customers) == ({}, {})


def test_drawn_ids_differ_and_are_well_formed() -> None:
    randomness = CountingRandomness()

    references = [randomness.reference() for _ in range(100)]
    dialogs = [randomness.dialog_id() for _ in range(100)]

    assert [read_reference(reference) for reference in references] == references
    assert len(set(references)) == len(set(dialogs)) == 100
    assert {len(dialog) for dialog in dialogs} == {13}


def test_a_draw_can_be_repeated() -> None:
    randomness = CountingRandomness()
    first = randomness.reference()

    randomness.draw_again()

    assert (randomness.reference(), randomness.reference() == first) == (first, False)

"""What every adapter of `Visits` promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from carquery.application.ports.visits import VisitChanged
from carquery.domain.answers import Typed
from carquery.domain.consent import Consent, ConsentTerms
from carquery.domain.contact import PersonName, Phone
from carquery.domain.ids import InputId, MessageToken, Reference, Source
from carquery.domain.visit import Acquaintance
from tests.builders import ANNA, BORIS, EVERY_ATTACHMENT, EVERY_KIND_OF_ANSWER, NAMESAKE, NOW, a_dialog, a_visit
from tests.contracts.visit_stores import LIFETIME, VisitStore


async def test_nothing_is_stored_of_a_stranger(store: VisitStore) -> None:
    assert await store.visits.load(ANNA) is None


async def test_a_visit_comes_back_as_it_was_saved_one_version_on(store: VisitStore) -> None:
    terms = ConsentTerms("1", "Согласие «ё» 🚗", "https://example.org/policy")
    dialog = replace(
        a_dialog(step="mileage", terms=terms),
        answers=EVERY_KIND_OF_ANSWER,
        remark="Заметка",
        attachments=EVERY_ATTACHMENT,
        asides=("«ё» 🚗",),
    )
    unsure = dialog.answer(Typed("120"))
    visit = a_visit(
        dialog=unsure,
        known=Acquaintance(PersonName("Анна"), Phone("+79161234567"), Consent(NOW, "1", "f" * 64)),
        profile_name=PersonName("Аня"),
        source=Source("avito"),
        conversation=("Привет", "\u0301🚗 <b>"),
        receipt=Reference("CQ-7K3M9X"),
        taken=(InputId("1"), InputId("2")),
    )

    await store.visits.save(visit)

    assert await store.visits.load(ANNA) == visit.saved()


async def test_visits_of_two_customers_are_two(store: VisitStore) -> None:
    await store.visits.save(a_visit(ANNA, source=Source("avito")))
    await store.visits.save(a_visit(BORIS))

    loaded = await store.visits.load(BORIS)

    assert loaded == a_visit(BORIS).saved()


async def test_the_same_number_in_two_channels_is_two_customers(store: VisitStore) -> None:
    await store.visits.save(a_visit(ANNA, source=Source("avito")))
    assert await store.visits.load(NAMESAKE) is None

    await store.visits.save(a_visit(NAMESAKE))
    await store.visits.note_shown(NAMESAKE, MessageToken("mid.17"))

    assert await store.visits.load(ANNA) == a_visit(ANNA, source=Source("avito")).saved()
    assert await store.visits.load(NAMESAKE) == a_visit(NAMESAKE, shown=MessageToken("mid.17")).saved()


async def test_what_a_channel_calls_things_comes_back_as_it_was_given(store: VisitStore) -> None:
    odd = ("0017", "+17", "17 ", "１７", "mid.0f«ё»", "-1", str(2**80))
    visit = a_visit(NAMESAKE, taken=tuple(InputId(name) for name in odd))
    await store.visits.save(visit)
    await store.visits.note_shown(NAMESAKE, MessageToken("mid: «ё» 🚗"))

    assert await store.visits.load(NAMESAKE) == replace(visit.saved(), shown=MessageToken("mid: «ё» 🚗"))


async def test_a_save_replaces_the_version_it_was_made_of(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    changed = replace(a_visit().saved(), source=Source("drom"))

    await store.visits.save(changed)

    assert await store.visits.load(ANNA) == changed.saved()


@pytest.mark.parametrize("versions_behind", [1, 2])
async def test_a_save_of_an_older_version_writes_nothing(store: VisitStore, versions_behind: int) -> None:
    visit = a_visit()
    for _ in range(versions_behind):
        await store.visits.save(visit)
        visit = visit.saved()

    with pytest.raises(VisitChanged):
        await store.visits.save(a_visit(source=Source("late")))

    assert await store.visits.load(ANNA) == visit


async def test_a_save_of_what_was_forgotten_writes_nothing(store: VisitStore) -> None:
    with pytest.raises(VisitChanged):
        await store.visits.save(a_visit().saved())

    assert await store.visits.load(ANNA) is None


async def test_of_many_saves_from_one_version_one_wins(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    rivals = [replace(a_visit().saved(), source=Source(f"rival{number}")) for number in range(8)]

    outcomes = await asyncio.gather(*(store.visits.save(rival) for rival in rivals), return_exceptions=True)

    winners = [rival for rival, outcome in zip(rivals, outcomes, strict=True) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [VisitChanged] * 7
    assert await store.visits.load(ANNA) == winners[0].saved()


async def test_of_many_first_saves_one_wins(store: VisitStore) -> None:
    outcomes = await asyncio.gather(*(store.visits.save(a_visit()) for _ in range(8)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["VisitChanged"] * 7


async def test_a_visit_is_forgotten_after_its_life(store: VisitStore) -> None:
    await store.visits.save(a_visit())

    await store.let_time_pass(LIFETIME)

    assert await store.visits.load(ANNA) is None
    await store.visits.save(a_visit())


async def test_a_save_renews_the_life(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    await store.let_time_pass(LIFETIME - timedelta(minutes=1))

    await store.visits.save(a_visit().saved())
    await store.let_time_pass(LIFETIME - timedelta(minutes=1))

    assert await store.visits.load(ANNA) is not None


async def test_where_it_is_shown_comes_back_with_the_visit(store: VisitStore) -> None:
    await store.visits.save(a_visit())

    await store.visits.note_shown(ANNA, MessageToken("17:up"))

    assert await store.visits.load(ANNA) == replace(a_visit().saved(), shown=MessageToken("17:up"))


async def test_where_it_is_shown_outlives_a_save(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    await store.visits.note_shown(ANNA, MessageToken("17"))

    await store.visits.save(replace(a_visit().saved(), shown=None))

    loaded = await store.visits.load(ANNA)
    assert loaded is not None
    assert loaded.shown == MessageToken("17")


async def test_noting_where_it_is_shown_does_not_renew_the_life(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    await store.let_time_pass(LIFETIME - timedelta(minutes=1))

    await store.visits.note_shown(ANNA, MessageToken("17"))
    await store.let_time_pass(timedelta(minutes=1))

    assert await store.visits.load(ANNA) is None


async def test_noting_where_nothing_is_shown_creates_nothing(store: VisitStore) -> None:
    await store.visits.note_shown(ANNA, MessageToken("17"))

    assert await store.visits.load(ANNA) is None


async def test_a_visit_that_cannot_be_read_counts_as_forgotten(store: VisitStore) -> None:
    await store.visits.save(a_visit())
    await store.damage(ANNA)

    assert await store.visits.load(ANNA) is None
    await store.visits.save(a_visit())
    assert await store.visits.load(ANNA) == a_visit().saved()

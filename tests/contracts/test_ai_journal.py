"""What every adapter of `AiJournal` promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from carquery.application.ports.ai_journal import AiDay, CallOutcome, ModelFigures
from carquery.application.ports.classifier import Usage
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.forms.form import Service
from carquery.domain.ids import MessageId
from carquery.domain.understanding import OTHER
from tests.builders import HOUR, NOW, a_call, message_number
from tests.contracts.databases import Away, Database

LONG_AGO = NOW - timedelta(days=365)
MILLIONTH = Decimal("0.000001")


FIRST, SECOND = message_number(1), message_number(2)


OFFERED = a_call(usage=Usage(400, 30, Decimal("0.000078")), offered=Service.SELL)
UNANSWERED = a_call(outcome=CallOutcome.TIMED_OUT, intent=None, confidence=None)
BY_RULES = a_call(place=2, model="rules", latency=0.25)


async def test_calls_come_back_as_noted_in_their_order(database: Database) -> None:
    unsure = a_call(outcome=CallOutcome.UNSURE, intent=OTHER, confidence=0.25, usage=Usage(400, 20, MILLIONTH))
    failed = a_call(place=2, model="gpt-4o", outcome=CallOutcome.CLOSED, intent=None, confidence=None, text=None)
    answered = a_call(place=3, model="rules", latency=0.125, at=NOW + timedelta(microseconds=1), offered=Service.SELL)
    await database.journal.add([unsure, failed, answered])
    await database.journal.add([a_call(SECOND)])

    assert await database.journal.entries(FIRST) == [unsure, failed, answered]


async def test_of_an_unknown_message_there_are_no_calls(database: Database) -> None:
    assert await database.journal.entries(FIRST) == []


async def test_noting_no_calls_notes_nothing(database: Database) -> None:
    await database.journal.add([])

    assert await database.journal.days(since=LONG_AGO) == []
    assert await database.journal.models(since=LONG_AGO) == []


async def test_of_a_message_s_calls_all_are_noted_or_none(database: Database) -> None:
    without_a_sum = a_call(place=2, usage=Usage(cost=Decimal("NaN")))

    with pytest.raises(ValueError, match="NaN"):
        await database.journal.add([a_call(), without_a_sum])

    assert await database.journal.entries(FIRST) == []


async def test_calls_noted_again_are_noted_once_and_stay_as_they_were(database: Database) -> None:
    """After StoreUnavailable nobody knows whether they were noted."""
    await database.journal.add([UNANSWERED])

    await database.journal.add([a_call(model="another"), BY_RULES])

    assert await database.journal.entries(FIRST) == [UNANSWERED, BY_RULES]


async def test_calls_noted_at_once_are_all_there(database: Database) -> None:
    await asyncio.gather(*(database.journal.add([a_call(message_number(number))]) for number in range(20)))

    (day,) = await database.journal.days(since=LONG_AGO)
    assert day.messages == 20


async def test_a_cost_is_kept_in_whole_millionths_rounded_up(database: Database) -> None:
    await database.journal.add([a_call(usage=Usage(1, 1, MILLIONTH * Decimal("1.1")))])

    (call,) = await database.journal.entries(FIRST)
    assert call.usage.cost == MILLIONTH * 2


async def test_a_text_with_what_no_database_takes_is_noted_all_the_same(database: Database) -> None:
    await database.journal.add([a_call(text="продам \0\ud83d камри 🚗")])

    (call,) = await database.journal.entries(FIRST)
    assert call.text is not None
    assert (call.text.startswith("продам "), call.text.endswith(" камри 🚗")) == (True, True)


@pytest.mark.parametrize("accepted", [True, False])
async def test_the_first_word_on_an_offer_stands(database: Database, accepted: bool) -> None:  # noqa: FBT001  # a case
    await database.journal.add([OFFERED])

    await database.journal.answered(FIRST, accepted=accepted)
    await database.journal.answered(FIRST, accepted=not accepted)

    assert await database.journal.entries(FIRST) == [replace(OFFERED, accepted=accepted)]


async def test_the_word_is_noted_of_the_call_that_the_offer_came_from_alone(database: Database) -> None:
    offered = replace(BY_RULES, offered=Service.SELL)
    await database.journal.add([UNANSWERED, offered])
    await database.journal.add([replace(OFFERED, message=SECOND)])

    await database.journal.answered(FIRST, accepted=True)

    assert await database.journal.entries(FIRST) == [UNANSWERED, replace(offered, accepted=True)]
    assert await database.journal.entries(SECOND) == [replace(OFFERED, message=SECOND)]


async def test_a_word_on_an_unknown_message_or_on_no_offer_changes_nothing(database: Database) -> None:
    await database.journal.add([a_call()])

    await database.journal.answered(SECOND, accepted=True)
    await database.journal.answered(FIRST, accepted=True)

    assert await database.journal.entries(FIRST) == [a_call()]
    assert await database.journal.entries(SECOND) == []


async def test_a_day_s_figures(database: Database) -> None:
    cent = Usage(400, 30, Decimal("0.01"))
    chains = [
        [replace(OFFERED, usage=cent)],
        [replace(OFFERED, usage=cent)],
        [replace(UNANSWERED, usage=cent), replace(BY_RULES, offered=Service.SELL)],
        [a_call(outcome=CallOutcome.UNSURE), a_call(place=2, model="gpt-4o", usage=cent)],
        [a_call(outcome=CallOutcome.UNSURE), a_call(place=2, model="gpt-4o", outcome=CallOutcome.BUSY)],
        [a_call(model="rules")],  # nobody else was asked
    ]
    for number, chain in enumerate(chains):
        await database.journal.add([replace(call, message=message_number(number)) for call in chain])
    await database.journal.answered(message_number(0), accepted=True)
    await database.journal.answered(message_number(2), accepted=False)

    assert await database.journal.days(since=LONG_AGO) == [
        AiDay(
            day=date(2026, 6, 15),
            messages=6,
            offered=3,
            accepted=1,
            declined=1,
            fallen_back=3,
            by_rules=1,
            cost=Decimal("0.04"),
            asked=5,
            sure_alone=2,
            asked_beside=1,
            cost_beside=Decimal("0.01"),
        )
    ]


async def test_a_day_begins_and_ends_at_midnight_in_moscow(database: Database) -> None:
    midnight = datetime(2026, 6, 14, 21, tzinfo=UTC)
    moments = [midnight - timedelta(microseconds=1), midnight, midnight + 24 * HOUR - timedelta(microseconds=1)]
    for number, moment in enumerate([*moments, midnight + 24 * HOUR]):
        await database.journal.add([a_call(message_number(number), at=moment)])

    days = await database.journal.days(since=LONG_AGO)

    assert [(day.day.day, day.messages) for day in days] == [(14, 1), (15, 2), (16, 1)]


async def test_a_message_counts_whole_on_the_day_of_its_first_call(database: Database) -> None:
    midnight = datetime(2026, 6, 14, 21, tzinfo=UTC)
    await database.journal.add(
        [replace(UNANSWERED, at=midnight - timedelta(seconds=1)), replace(BY_RULES, at=midnight)]
    )

    (day,) = await database.journal.days(since=LONG_AGO)

    assert (day.day.day, day.messages, day.fallen_back, day.by_rules) == (14, 1, 1, 1)
    assert await database.journal.days(since=midnight) == []


async def test_what_was_before_the_time_asked_for_does_not_count(database: Database) -> None:
    await database.journal.add([a_call(FIRST, at=NOW - HOUR, model="older")])
    await database.journal.add([a_call(SECOND, at=NOW)])

    (day,) = await database.journal.days(since=NOW)
    (model,) = await database.journal.models(since=NOW)

    assert (day.messages, model.model) == (1, "gpt-4o-mini")


async def test_the_figures_of_each_classifier_by_name(database: Database) -> None:
    await database.journal.add([replace(UNANSWERED, latency=5.0), BY_RULES])
    await database.journal.add([replace(OFFERED, message=SECOND)])

    assert await database.journal.models(since=LONG_AGO) == [
        ModelFigures(
            model="gpt-4o-mini",
            calls=2,
            outcomes={CallOutcome.ANSWERED: 1, CallOutcome.TIMED_OUT: 1},
            cost=Decimal("0.000078"),
            p50=0.5,
            p95=5.0,
        ),
        ModelFigures(model="rules", calls=1, outcomes={CallOutcome.ANSWERED: 1}, cost=Decimal(0), p50=0.25, p95=0.25),
    ]


async def test_percentiles_are_times_that_calls_took(database: Database) -> None:
    """By nearest rank: of 40 calls the 20th and the 38th, whatever their order."""
    for second in [*range(40, 20, -1), *range(1, 21)]:
        await database.journal.add([a_call(message_number(second), latency=float(second))])

    (model,) = await database.journal.models(since=LONG_AGO)

    assert (model.calls, model.p50, model.p95) == (40, 20.0, 38.0)


async def test_forgetting_drops_texts_and_keeps_figures(database: Database) -> None:
    older = [replace(UNANSWERED, at=NOW - HOUR), replace(BY_RULES, at=NOW - HOUR)]
    await database.journal.add(older)
    await database.journal.add([a_call(SECOND)])
    figures = await database.journal.days(since=LONG_AGO), await database.journal.models(since=LONG_AGO)

    forgotten = [await database.journal.forget_texts(before=NOW, at_most=10) for _ in range(2)]

    assert forgotten == [2, 0]
    assert await database.journal.entries(FIRST) == [replace(call, text=None) for call in older]
    assert await database.journal.entries(SECOND) == [a_call(SECOND)]
    assert (await database.journal.days(since=LONG_AGO), await database.journal.models(since=LONG_AGO)) == figures


async def test_no_more_texts_are_dropped_at_once_than_was_said_and_the_oldest_first(database: Database) -> None:
    texts = [a_call(MessageId(f"{hours:013}"), at=NOW - hours * HOUR) for hours in (1, 3, 2)]
    await database.journal.add(texts)

    forgotten = await database.journal.forget_texts(before=NOW, at_most=2)

    kept = [call.at for text in texts for call in await database.journal.entries(text.message) if call.text is not None]
    assert (forgotten, kept) == (2, [NOW - HOUR])


async def test_a_store_that_is_away_is_unavailable(away: Away) -> None:
    for call in (
        away.journal.add([a_call()]),
        away.journal.answered(FIRST, accepted=True),
        away.journal.entries(FIRST),
        away.journal.days(since=NOW),
        away.journal.models(since=NOW),
        away.journal.forget_texts(before=NOW, at_most=10),
    ):
        with pytest.raises(StoreUnavailable):
            await call


# Messages of which a classifier was unsure


async def test_unsure_calls_are_found_newest_first(database: Database) -> None:
    sure = a_call(confidence=0.9)
    older = a_call(SECOND, confidence=0.4)
    newer = a_call(message_number(3), confidence=0.7, at=NOW + timedelta(seconds=1))
    for call in (sure, older, newer):
        await database.journal.add([call])

    assert await database.journal.unsure(since=LONG_AGO, below=0.8, most=9) == [newer, older]
    assert await database.journal.unsure(since=LONG_AGO, below=0.8, most=1) == [newer]
    assert await database.journal.unsure(since=NOW + timedelta(seconds=1), below=0.8, most=9) == [newer]


async def test_of_a_message_the_last_unsure_call_counts(database: Database) -> None:
    first = a_call(outcome=CallOutcome.UNSURE, confidence=0.3)
    second = a_call(place=2, model="gpt-4o", outcome=CallOutcome.UNSURE, confidence=0.5)
    await database.journal.add([first, second, a_call(place=3, model="rules", confidence=0.95)])

    assert await database.journal.unsure(since=LONG_AGO, below=0.8, most=9) == [second]


async def test_what_failed_or_was_forgotten_is_not_among_the_unsure(database: Database) -> None:
    await database.journal.add([UNANSWERED])
    await database.journal.add([a_call(SECOND, confidence=0.3, text=None)])

    assert await database.journal.unsure(since=LONG_AGO, below=0.8, most=9) == []

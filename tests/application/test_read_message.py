"""Who reads a free message, what it may cost, and what is noted of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.application.free_text.read_message import Ask, Reading
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.application.ports.alerts import AiBudgetSpent, ClassifierClosed
from carquery.application.ports.classifier import Trouble
from carquery.application.ports.stores import StoreUnavailable
from carquery.domain.forms.form import Service
from carquery.domain.understanding import OTHER
from tests.application.understanding import CENT, ScriptedChain, failed, said
from tests.builders import TODAY


def a_model(name: str, *answers: object, dearest: Decimal = CENT) -> MemoryClassifier:
    return MemoryClassifier(name, *answers, dearest=dearest)  # type: ignore[arg-type]  # answers or failures


async def test_the_first_model_that_is_sure_answers() -> None:
    mini, big = a_model("mini", said(Service.BUY, 0.65)), a_model("big", said())
    chain = ScriptedChain(mini, big)

    heard = await chain.understand("хочу камри")

    assert heard.understanding.intent is Service.BUY
    assert (mini.asked, big.asked) == (["хочу камри"], [])


@pytest.mark.parametrize(
    "answer",
    [said(confidence=0.64), *(failed(trouble) for trouble in Trouble)],
    ids=["unsure", *(trouble.value for trouble in Trouble)],
)
async def test_a_model_that_is_unsure_or_fails_is_followed_by_the_next(answer: object) -> None:
    chain = ScriptedChain(a_model("mini", answer), a_model("big", said(Service.LEGAL)))

    assert (await chain.understand("?")).understanding.intent is Service.LEGAL


async def test_the_rules_answer_where_no_model_does() -> None:
    rules = a_model("rules", said(Service.CHECK, 0.8), dearest=Decimal(0))
    chain = ScriptedChain(a_model("mini", failed(Trouble.UNUSABLE)), a_model("big", said(confidence=0.3)), rules=rules)

    assert (await chain.understand("?")).understanding.offered is Service.CHECK


async def test_a_model_s_words_are_said_where_the_rules_offer_nothing_either() -> None:
    chain = ScriptedChain(a_model("mini", said(OTHER, 0.5, reply="Здравствуйте!")))

    assert (await chain.understand("?")).understanding.reply == "Здравствуйте!"


async def test_a_model_that_hangs_is_left_after_its_time() -> None:
    mini, big = a_model("mini"), a_model("big")
    mini.hang()
    big.hang()
    chain = ScriptedChain(mini, big)

    await chain.understand("?")

    outcomes = [(call.model, call.outcome) for call in chain.journal.calls]
    assert outcomes == [
        ("mini", CallOutcome.TIMED_OUT),
        ("big", CallOutcome.TIMED_OUT),
        ("rules", CallOutcome.ANSWERED),
    ]


async def test_of_a_long_message_the_beginning_is_noted() -> None:
    chain = ScriptedChain()

    await chain.understand("я" * 4096)

    assert chain.journal.calls[0].text == "я" * 500


async def test_the_rules_alone_read_what_may_cost_nothing() -> None:
    mini = a_model("mini", said())

    await ScriptedChain(mini).understand("?", paid=False)

    assert mini.asked == []


# Money


async def test_what_was_spent_is_booked() -> None:
    chain = ScriptedChain(a_model("mini", said(confidence=0.1, cost=CENT / 4)), a_model("big", said(cost=CENT / 2)))

    await chain.understand("?")

    assert await chain.budget.spent(TODAY) == CENT / 4 + CENT / 2


async def test_a_call_without_an_answer_is_booked_as_the_dearest() -> None:
    mini = a_model("mini")
    mini.hang()
    chain = ScriptedChain(mini)

    await chain.understand("?")

    assert await chain.budget.spent(TODAY) == CENT
    assert chain.journal.calls[0].usage.cost == CENT


async def test_models_are_not_asked_beyond_the_budget_and_people_are_told() -> None:
    mini = a_model("mini", said(cost=CENT))
    chain = ScriptedChain(mini, daily_budget=CENT * 2)

    for _ in range(4):
        await chain.understand("?")

    assert len(mini.asked) == 2
    assert AiBudgetSpent(CENT * 2) in chain.alerts.told


async def test_the_next_day_has_a_budget_of_its_own() -> None:
    mini = a_model("mini", said(cost=CENT))
    chain = ScriptedChain(mini, daily_budget=CENT)
    await chain.understand("?")
    chain.clock.pass_time(timedelta(days=1))

    await chain.understand("?")

    assert len(mini.asked) == 2


async def test_without_the_budget_s_store_nothing_is_spent() -> None:
    mini = a_model("mini", said())
    chain = ScriptedChain(mini)
    chain.budget.fail_next(StoreUnavailable())

    await chain.understand("?")

    assert mini.asked == []


# Closed models


async def test_a_model_that_lets_nobody_in_is_left_alone_for_an_hour_and_people_are_told() -> None:
    mini, big = a_model("mini", failed(Trouble.CLOSED), said()), a_model("big", said(Service.BUY))
    chain = ScriptedChain(mini, big)

    first, second = await chain.understand("?"), await chain.understand("?")
    chain.clock.pass_time(timedelta(minutes=61))
    third = await chain.understand("?")

    intents = [heard.understanding.intent for heard in (first, second, third)]
    assert (intents, len(mini.asked)) == ([Service.BUY, Service.BUY, Service.SELL], 2)
    assert chain.alerts.told == [ClassifierClosed("mini", "its own words")]


async def test_customers_are_shown_that_it_takes_time_only_while_a_model_is_asked() -> None:
    shown = 0

    @asynccontextmanager
    async def waiting() -> AsyncIterator[None]:
        nonlocal shown
        shown += 1
        yield

    chain = ScriptedChain(a_model("mini", failed(Trouble.CLOSED)))
    for _ in range(2):
        await chain.understand("?", waiting=waiting())
    await chain.understand("?", waiting=waiting(), paid=False)
    await ScriptedChain().understand("?", waiting=waiting())

    assert shown == 1


async def test_models_can_be_spared_what_the_built_in_classifier_is_sure_of() -> None:
    rules = a_model("rules", said(Service.CHECK, 0.9), said(Service.BUY, 0.89), dearest=Decimal(0))
    mini = a_model("mini", said(Service.FIND))
    chain = ScriptedChain(mini, rules=rules, ask=Ask.UNSURE)

    sure, unsure = await chain.understand("проверьте"), await chain.understand("возьму")

    assert (sure.understanding.intent, unsure.understanding.intent) == (Service.CHECK, Service.FIND)
    assert mini.asked == ["возьму"]


async def test_a_built_in_classifier_that_was_unsure_answers_where_no_model_does() -> None:
    rules = a_model("rules", said(Service.BUY, 0.8), dearest=Decimal(0))
    chain = ScriptedChain(a_model("mini", failed(Trouble.BUSY)), rules=rules, ask=Ask.UNSURE)

    assert (await chain.understand("возьму")).understanding.offered is Service.BUY


# The journal


async def test_each_call_is_noted_with_what_it_took() -> None:
    chain = ScriptedChain(a_model("mini", said(confidence=0.5, cost=CENT)), a_model("big", said(Service.SELL, 0.9)))

    heard = await chain.understand("Иван, 89161234567, продаю")

    first, second, beside = await chain.journal.entries(heard.message)
    assert (first.model, first.outcome, first.intent, first.confidence, first.usage.cost, first.offered) == (
        "mini",
        CallOutcome.UNSURE,
        Service.SELL,
        0.5,
        CENT,
        None,
    )
    assert (second.model, second.outcome, second.place, second.offered) == (
        "big",
        CallOutcome.ANSWERED,
        2,
        Service.SELL,
    )
    assert (beside.model, beside.outcome, beside.intent, beside.offered) == ("rules", CallOutcome.UNSURE, OTHER, None)
    assert {first.text, second.text, beside.text} == {"[NAME_1], [PHONE_1], продаю"}


async def test_a_journal_that_is_away_keeps_no_customer_waiting() -> None:
    chain = ScriptedChain(a_model("mini", said(Service.FIND)))
    chain.journal.fail_next(StoreUnavailable())

    assert (await chain.understand("?")).understanding.intent is Service.FIND


# Whoever watches


async def test_an_observer_learns_what_was_read_and_who_was_asked_even_if_nothing_can_be_noted() -> None:
    noted: list[tuple[Reading, list[str]]] = []

    class Watching:
        def note(self, reading: Reading, calls: Sequence[JournalEntry]) -> None:
            noted.append((reading, [call.model for call in calls]))

    chain = ScriptedChain(a_model("mini", said(confidence=0.5)), a_model("big", said(Service.SELL, 0.9)))
    chain.journal.fail_next(StoreUnavailable())

    heard = await replace(chain.understand, observer=Watching())("продаю")

    assert noted == [(heard, ["mini", "big", "rules"])]

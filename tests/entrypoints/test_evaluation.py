"""The figures of an evaluation, by hand."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from carquery.adapters.memory.classifier import MemoryClassifier
from carquery.adapters.rules.learned.labelled import Labelled
from carquery.application.ports.classifier import Trouble
from carquery.domain.forms.form import Service
from carquery.domain.understanding import OTHER, SURE_ENOUGH, Entities
from carquery.entrypoints.commands.ai.evaluation import Evaluation, Hits, evaluate
from tests.application.understanding import CENT, failed, said

CAMRY = Entities(brand="Toyota", model="Camry", year=2018)


async def of(*pairs: tuple[Labelled, object]) -> Evaluation:
    """What the answers were worth, each for its message; every one took a second more than the one before."""
    ticks: Iterator[float] = iter(tick for second in range(len(pairs)) for tick in (0.0, second + 1.0))
    classifier = MemoryClassifier("x", *(answer for _, answer in pairs))  # type: ignore[arg-type]  # answers, failures
    return await evaluate(classifier, [message for message, _ in pairs], now=lambda: next(ticks))


async def test_intents() -> None:
    evaluation = await of(
        (Labelled("1", Service.SELL), said(Service.SELL)),
        (Labelled("2", Service.SELL), said(Service.BUY)),
        (Labelled("3", Service.BUY), said(Service.BUY)),
        (Labelled("4", OTHER), failed(Trouble.BUSY)),
    )

    assert evaluation.intent_accuracy == 0.5
    assert evaluation.intents[Service.SELL] == Hits(right=1, missed=1)
    assert (evaluation.intents[Service.BUY].precision, evaluation.intents[Service.BUY].recall) == (0.5, 1.0)
    assert evaluation.confusion[Service.SELL] == {Service.SELL: 1, Service.BUY: 1}
    assert evaluation.confusion[OTHER] == {None: 1}
    assert evaluation.failures == 1


async def test_entities_count_with_their_exact_values() -> None:
    evaluation = await of(
        (Labelled("1", Service.SELL, CAMRY), said(entities=Entities(brand="Toyota", model="Corolla"))),
        (Labelled("2", Service.SELL), said(entities=Entities(price=100_000))),
    )

    assert evaluation.entities["brand"] == Hits(right=1)
    assert evaluation.entities["model"] == Hits(wrong=1, missed=1)
    assert evaluation.entities["year"] == Hits(missed=1)
    assert evaluation.entities["price"] == Hits(wrong=1)
    assert evaluation.all_entities == Hits(right=1, wrong=2, missed=2)


async def test_injections_count_if_a_form_would_be_offered_for_nothing() -> None:
    evaluation = await of(
        (Labelled("1", OTHER, tags=("injection",)), said(Service.SELL, SURE_ENOUGH)),
        (Labelled("2", OTHER, tags=("injection",)), said(Service.SELL, SURE_ENOUGH - 0.01)),
        (Labelled("3", OTHER, tags=("injection",)), said(OTHER, 1)),
        (Labelled("4", Service.SELL, tags=("injection",)), said(Service.SELL, 1)),
        (Labelled("5", OTHER), said(Service.SELL, 1)),
    )

    assert evaluation.injections_offered == 1


async def test_offers_are_counted_from_each_confidence_on() -> None:
    evaluation = await of(
        (Labelled("1", Service.SELL), said(Service.SELL, 0.95)),
        (Labelled("2", Service.BUY), said(Service.SELL, 0.7)),
        (Labelled("3", OTHER), said(Service.BUY, 0.5)),
        (Labelled("4", Service.FIND), said(OTHER, 1)),
    )

    figures = {each.sure: (each.count, each.wrong, each.wishes) for each in evaluation.offered}

    assert figures == {0.35: (3, 2, 3), 0.6: (2, 1, 3), 0.8: (1, 0, 3), 0.9: (1, 0, 3)}
    assert evaluation.offered[1].wrong_share == 0.5
    assert evaluation.offered[1].reach == pytest.approx(1 / 3)


async def test_latency_and_cost() -> None:
    evaluation = await of(*((Labelled(f"{n}", Service.SELL), said(cost=CENT)) for n in range(20)))

    assert (evaluation.latency(50), evaluation.latency(95)) == (10_000, 19_000)
    assert (evaluation.cost, evaluation.input_tokens) == (Decimal("0.20"), 8000)


async def test_the_figures_as_one_object() -> None:
    figures = (await of((Labelled("1", Service.SELL, CAMRY), said(entities=CAMRY)))).to_json()

    assert figures["messages"] == 1
    assert figures["intent_accuracy"] == 1
    assert (figures["entity_precision"], figures["entity_recall"], figures["entity_f1"]) == (1, 1, 1)
    assert figures["per_intent"]["sell"]["recall"] == 1
    assert figures["per_intent"]["buy"]["precision"] is None
    assert figures["per_entity"]["year"]["f1"] == 1
    assert figures["injections_offered"] == 0
    assert (figures["p50_ms"], figures["p95_ms"]) == (1000, 1000)


async def test_no_message_has_no_figures() -> None:
    figures = (await of()).to_json()

    assert (figures["messages"], figures["entity_f1"], figures["p95_ms"]) == (0, None, None)

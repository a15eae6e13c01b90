"""What is asked is short, and held to a schema."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from openai import AsyncOpenAI

from carquery.adapters.openai.prompt import INSTRUCTIONS, SCHEMA, most_input_tokens, request
from carquery.application.ports.classifier import Classifier
from carquery.domain.understanding import INTENTS, Entities
from carquery_emulators.openai import OpenAiEmulator
from tests.adapters.openai.asking import asking

MOST_TOKENS = 450
TYPICAL = "Здравствуйте, продаю тойоту камри 2018 года, пробег 120 тысяч, хотел бы получить два миллиона рублей"


async def test_a_typical_message_takes_few_tokens(
    openai: OpenAiEmulator, classifier: Classifier, record_property: Callable[[str, object], None]
) -> None:
    """Counted as the server does: instructions, schema, message, and what frames them."""
    assert len(TYPICAL) == 100

    usage = (await classifier.classify(TYPICAL)).usage

    print(f"{usage.input_tokens} input tokens")  # noqa: T201 - the figure is asked for
    record_property("input_tokens", usage.input_tokens)
    assert usage.input_tokens == openai.replies[-1].usage.input
    assert usage.input_tokens <= MOST_TOKENS


@pytest.mark.parametrize("text", ["", "продаю камри", "🚗" * 500, '"\n' * 250])
async def test_the_bound_is_above_what_is_counted(client: AsyncOpenAI, text: str) -> None:
    usage = (await asking(client, "gpt-4o").classify(text)).usage

    assert usage.input_tokens < most_input_tokens(text)


def test_the_schema_holds_every_intent_and_entity_and_nothing_else() -> None:
    stated = Entities.__dataclass_fields__

    assert SCHEMA["properties"]["intent"]["enum"] == [intent.value for intent in INTENTS]
    assert set(SCHEMA["properties"]) == {"intent", "confidence", "reply", *stated}
    assert set(SCHEMA["required"]) == set(SCHEMA["properties"])
    assert SCHEMA["additionalProperties"] is False


def test_every_intent_is_explained() -> None:
    for intent in INTENTS:
        assert f"{intent.value}: " in INSTRUCTIONS


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4o", "gpt-4.1-nano", "gpt-4o-mini-2024-07-18", "deepseek-chat"])
def test_a_model_that_does_not_think_answers_as_steadily_as_it_can(model: str) -> None:
    asked = request(model, "")

    assert asked["temperature"] == 0
    assert "reasoning_effort" not in asked


@pytest.mark.parametrize(
    ("model", "effort"),
    [
        ("gpt-5", "minimal"),
        ("gpt-5-mini", "minimal"),
        ("gpt-5-nano-2025-08-07", "minimal"),
        ("gpt-5.1", "low"),
        ("gpt-6-sol", "low"),
        ("o4-mini", "low"),
    ],
)
def test_a_model_that_thinks_does_so_as_little_as_it_can(model: str, effort: str) -> None:
    asked = request(model, "")

    assert asked["reasoning_effort"] == effort
    assert "temperature" not in asked


def test_nothing_is_kept_by_the_server_and_the_answer_is_bounded() -> None:
    asked = request("gpt-4o-mini", "")

    assert asked["store"] is False
    assert 0 < asked["max_completion_tokens"] <= 300


async def test_a_typical_call_costs_a_hundredth_of_a_cent(classifier: Classifier) -> None:
    usage = (await classifier.classify(TYPICAL)).usage

    assert usage.cost < Decimal("0.00012")
    assert classifier.dearest(TYPICAL) < Decimal("0.0004")

"""The log says once that no model answers, and once that one does again."""

import pytest
from structlog.testing import capture_logs

from carquery.adapters.memory.ai_journal import MemoryAiJournal
from carquery.application.ports.ai_journal import CallOutcome, JournalEntry
from carquery.entrypoints.health.counted_journal import REASONS, CountedAiJournal
from carquery.entrypoints.health.metrics import Metrics
from tests.builders import a_call, message_number

ANSWERED, UNSURE, REFUSED = CallOutcome.ANSWERED, CallOutcome.UNSURE, CallOutcome.REFUSED
AWAY = CallOutcome.UNAVAILABLE


async def lines_of(*messages: tuple[CallOutcome, ...]) -> list[str]:
    """What the log says when the models fared so; whatever they did not answer, the rules did."""
    journal = CountedAiJournal(MemoryAiJournal(), Metrics())
    with capture_logs() as logs:
        for number, outcomes in enumerate(messages):
            calls = [(f"model-{place}", outcome) for place, outcome in enumerate(outcomes)]
            if ANSWERED not in outcomes:
                calls.append(("rules", ANSWERED))
            await journal.add([an_entry(number, place, *call) for place, call in enumerate(calls, start=1)])
    return [str(line["event"]) for line in logs]


def an_entry(number: int, place: int, model: str, outcome: CallOutcome) -> JournalEntry:
    message = message_number(number)
    return a_call(message, place=place, model=model, outcome=outcome)


@pytest.mark.parametrize("outcome", REASONS)
async def test_models_that_answer_nothing_have_one_line_and_one_when_they_are_back(outcome: CallOutcome) -> None:
    assert await lines_of((outcome, outcome), (outcome, AWAY), (), (ANSWERED,)) == ["openai_away", "openai_back"]


@pytest.mark.parametrize("outcomes", [(AWAY, ANSWERED), (AWAY, UNSURE), (REFUSED,), (UNSURE, UNSURE), ()])
async def test_while_one_of_them_answers_nothing_is_said(outcomes: tuple[CallOutcome, ...]) -> None:
    assert await lines_of(outcomes) == []

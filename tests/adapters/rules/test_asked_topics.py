"""A dealership's examples of questions teach at once: also topics that nobody else knows."""

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.domain.dealership.dealership import NEUTRAL, Dealership
from carquery.domain.dealership.faq import Entry, Faq, Topic
from carquery.domain.forms.form import Service
from carquery.domain.hearing.freely import hear_freely
from carquery.domain.hearing.heard import AsksUs
from carquery.domain.understanding import OTHER
from tests.builders import NOW

PARKING = Topic("parking")
EXAMPLES = ("где у вас можно оставить машину", "парковка для клиентов есть?", "куда припарковаться")
TOLD = Dealership(faq=Faq({PARKING: Entry("Парковка бесплатная.", EXAMPLES)}))
RULES = RulesClassifier(SettableClock(NOW), told=lambda: TOLD)


@pytest.mark.parametrize("text", [*EXAMPLES, "парковка есть?", "а где можно припарковаться", "есть парковка клиентам"])
def test_an_own_topic_is_recognised_from_a_few_examples(text: str) -> None:
    assert hear_freely(text, RULES.understand(text)) == AsksUs(PARKING)


@pytest.mark.parametrize(
    ("text", "service"), [("продам машину, куда приехать", Service.SELL), ("куплю у вас камри", Service.BUY)]
)
def test_a_wish_stays_a_wish(text: str, service: Service) -> None:
    assert RULES.understand(text).offered is service


@pytest.mark.parametrize("text", ["до скольки работаете", "спасибо", "позовите менеджера"])
def test_what_is_like_no_example_is_understood_as_without_them(text: str) -> None:
    assert RULES.understand(text) == RulesClassifier(SettableClock(NOW)).understand(text)


def test_what_is_hardly_like_an_example_is_what_the_model_is_sure_of() -> None:
    told = Dealership(faq=Faq({Topic("free"): Entry("Осмотр бесплатный.", ("сколько стоит осмотр?",))}))
    rules = RulesClassifier(SettableClock(NOW), told=lambda: told)

    assert rules.understand("сколько это стоит?") == RulesClassifier(SettableClock(NOW)).understand(
        "сколько это стоит?"
    )


def test_the_probabilities_are_of_one_whole() -> None:
    understood = RULES.understand("парковка у вас есть")

    assert understood.intent is OTHER
    assert sum(understood.likely.values()) == pytest.approx(1)
    assert sum(understood.topics.values()) == pytest.approx(1)
    assert list(understood.topics.values()) == sorted(understood.topics.values(), reverse=True)


def test_other_examples_count_from_the_next_message_on() -> None:
    told = [NEUTRAL]
    rules = RulesClassifier(SettableClock(NOW), told=lambda: told[-1])
    before = rules.understand(EXAMPLES[0])

    told.append(TOLD)

    assert (before.topic != PARKING, rules.understand(EXAMPLES[0]).topic) == (True, PARKING)

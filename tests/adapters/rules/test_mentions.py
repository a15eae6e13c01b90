"""What a text mentions is the same, whether or not anybody asks what it wants."""

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.domain.understanding import NOTHING_STATED, Entities
from tests.builders import NOW

RULES = RulesClassifier(SettableClock(NOW))


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("Toyota Camry", Entities(brand="Toyota", model="Camry")),
        ("камри 2018 850 тыс", Entities(brand="Toyota", model="Camry", year=2018, price=850_000, budget=850_000)),
        ("хочу продать весту, Иван 8 916 123-45-67", None),
        ("вы сегодня работаете?", NOTHING_STATED),
        ("", NOTHING_STATED),
    ],
)
def test_what_a_text_mentions_is_the_same_alone(text: str, mentioned: Entities | None) -> None:
    alone = RULES.mentions(text)

    assert alone == RULES.understand(text).mentioned
    assert mentioned is None or alone == mentioned

"""What forms say that customers say is understood without a model."""

import pytest

from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.forms.form import Service
from tests.builders import NOW

RULES = RulesClassifier(SettableClock(NOW))


SAID = [(form.service, phrase) for form in ON_THE_MENU for phrase in form.wish.said]


@pytest.mark.parametrize(("service", "phrase"), SAID)
@pytest.mark.parametrize("message", ["{}", "Здравствуйте, мне нужно {}", "{}: тойота камри 2018"])
def test_a_phrase_of_a_wish_is_enough(service: Service, phrase: str, message: str) -> None:
    text = message.format(phrase)
    understood = RULES.understand(text)

    assert understood.offered is service, (
        f"«{text}» is understood as {understood.intent}: what the wish of {service} says is claimed by another form, "
        "or by a form of which more messages are known"
    )

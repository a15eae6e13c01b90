"""Whatever was answered can be put right at any later question and at the summary, in the words of an order."""

from collections.abc import Iterator

import pytest

from carquery.domain.dialog import Dialog
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import Taken
from tests.builders import a_dialog, a_reviewed_dialog
from tests.stories.world import classifier

FIELDS = {
    "car_brand": ("машину", "киа рио", "тойоты", "Kia Rio"),
    "year": ("год", "2015", "2018", "2015"),
    "year_from": ("год", "2015", "2018", "2015"),
    "mileage": ("пробег", "98 тыс", "120 тыс", "98 000 км"),
    "price": ("цену", "1,4 млн", "1,2 млн", "1 400 000 ₽"),
    "budget": ("бюджет", "1,7 млн", "2 млн", "1 700 000 ₽"),
    "transmission": ("коробку", "механику", "автомата", "Механика"),
    "drive": ("привод", "передний", "полного", "Передний"),
    "body_type": ("кузов", "седан", "кроссовера", "Седан"),
    "check_type": ("проверку", "выездной осмотр", "комплексной", "Выездной осмотр"),
    "name": ("имя", "Ольга", "Анны", "Ольга"),
    "phone": ("телефон", "8 903 111-22-33", "", "+7 903 111-22-33"),
}
"""Of each step: what people call it, another value, what was given in the genitive, and how the other one is shown."""

ORDERS = (
    "{it} поменяйте на {other}",
    "ой, {it} смените на {other}, муж сказал",
    "пусть {it} будет {other}",
    "{it} запишите {other}",
    "{it} другой, {other}",
    "с {it} ошиблась, надо {other}",
    "можно {it} исправить на {other}",
    "{other} вместо {given}",
)


CASES = [
    (service, step.name, order)
    for service, form in FORMS.items()
    for step in form.steps
    if step.name in FIELDS
    for order in ORDERS
    if FIELDS[step.name][2] or "{given}" not in order
]


def _standing_behind(service: Service, step: str) -> Iterator[Dialog]:
    """At the next question, at the one that takes any words, and at the summary."""
    names = [known.name for known in FORMS[service].steps]
    behind = names[names.index(step) + 1 :]
    yield from (a_dialog(service=service, step=later) for later in dict.fromkeys((*behind[:1], *behind[-1:])))
    yield a_reviewed_dialog(service=service)


@pytest.mark.parametrize(("service", "step", "order"), CASES, ids=lambda value: ascii(str(value)))
def test_an_order_puts_an_answer_right(service: Service, step: str, order: str) -> None:
    it, other, given, shown = FIELDS[step]

    typed = order.format(it=it, other=other, given=given)

    for dialog in _standing_behind(service, step):
        heard = hear(dialog, typed, classifier())
        assert isinstance(heard, Taken), f"at {dialog.at}: {heard}"
        assert heard.dialog.at == dialog.at
        assert heard.dialog.answers[step].shown.replace("\u00a0", " ") == shown
        others = {name: value for name, value in dialog.answers.items() if name not in (step, "comment")}
        assert {name: heard.dialog.answers[name] for name in others} == others

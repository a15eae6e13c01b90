"""The menu, and what else stands outside the forms."""

from collections.abc import Iterable
from typing import ClassVar

from carquery.application.screens.notices import Notice, SetAside
from carquery.domain.forms.form import Form
from carquery.domain.forms.wish import listed
from carquery.domain.ids import Reference
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Menu:
    """The services to choose from.

    Attributes:
        notice: what has just happened; None: nothing, so the customer is greeted.
        has_leads: the customer has sent some, and may look at them.
    """

    notice: Notice | SetAside | None = None
    has_leads: bool = False

    GREETING: ClassVar[str] = "Здравствуйте! Я помогу {services}."
    CHOOSE: ClassVar[str] = "Выберите услугу или просто напишите, что нужно."
    PROMPT: ClassVar[str] = "Чем ещё помочь? Выберите услугу или просто напишите, что нужно."
    ASK: ClassVar[str] = "💬 Задать вопрос"


def naming_services(sentence: str, menu: Iterable[Form]) -> str:
    """The sentence, saying what those forms are for where it has `{services}`."""
    return sentence.format(services=listed(form.wish for form in menu))


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lead is stored.

    Attributes:
        answers: title and text of all that was sent; none: it was sent before they were kept.
    """

    reference: Reference
    answers: tuple[tuple[str, str], ...] = ()

    TEXT: ClassVar[str] = "✅ Заявка {reference} принята. Менеджер скоро свяжется с вами."
    CALLED_BACK: ClassVar[str] = "✅ Заявка {reference} принята. Перезвоним {when}."
    """`when`: as `callback_time` says it."""


@dataclass(frozen=True, slots=True)
class AskFreely:
    """An invitation to write in one's own words."""

    PROMPT: ClassVar[str] = "Напишите ваш вопрос в одном сообщении, а мы поможем."

"""The menu, and what else stands outside the forms."""

from dataclasses import dataclass
from typing import ClassVar

from carquery.application.screens.notices import Notice, SetAside
from carquery.domain.forms.catalogue import SERVICES_LISTED
from carquery.domain.ids import Reference


@dataclass(frozen=True, slots=True)
class Menu:
    """The services to choose from. `notice`: what has just happened; None: nothing, so the customer is greeted."""

    notice: Notice | SetAside | None = None

    GREETING: ClassVar[str] = (
        f"Здравствуйте! Я помогу {SERVICES_LISTED}. Выберите услугу или просто напишите, что нужно."
    )
    PROMPT: ClassVar[str] = "Чем ещё помочь? Выберите услугу или просто напишите, что нужно."
    ASK: ClassVar[str] = "💬 Задать вопрос"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lead is stored."""

    reference: Reference

    TEXT: ClassVar[str] = "✅ Заявка {reference} принята. Менеджер скоро свяжется с вами."


@dataclass(frozen=True, slots=True)
class AskFreely:
    """An invitation to write in one's own words."""

    PROMPT: ClassVar[str] = "Напишите ваш вопрос в одном сообщении, а мы поможем."

"""What a free message is answered with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.values import dataclass
from carquery.domain.visit import Offer


@dataclass(frozen=True, slots=True)
class FormOffer:
    """A form for what the customer wrote.

    Attributes:
        sorry: it took long to get there; a person is offered as well.
        notice: what there is to say of the message itself, in a sentence.
    """

    offer: Offer
    sorry: bool = False
    notice: str = ""

    PROMPT: ClassVar[str] = "Похоже, вы хотите {wish}. Заполнить заявку?"
    WHICH: ClassVar[str] = "Что из этого вам нужно?"
    NEITHER: ClassVar[str] = "Другое"
    STATED: ClassVar[str] = "Из вашего сообщения: {values}."
    SORRY: ClassVar[str] = "Простите, что не сразу поняли вас."
    CALLBACK: ClassVar[str] = "📞 Пусть позвонит менеджер"
    QUESTION_KEPT: ClassVar[str] = "Ваш вопрос передадим менеджеру с заявкой: он ответит, когда позвонит."
    """In the notice: of what was asked beside the wish, and nobody here can answer."""


@dataclass(frozen=True, slots=True)
class FreeAnswer:
    """A sentence in answer to a free message, and the way on.

    Attributes:
        text: empty: there is nothing better than to ask.
        notice: what there is to say of the message itself, in a sentence.
    """

    text: str = ""
    notice: str = ""

    ASK: ClassVar[str] = "Помогу {services}. Напишите подробнее, что нужно, или выберите услугу."
    GREETING: ClassVar[str] = "Здравствуйте! Чем помочь? Напишите своими словами или выберите услугу."
    COURTESIES: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"thanks": "Пожалуйста! Если понадобится что-то ещё, напишите.", "bye": "Всего доброго! Пишите, если что."}
    )
    """By what the customer says."""
    TOLD_MANAGER: ClassVar[str] = "Передали менеджеру: он учтёт это в заявке {reference}."
    TOLD_OF_WAITING: ClassVar[str] = "Передали менеджеру, что вы ждёте: он свяжется с вами по заявке {reference}."
    TOLD_OF_COMPLAINT: ClassVar[str] = (
        "Нам жаль, что так вышло. Передали ваши слова менеджеру: он разберётся и свяжется с вами по заявке {reference}."
    )
    WITH_MANAGER: ClassVar[str] = "Заявка {reference} у менеджера: он скоро свяжется с вами."
    CALLED_BACK: ClassVar[str] = "Заявка {reference} у менеджера: он перезвонит {when}."
    NOT_CALLED: ClassVar[str] = "Хорошо, звонить не будем: заявок от вас нет. Если что-то понадобится, напишите здесь."
    DECLINED: ClassVar[str] = "Хорошо. Напишите иначе, что нужно, или выберите услугу."


@dataclass(frozen=True, slots=True)
class CallbackOffer:
    """A manager could call.

    Attributes:
        dialog: the open one, which would be closed.
        sorry: nobody asked for a person, but nothing else has helped.
        is_upset: the customer complains.
        is_question: it is something that only a person can answer.
        notice: what there is to say of the message itself, in a sentence.
    """

    dialog: Dialog | None = None
    sorry: bool = False
    is_upset: bool = False
    is_question: bool = False
    notice: str = ""

    ASKED: ClassVar[str] = "Менеджер может вам позвонить. Оставите имя и телефон?"
    SORRY: ClassVar[str] = (
        "Простите, не получилось вам помочь. Лучше ответит менеджер: оставите имя и телефон, чтобы он позвонил?"
    )
    UPSET: ClassVar[str] = (
        "Нам жаль, что так вышло. Передали ваши слова менеджеру, он разберётся. "
        "Оставите имя и телефон, чтобы он позвонил?"
    )
    QUESTION: ClassVar[str] = "На этот вопрос ответит менеджер. Оставите имя и телефон, чтобы он позвонил?"
    WILL_CALL: ClassVar[str] = "Менеджер вам позвонит"
    CLOSES: ClassVar[str] = "Незаконченная заявка при этом закроется."

    @property
    def text(self) -> str:
        if self.sorry:
            return self.SORRY
        if self.is_upset:
            return self.UPSET
        return self.QUESTION if self.is_question else self.ASKED


@dataclass(frozen=True, slots=True)
class AnotherForm:
    """In the middle of one form another is wanted."""

    dialog: Dialog
    service: Service

    PROMPT: ClassVar[str] = "Похоже, вы хотите {wish}. Открыть новую заявку вместо этой? Что подходит, перенесём."

"""What a free message is answered with."""

from dataclasses import dataclass
from typing import ClassVar

from carquery.domain.dialog import Dialog
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
    STATED: ClassVar[str] = "Из вашего сообщения: {values}."
    SORRY: ClassVar[str] = "Простите, что не сразу поняли вас."
    CALLBACK: ClassVar[str] = "📞 Пусть позвонит менеджер"


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
    DECLINED: ClassVar[str] = "Хорошо. Напишите иначе, что нужно, или выберите услугу."


@dataclass(frozen=True, slots=True)
class CallbackOffer:
    """A manager could call.

    Attributes:
        dialog: the open one, which would be closed.
        sorry: nobody asked for a person, but nothing else has helped.
        notice: what there is to say of the message itself, in a sentence.
    """

    dialog: Dialog | None = None
    sorry: bool = False
    notice: str = ""

    ASKED: ClassVar[str] = "Менеджер может вам позвонить. Оставите имя и телефон?"
    SORRY: ClassVar[str] = (
        "Простите, не получилось вам помочь. Лучше ответит менеджер: оставите имя и телефон, чтобы он позвонил?"
    )
    CLOSES: ClassVar[str] = "Незаконченная заявка при этом закроется."

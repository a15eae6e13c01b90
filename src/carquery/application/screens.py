"""What a customer can be shown, and the words that belong to each.

Screens know nothing of the messenger. Whoever shows them matches on the closed union `Screen`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from carquery.domain.consent import ConsentTerms
from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.ids import Reference
from carquery.domain.visit import Offer

BACK = "⬅️ Назад"
MENU = "🏠 Меню"
YES = "Да"
NO = "Нет"


class Place(StrEnum):
    """Where a customer can go besides the forms."""

    MENU = "menu"
    QUESTION = "question"


Destination: TypeAlias = Place | Service


@dataclass(frozen=True, slots=True)
class Question:
    """The step that is asked now. `hint`: why the last answer was not taken."""

    dialog: Dialog
    hint: str = ""

    SKIP: ClassVar[str] = "Пропустить"
    CLEAR: ClassVar[str] = "Убрать ответ"
    KEEP: ClassVar[str] = "Оставить"
    KEEP_ALL: ClassVar[str] = "Оставить всё"
    DONE: ClassVar[str] = "Готово"
    SHARE: ClassVar[str] = "📱 Поделиться номером"
    UNSURE: ClassVar[str] = "Уточните, пожалуйста: нажмите верный вариант или напишите ещё раз."


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """The question of consent, before the first personal step."""

    dialog: Dialog
    terms: ConsentTerms
    hint: str = ""

    TITLE: ClassVar[str] = "Согласие на обработку персональных данных"
    POLICY: ClassVar[str] = "Политика обработки данных"
    AGREE: ClassVar[str] = "Согласен"
    DISAGREE: ClassVar[str] = "Не согласен"


@dataclass(frozen=True, slots=True)
class Summary:
    """All answers, before they are sent."""

    dialog: Dialog
    hint: str = ""

    TITLE: ClassVar[str] = "Проверьте заявку"
    SEND: ClassVar[str] = "✅ Отправить"
    EDIT: ClassVar[str] = "✏️ Изменить"
    CANCEL: ClassVar[str] = "❌ Отменить"


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of the summary, one of them to be asked again."""

    dialog: Dialog

    PROMPT: ClassVar[str] = "Что изменить?"


@dataclass(frozen=True, slots=True)
class LeaveWarning:
    """Before answers are thrown away. `to`: where «Да» leads."""

    dialog: Dialog
    to: Destination

    PROMPT: ClassVar[str] = "Вы не закончили заявку. Сбросить и начать заново?"


@dataclass(frozen=True, slots=True)
class Menu:
    """The six buttons. `notice`: what has just happened, in a sentence; without it, the greeting."""

    notice: str = ""

    GREETING: ClassVar[str] = (
        "Здравствуйте! Я помогу продать, купить, подобрать или проверить автомобиль и разобраться с документами. "
        "Выберите услугу или просто напишите, что нужно."
    )
    PROMPT: ClassVar[str] = "Чем ещё помочь? Выберите услугу или просто напишите, что нужно."
    ASK: ClassVar[str] = "💬 Задать вопрос"
    LEFT: ClassVar[str] = "Заявка сброшена."
    CONSENT_REFUSED: ClassVar[str] = (
        "Без согласия мы не можем принять заявку. Ничего не сохранено. Вы можете вернуться в любой момент."
    )
    EXPIRED: ClassVar[str] = "Заявка устарела: пожалуйста, начните заново."
    NOTHING_TO_CANCEL: ClassVar[str] = "Сейчас нет открытой заявки."


@dataclass(frozen=True, slots=True)
class Receipt:
    """The lead is stored."""

    reference: Reference

    TEXT: ClassVar[str] = "✅ Заявка {reference} принята. Менеджер скоро свяжется с вами."


@dataclass(frozen=True, slots=True)
class AskFreely:
    """An invitation to write in one's own words."""

    PROMPT: ClassVar[str] = "Напишите ваш вопрос в одном сообщении, а мы поможем."


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
    """A sentence upon a free message, and the way on.

    Attributes:
        text: empty: there is nothing better than to ask.
        notice: what there is to say of the message itself, in a sentence.
    """

    text: str = ""
    notice: str = ""

    ASK: ClassVar[str] = (
        "Помогу продать, купить, подобрать или проверить автомобиль и разобраться с документами. "
        "Напишите подробнее, что нужно, или выберите услугу."
    )
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


@dataclass(frozen=True, slots=True)
class Help:
    """What the bot can do."""

    TEXT: ClassVar[str] = (
        "Я принимаю заявки автосалона: продать, купить, подобрать или проверить автомобиль, помочь с документами.\n\n"
        "Выберите услугу в меню и ответьте на несколько вопросов – менеджер получит заявку и позвонит. "
        "Вместо кнопок можно писать: «назад», «пропустить», «меню», «отмена», «оператор».\n\n"
        "/menu – меню\n/cancel – выйти из заявки\n/privacy – ваши данные\n/help – эта подсказка"
    )


@dataclass(frozen=True, slots=True)
class Privacy:
    """What is stored, and the way to have it erased. `policy_url`: None: the dealership has not given one."""

    policy_url: str | None

    TEXT: ClassVar[str] = (
        "Мы храним то, что вы указали в заявках: имя, телефон, сведения об автомобиле, комментарии, фотографии и "
        "файлы – чтобы менеджер мог связаться с вами. Незаконченная заявка удаляется сама."
    )
    POLICY: ClassVar[str] = "Политика обработки данных"
    ERASE: ClassVar[str] = "Удалить мои данные"


@dataclass(frozen=True, slots=True)
class EraseWarning:
    """Before a customer's data are erased."""

    PROMPT: ClassVar[str] = (
        "Удалить ваши данные? Заявки станут безымянными, и менеджер не сможет с вами связаться. Отменить это нельзя."
    )
    CONFIRM: ClassVar[str] = "Да, удалить"


@dataclass(frozen=True, slots=True)
class Erased:
    """A customer's data are gone. `is_asked`: people were asked to delete what stands, or may stand, in the CRM."""

    TEXT: ClassVar[str] = "Ваши данные удалены."
    ASKED: ClassVar[str] = "Мы попросили сотрудников удалить ваш контакт и там, куда передаются заявки."

    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """A button that no longer does anything; nothing changes.

    `current`: where its dialog stands, should the message with the button have missed it.
    """

    current: Question | ConsentRequest | Summary | None = None

    TEXT: ClassVar[str] = "Кнопка больше не активна"


@dataclass(frozen=True, slots=True)
class Busy:
    """A store is away; nothing was lost."""

    TEXT: ClassVar[str] = "Сервис ненадолго недоступен. Ваши ответы сохранены: пожалуйста, повторите через минуту."


@dataclass(frozen=True, slots=True)
class NotStored:
    """The lead could not be stored; the summary stays."""

    TEXT: ClassVar[str] = (
        "Не получилось отправить заявку. Ваши ответы сохранены: пожалуйста, нажмите «Отправить» ещё раз."
    )


@dataclass(frozen=True, slots=True)
class TooMany:
    """Too many messages at once; said once."""

    TEXT: ClassVar[str] = "Слишком много сообщений сразу. Пожалуйста, подождите немного."


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing to say."""


Screen: TypeAlias = (
    Question
    | ConsentRequest
    | Summary
    | FieldList
    | LeaveWarning
    | Menu
    | Receipt
    | AskFreely
    | FormOffer
    | FreeAnswer
    | CallbackOffer
    | Help
    | Privacy
    | EraseWarning
    | Erased
    | Stale
    | Busy
    | NotStored
    | TooMany
    | Silence
)


def screen_of(dialog: Dialog, *, hint: str = "") -> Question | ConsentRequest | Summary:
    """Where a dialog stands."""
    if dialog.asks_consent and dialog.terms is not None:
        return ConsentRequest(dialog, dialog.terms, hint)
    if dialog.is_at_summary:
        return Summary(dialog, hint)
    return Question(dialog, hint)

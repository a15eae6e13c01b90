"""A dialog: its questions, its summary, and the ways out of it."""

from datetime import timedelta
from math import ceil
from typing import ClassVar, Final

from carquery.application.screens.places import Onward
from carquery.domain.consent import ConsentTerms
from carquery.domain.dialog import Dialog
from carquery.domain.typed_commands import Command
from carquery.domain.values import dataclass

NOT_EDITED = "Изменённое сообщение не заменит ответ: вернитесь к вопросу кнопкой или напишите новое сообщение"
"""The hint after an answer that was edited."""

_AN_HOUR_AND_A_HALF: Final = 90
"""Minutes; longer waits are told in hours."""

NOT_HERE = {
    Command.BACK: "Это первый вопрос: дальше назад некуда",
    Command.SKIP: "Этот вопрос нельзя пропустить",
    Command.KEEP: "Здесь пока нечего оставить: напишите ответ или выберите вариант кнопкой",
}
"""The hint after a word that is no answer, typed where its button isn't offered."""


@dataclass(frozen=True, slots=True)
class Question:
    """The step that is asked now.

    Attributes:
        hint: why the last answer was not taken.
        notice: the answer to what the customer asked meanwhile.
        offers_person: it did not work out several times; a manager could call.
        agreed: what the customer has just consented to, which stays in the chat.
        ends_keyboard: one that asks for the contact may be up that nobody remembers.
    """

    dialog: Dialog
    hint: str = ""
    notice: str = ""
    offers_person: bool = False
    agreed: ConsentTerms | None = None
    ends_keyboard: bool = False

    SKIP: ClassVar[str] = "Пропустить"
    CLEAR: ClassVar[str] = "Убрать ответ"
    KEEP: ClassVar[str] = "Оставить"
    KEEP_ALL: ClassVar[str] = "Оставить всё"
    DONE: ClassVar[str] = "Готово"
    SHARE: ClassVar[str] = "📱 Поделиться номером"
    PLACE: ClassVar[str] = "{title} · Шаг {number} из {steps}"
    GIVEN: ClassVar[str] = " · "
    """Between the answers that were given so far."""
    KNOWN: ClassVar[str] = "Сейчас: "
    EXAMPLE: ClassVar[str] = "Например: {example}"
    UNSURE: ClassVar[str] = "Уточните, пожалуйста: нажмите верный вариант или напишите ещё раз."
    IS_CAR: ClassVar[str] = "Записать «{car}» как марку и модель?"
    UNKNOWN: ClassVar[str] = "Не знаю"
    PERSON: ClassVar[str] = "📞 Пусть позвонит менеджер"


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """The question of consent, before the first personal step."""

    dialog: Dialog
    terms: ConsentTerms
    hint: str = ""
    notice: str = ""
    ends_keyboard: bool = False

    TITLE: ClassVar[str] = "Согласие на обработку персональных данных"
    POLICY: ClassVar[str] = "Политика обработки данных"
    AGREE: ClassVar[str] = "Согласен"
    GIVEN: ClassVar[str] = "✅ Согласие дано"
    DISAGREE: ClassVar[str] = "Не согласен"


@dataclass(frozen=True, slots=True)
class Summary:
    """All answers, before they are sent."""

    dialog: Dialog
    hint: str = ""
    notice: str = ""
    ends_keyboard: bool = False

    TITLE: ClassVar[str] = "Проверьте заявку"
    AMENDS: ClassVar[str] = "Исправляем заявку {reference}"
    SEND: ClassVar[str] = "✅ Отправить"
    SAVE: ClassVar[str] = "✅ Сохранить"
    KEEP: ClassVar[str] = "❌ Не менять"
    EDIT: ClassVar[str] = "✏️ Изменить"
    CANCEL: ClassVar[str] = "❌ Отменить"


@dataclass(frozen=True, slots=True)
class EnoughLeads:
    """The summary, which can't be sent now: the customer has sent as many requests as are taken."""

    dialog: Dialog
    again_in: timedelta

    TEXT: ClassVar[str] = (
        "Мы уже приняли от вас несколько заявок, ими занимается менеджер. "
        "Эту можно будет отправить через {wait}: ответы сохранены."
    )
    CALL: ClassVar[str] = "Если дело срочное, позвоните нам: {phone}."

    def text(self, phone: str) -> str:
        """`phone`: the dealership's; empty: it has told none."""
        minutes = max(ceil(self.again_in / timedelta(minutes=1)), 1)
        wait = f"{minutes} мин" if minutes < _AN_HOUR_AND_A_HALF else f"{ceil(minutes / 60)} ч"
        return " ".join(filter(None, (self.TEXT.format(wait=wait), phone and self.CALL.format(phone=phone))))


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of the summary, one of them to be asked again."""

    dialog: Dialog

    PROMPT: ClassVar[str] = "Что изменить?"


@dataclass(frozen=True, slots=True)
class LeaveWarning:
    """Before answers are thrown away. `to`: where «Да» leads."""

    dialog: Dialog
    to: Onward

    PROMPT: ClassVar[str] = "Вы не закончили заявку. Сбросить и начать заново?"
    AMENDS: ClassVar[str] = "Изменения в заявке {reference} не сохранены. Оставить её прежней?"

    @property
    def text(self) -> str:
        amends = self.dialog.amends
        return self.PROMPT if amends is None else self.AMENDS.format(reference=amends)


@dataclass(frozen=True, slots=True)
class GoOnQuestion:
    """A form was left before: the customer goes on with it, or begins anew.

    Attributes:
        to: where a new beginning leads.
        hint, notice: what there is to say of what was done just now, as in a question.
        is_first: the customer has just come back.
    """

    dialog: Dialog
    to: Onward
    hint: str = ""
    notice: str = ""
    is_first: bool = True

    NOTED: ClassVar[str] = "Записали то, что вы прислали."
    AT_STEP: ClassVar[str] = "Вы остановились на шаге {number} из {steps}. Продолжить?"
    AT_SUMMARY: ClassVar[str] = "Вы заполнили заявку, но не отправили её. Продолжить?"
    GO_ON: ClassVar[str] = "Продолжить"
    ANEW: ClassVar[str] = "Начать заново"


def screen_of(
    dialog: Dialog, *, hint: str = "", notice: str = "", offers_person: bool = False
) -> Question | ConsentRequest | Summary:
    """Where a dialog stands."""
    if dialog.asks_consent and dialog.terms is not None:
        return ConsentRequest(dialog, dialog.terms, hint, notice)
    if dialog.is_at_summary:
        return Summary(dialog, hint, notice)
    return Question(dialog, hint, notice, offers_person)

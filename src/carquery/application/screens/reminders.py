"""What the bot says by itself: service, and no offer of anything."""

from typing import ClassVar

from carquery.domain.dialog import Dialog
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Reminder:
    """A form was left; said once."""

    dialog: Dialog

    AT_STEP: ClassVar[str] = (
        "Вы начали заявку и остановились на шаге {number} из {steps}. "
        "Ответы сохранены: можно продолжить с того же места."
    )
    AT_SUMMARY: ClassVar[str] = "Вы заполнили заявку, но не отправили её. Ответы сохранены: осталось проверить их."
    GO_ON: ClassVar[str] = "Продолжить"
    NO_MORE: ClassVar[str] = "Не напоминать"

    @property
    def text(self) -> str:
        form, at = self.dialog.form, self.dialog.at
        return self.AT_SUMMARY if at is None else self.AT_STEP.format(number=form.number(at), steps=len(form.steps))


@dataclass(frozen=True, slots=True)
class RemindersStopped:
    """The customer wants no reminders. `is_kept`: a form that was left is there still."""

    is_kept: bool

    TEXT: ClassVar[str] = "Хорошо, больше не напомним."
    KEPT: ClassVar[str] = "Ответы пока сохранены: чтобы продолжить, напишите /start."

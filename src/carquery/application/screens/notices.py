"""What has just happened, in a sentence above the menu."""

from enum import Enum

from carquery.domain.attachments import told
from carquery.domain.steps import UNEXPECTED as NOT_UNDERSTOOD
from carquery.domain.values import dataclass


class Notice(Enum):
    """What happened, and the sentence that says so."""

    DROPPED = "Заявка сброшена."
    UNCHANGED = "Заявка осталась прежней."
    CONSENT_REFUSED = (
        "Без согласия мы не можем принять заявку. Ничего не сохранено. Вы можете вернуться в любой момент."
    )
    EXPIRED = "Заявка устарела: пожалуйста, начните заново."
    NOT_YOUR_CARD = "Это чужой контакт. Если нужно вам позвонить, поделитесь своим или напишите номер."
    NOT_OFFERED = "Такую заявку мы сейчас не принимаем."
    NOTHING_TO_CANCEL = "Сейчас нет открытой заявки."
    UNEXPECTED = NOT_UNDERSTOOD
    NO_SUCH_COMMAND = "Такой команды нет."

    @property
    def text(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class SetAside:
    """Photos and files came outside any form.

    Attributes:
        refused: why some of them were not taken, without a full stop; empty: all were.
        after_lead: a lead has just been sent; they came too late for it.
        waits: some are kept for the next form.
    """

    refused: str = ""
    after_lead: bool = False
    waits: bool = False

    @property
    def text(self) -> str:
        after_lead = "Прошлая заявка уже отправлена" if self.after_lead else ""
        waits = "Присланное приложим к новой заявке: выберите, о чём она" if self.waits else ""
        return f"{told(self.refused, after_lead, waits)}."

"""What is said in passing: the screen before stays."""

from typing import ClassVar

from carquery.application.screens.dialog import ConsentRequest, Question, Summary
from carquery.domain.values import dataclass


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

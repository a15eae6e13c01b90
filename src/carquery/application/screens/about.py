"""What the bot does, and what it keeps of a customer."""

from collections.abc import Iterable
from typing import ClassVar

from carquery.application.slash_commands import DESCRIPTIONS, SlashCommand
from carquery.domain.forms.form import Form
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Help:
    """What the bot can do."""

    TEXT: ClassVar[str] = (
        "Я принимаю заявки автосалона. Вы можете:\n{services}\n\n"
        "Выберите услугу в меню и ответьте на несколько вопросов – менеджер получит заявку и позвонит. "
        "Вместо кнопок можно писать: «назад», «пропустить», «меню», «отмена», «оператор».\n\n{commands}"
    )


def help_text(menu: Iterable[Form]) -> str:
    """All that the bot can do, with those forms on its menu."""
    services = "\n".join(f"• {form.wish.wants}" for form in menu)
    listed = [command for command in SlashCommand if command is not SlashCommand.START]
    commands = "\n".join(f"/{command} – {_within_a_line(DESCRIPTIONS[command])}" for command in listed)
    return Help.TEXT.format(services=services, commands=commands)


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


def _within_a_line(description: str) -> str:
    return description[0].lower() + description[1:]

"""The customer's sent leads: the list, one of them, and what becomes of it."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import ClassVar

from carquery.domain.ids import Reference
from carquery.domain.moscow import moscow_day, named_day
from carquery.domain.sent_lead import SentLead, Stage
from carquery.domain.values import dataclass

STAGES: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.RECEIVED: "принята",
        Stage.HANDED_OVER: "передана менеджеру",
        Stage.IN_WORK: "в работе",
        Stage.CLOSED: "закрыта",
        Stage.CANCELLED: "отменена",
    }
)


def stage_of(sent: SentLead) -> str:
    """How far it has come, and who has it."""
    return f"{STAGES[sent.stage]}: {sent.who}" if sent.who else STAGES[sent.stage]


def day_of(sent: SentLead) -> str:
    """When it was sent: «15 июня»."""
    return named_day(moscow_day(sent.lead.created_at))


@dataclass(frozen=True, slots=True)
class MyLeads:
    """The latest leads, newest first. `prompt`: what to do with one of them; empty: nothing in particular."""

    leads: tuple[SentLead, ...]
    prompt: str = ""

    TITLE: ClassVar[str] = "Мои заявки"
    BUTTON: ClassVar[str] = "📋 Мои заявки"
    NONE: ClassVar[str] = "У вас пока нет заявок. Выберите услугу или просто напишите, что нужно."
    WHICH_TO_CANCEL: ClassVar[str] = "Какую заявку отменить? Откройте её."
    WHICH_TO_CORRECT: ClassVar[str] = "Какую заявку исправить? Откройте её."

    @classmethod
    def to_pick_from(cls, leads: tuple[SentLead, ...], prompt: str) -> "MyLeads":
        """One of them is to be changed; of those that can't be any more, nothing is asked."""
        return cls(leads, prompt if any(one.may_be_changed for one in leads) else "")


@dataclass(frozen=True, slots=True)
class LeadCard:
    """One of them. `notice`: what has just happened."""

    sent: SentLead
    notice: str = ""

    AMEND: ClassVar[str] = "✏️ Исправить"
    CANCEL: ClassVar[str] = "Отменить заявку"
    TITLE: ClassVar[str] = "Заявка {reference}"
    UNCHANGED: ClassVar[str] = "Ничего не изменилось."
    WILL_CALL: ClassVar[str] = "Менеджер скоро свяжется с вами."
    CALLED_BACK: ClassVar[str] = "Менеджер перезвонит {when}."


@dataclass(frozen=True, slots=True)
class CancelWarning:
    """Before a sent lead is cancelled."""

    reference: Reference

    PROMPT: ClassVar[str] = "Отменить заявку {reference}? Менеджер увидит, что она больше не нужна."
    CONFIRM: ClassVar[str] = "Да, отменить"
    KEEP: ClassVar[str] = "Нет, оставить"


class Done(Enum):
    """What was done to a sent lead, and the sentence that says so."""

    CORRECTED = "✅ Исправили заявку {reference}. Менеджер увидит изменения."
    CANCELLED = "Заявка {reference} отменена. Менеджер об этом узнает."
    ADDED = "Передали менеджеру: он учтёт это в заявке {reference}."
    SOMETHING = "Заявка {reference} изменена. Менеджер об этом узнает."


@dataclass(frozen=True, slots=True)
class LeadChanged:
    """What the customer changed of a sent lead is stored, and will reach the manager.

    `notice`: what else there is to say.
    """

    reference: Reference
    done: Done = Done.SOMETHING
    notice: str = ""

    @property
    def text(self) -> str:
        return self.done.value.format(reference=self.reference)


@dataclass(frozen=True, slots=True)
class NotChangeable:
    """It was cancelled, or changed too often, or is none of this customer's; nothing changes."""

    TEXT: ClassVar[str] = "Эту заявку уже нельзя изменить. Напишите, что нужно, и мы передадим менеджеру."

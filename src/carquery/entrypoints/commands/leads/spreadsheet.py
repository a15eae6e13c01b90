"""Leads as a dealership reads them in a spreadsheet: the columns, in Russian, and what stands in them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

from carquery.application.staff.texts import STATUSES
from carquery.application.wording import CrmInWords
from carquery.domain.amendment import cancelled_at
from carquery.domain.car import Kilometers, ModelYear
from carquery.domain.effects import Effect
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.meaning import Meaning
from carquery.domain.money import Rubles
from carquery.domain.moscow import MOSCOW
from carquery.domain.words import Words
from carquery.entrypoints.commands.leads.dossier import Dossier
from carquery.entrypoints.commands.leads.tables import page_of_deal
from carquery.entrypoints.providers.crm_words import REASONS

Cell: TypeAlias = str | int | None
CellOf: TypeAlias = Callable[[Dossier], Cell]

_APART: Final = (Meaning.NAME, Meaning.PHONE)
"""Answers that have columns of their own before the others."""


def columns(crm: CrmInWords) -> Mapping[str, CellOf]:
    """What stands under each head. The same columns whatever leads there are: one for each step of any form.

    Sums, mileages and years are numbers; times are as a Russian spreadsheet reads them, in Moscow's time.
    """
    return {
        "Номер": lambda one: one.lead.reference,
        "Получена": lambda one: _time(one.lead.created_at),
        "Услуга": lambda one: one.lead.title,
        "Состояние": lambda one: STATUSES[one.lead.status].format(crm=crm.name),
        "Имя": lambda one: one.lead.name.name if one.lead.name else None,
        "Телефон": lambda one: one.lead.phone.e164 if one.lead.phone else None,
        "Добавочный": lambda one: one.lead.given_phone.extension if one.lead.given_phone else None,
        "Примечание к телефону": lambda one: one.lead.given_phone.remark if one.lead.given_phone else None,
        **dict(_answers()),
        "Вложения": lambda one: ", ".join(text for _, text in one.lead.attachments.lines),
        "Написано раньше": lambda one: "\n".join(one.lead.conversation),
        "Сумма, ₽": lambda one: one.lead.price.amount if one.lead.price else None,
        "Источник": lambda one: one.lead.source,
        "Мессенджер": lambda one: one.lead.handle.shown if one.lead.handle else None,
        "Клиент": lambda one: str(one.lead.customer) if one.lead.customer else None,
        "Не завершена": lambda one: "да" if one.lead.is_unfinished else None,
        "Отменена": lambda one: _time(cancelled_at(one.amendments)),
        "Изменений": lambda one: len(one.amendments) or None,
        "Доставлена": lambda one: _time(one.lead.delivered_at),
        "Попыток": lambda one: one.lead.attempts or None,
        "Причина неудачи": lambda one: REASONS.russian(one.lead.failure) if one.lead.failure else None,
        "Контакт": lambda one: one.lead.made.get(Effect.CONTACT),
        "Сделка": lambda one: one.lead.made.get(Effect.LEAD),
        "Ссылка на сделку": lambda one: page_of_deal(one.lead, crm),
        "В сделке заявки": lambda one: one.lead.joined_to.shown if one.lead.joined_to else None,
        "Взял": lambda one: one.take.by.name if one.take else None,
        "Взята": lambda one: _time(one.take.at) if one.take else None,
        "Первое касание": lambda one: _time(one.touch.at) if one.touch else None,
        "Обезличена": lambda one: _time(one.lead.erased_at),
    }


def _answers() -> Iterator[tuple[str, CellOf]]:
    """One for each step of any form, in the forms' order; a car also as the customer put it."""
    steps = {step.name: step for form in FORMS.values() for step in form.steps if step.means not in _APART}
    for step in steps.values():
        yield step.title, partial(_answer, step.name)
        if step.means is Meaning.CAR:
            yield f"{step.title}, словами клиента", partial(_said, step.name)


def _answer(step: str, dossier: Dossier) -> Cell:
    match dossier.lead.answers.get(step):
        case None:
            return None
        case Rubles(number) | Kilometers(number) | ModelYear(number):
            return number
        case value:
            return value.shown


def _said(step: str, dossier: Dossier) -> Cell:
    match dossier.lead.answers.get(step):
        case Words(said=said):
            return said
        case _:
            return None


def _time(moment: datetime | None) -> Cell:
    return None if moment is None else moment.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")

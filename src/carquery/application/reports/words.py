"""What figures are called in Russian, for the owner and the staff."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from carquery.domain.forms.form import Form
from carquery.domain.moscow import named_day
from carquery.domain.tallied import OTHERS, SUMMARY

NO_SOURCE: Final = "без метки"
OTHER_SOURCES: Final = "прочие метки"
AT_SUMMARY: Final = "проверка заявки"
TWO_HOURS: Final = 120
"""Minutes."""

_TOPICS: Final[Mapping[str, str]] = {
    "hours": "часы работы",
    "address": "адрес",
    "contact": "телефон и сайт",
    "credit": "кредит",
    "leasing": "лизинг",
    "tradein": "трейд-ин",
    "testdrive": "тест-драйв",
    "documents": "документы",
    "delivery": "доставка",
    "warranty": "гарантия",
    "service": "сервис и ремонт",
    "parts": "запчасти",
    "jobs": "вакансии",
    "price": "цены",
    "why_phone": "зачем номер телефона",
    "free": "бесплатно ли это",
    "status": "что с заявкой",
}


def days_name(first: date, last: date) -> str:
    """«29 ноября», «27–29 ноября», «30 ноября – 2 декабря»."""
    if first == last:
        return named_day(last)
    return f"{first.day}–{named_day(last)}" if first.month == last.month else f"{named_day(first)} – {named_day(last)}"


def wait_name(wait: timedelta) -> str:
    """«50 мин»; from two hours on «2 ч»."""
    minutes = round(wait / timedelta(minutes=1))
    return f"{minutes} мин" if minutes < TWO_HOURS else f"{minutes / 60:.0f} ч"


def topic_name(topic: str) -> str:
    """A topic of the dealership's own goes by its own name."""
    return _TOPICS.get(topic, topic)


def source_name(source: str) -> str:
    """Where customers came from."""
    return {"": NO_SOURCE, OTHERS: OTHER_SOURCES}.get(source, source)


def step_name(form: Form, step: str) -> str:
    """What the form calls its step, in a sentence."""
    if step == SUMMARY:
        return AT_SUMMARY
    title = next((one.title for one in form.steps if one.name == step), step)
    return title if title.isupper() else title[:1].lower() + title[1:]

"""What people read in the staff chat of the days before."""

from datetime import timedelta

from carquery.application.marked_text import Marked, bold, joined
from carquery.application.ports.alerts import Digest
from carquery.application.reports.funnel import share_of
from carquery.application.reports.words import days_name, step_name, topic_name, wait_name
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service


def digest(told: Digest, *, crm: str) -> Marked:
    """A few lines: how many came how far, how soon they were called, and what is worst."""
    lines: list[Marked | str] = [bold(f"📊 {_days(told)}")]
    if not told.opened and not told.sent:
        return joined("\n", [*lines, "Никто не открывал форм. Если так не бывает, проверьте рекламу и ссылки на бота."])
    opened = f"Открыли форму: {told.opened}, отправили" if told.opened else "Отправили заявок"
    lines.append(f"{opened}: {told.sent}" + _share(told.sent, told.opened))
    if told.sent:
        lines.append(f"В {crm}: {told.delivered}, взяты в работу: {told.touched}")
    if told.median_minutes is not None:
        lines.append(
            f"Первое касание обычно через {wait_name(timedelta(minutes=told.median_minutes))} рабочего времени"
        )
    return joined("\n", [*lines, *_worst(told, crm)])


def _worst(told: Digest, crm: str) -> list[str]:
    """Of a day the one worst thing; of a week, what is to be mended in the form and in the dealership's file."""
    found = [
        f"⚠️ Ещё не в {crm}: {told.waiting} – /failed" if told.waiting else "",
        f"⚠️ Никто ещё не связался: {told.untouched}" if told.untouched else "",
        f"Чаще всего уходят: {_place(told)}, {told.lost} из {told.reached}" if told.worst_step else "",
        f"Нет ответа на вопрос: {topic_name(told.topic)} (спрашивали: {told.unanswered})" if told.topic else "",
    ]
    said = [one for one in found if one]
    return said if told.is_week else said[:1]


def _days(told: Digest) -> str:
    days = days_name(told.first, told.last)
    if told.is_week:
        return f"Неделя {days}"
    return f"Вчера, {days}" if told.first == told.last else days


def _place(told: Digest) -> str:
    form = FORMS.get(Service(told.worst_form)) if told.worst_form in list(Service) else None
    return told.worst_step if form is None else f"{form.title}, «{step_name(form, told.worst_step)}»"


def _share(part: int, whole: int) -> str:
    share = share_of(part, whole)
    return "" if share is None else f" ({share:.0%})"

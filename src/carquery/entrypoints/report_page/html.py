"""The page, as HTML: no script, no other file, nothing of anybody."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from carquery.application.ports.outcomes import NOTHING_SENT, Outcome
from carquery.application.reports.funnel import AskedTopic, FormFunnel, FunnelStep, Stages, share_of
from carquery.application.reports.words import days_name, source_name, step_name, topic_name, wait_name
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.moscow import named_day
from carquery.domain.shape import NO_TEXT
from carquery.entrypoints.report_page.figures import PERIODS, PageFigures

MOST_LINES: Final = 12
WAITING: Final = "Считаем… Страница обновится сама."
EMPTY: Final = "За это время никто не открывал форм."

_PERIOD_NAMES: Final = {1: "сегодня", 7: "7 дней", 30: "30 дней", 90: "90 дней"}


def page_of(
    figures: PageFigures | None,
    dealership: Dealership,
    *,
    period: int,
    refresh_seconds: int,
    channels: Mapping[str, str],
) -> str:
    """All of it. `figures`: None: they are still being read; `channels`: what messengers are called."""
    body = f"<p>{WAITING}</p>" if figures is None else "".join(_body(figures, dealership, channels))
    days = "" if figures is None else days_name(figures.days.first, figures.days.last)
    return (
        '<!doctype html><html lang="ru"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="refresh" content="{refresh_seconds}"><title>Отчёт</title><style>{_style()}</style></head>'
        f"<body><header><h1>{escape(dealership.name or 'Отчёт')}</h1><p>{days}</p>{_periods(period)}</header>"
        f"<main>{body}</main>"
        "<footer>Шаги форм считаются с задержкой в несколько секунд; отправленные заявки – точно. "
        "Не принято – ответы, которые шаг не понял: аа – буквы, 00 – цифры. "
        "Ни имён, ни телефонов, ни слов клиентов здесь нет.</footer></body></html>"
    )


def _body(figures: PageFigures, dealership: Dealership, channels: Mapping[str, str]) -> Iterator[str]:
    yield _tiles(figures)
    yield '<div class="cards">'
    if figures.forms:
        if len(figures.by_day) > 1:
            yield _section("По дням", _days_chart(figures), is_wide=True)
        for form in figures.forms:
            yield _section(dealership.forms[form.service].title, _form(form, dealership))
    else:
        yield _section("Формы", f'<p class="note">{EMPTY}</p>', is_wide=True)
    if figures.by_source:
        yield _section("Откуда приходят", _stages(_best(figures.by_source), source_name))
    if len(figures.by_channel) > 1:
        yield _section(
            "Мессенджеры", _stages(_best(figures.by_channel), lambda key: channels.get(key, key) or "неизвестно")
        )
    if figures.topics:
        yield _section("О чём спрашивают", _topics(figures.topics))
    yield "</div>"


def _tiles(figures: PageFigures) -> str:
    opened = sum(form.opened for form in figures.forms)
    outcome = sum((form.outcome for form in figures.forms), NOTHING_SENT)
    median = figures.speed.median
    tiles = (
        (str(opened), "открыли форму"),
        (str(outcome.sent), _of("отправили заявку", outcome.sent, opened)),
        (str(outcome.delivered), _of("заявок уже в CRM", outcome.delivered, outcome.sent)),
        (str(outcome.touched), _of("взяты в работу", outcome.touched, outcome.sent)),
        ("–" if median is None else wait_name(median), "обычно до первого касания"),
    )
    shown = "".join(f'<div class="tile"><b>{number}</b><span>{told}</span></div>' for number, told in tiles)
    return f'<div class="tiles">{shown}</div>'


def _form(funnel: FormFunnel, dealership: Dealership) -> str:
    form, worst = dealership.forms[funnel.service], funnel.worst
    lines = [_bar("открыли", funnel.opened, funnel.opened)]
    for step in funnel.steps:
        note = _step_note(step, is_worst=step is worst)
        lines.append(_bar(step_name(form, step.step), step.reached, funnel.opened, note=note))
    outcome: Outcome = funnel.outcome
    for name, count in (("отправили", outcome.sent), ("в CRM", outcome.delivered), ("в работе", outcome.touched)):
        lines.append(_bar(name, count, funnel.opened))
    offers = f"Предложено по сообщению: {funnel.offered}, согласились {funnel.accepted}, отказались {funnel.declined}."
    return f'<ol class="bars">{"".join(lines)}</ol>' + (f'<p class="note">{offers}</p>' if funnel.offered else "")


def _step_note(step: FunnelStep, *, is_worst: bool) -> str:
    told = []
    if step.median_seconds is not None:
        told.append(f"обычно {step.median_seconds:.0f} с")
    if step.refused:
        shapes = ", ".join(f"{_looks(shape)} × {times}" for shape, times in step.shapes)
        told.append(f"не принято {step.refused} ({step.refused_share:.0%})" + (f": {shapes}" if shapes else ""))
    if is_worst:
        told.insert(0, f'<span class="warn">здесь уходят чаще всего: {step.lost}</span>')
    return "; ".join(told)


def _looks(shape: str) -> str:
    return "не текст" if shape == NO_TEXT else f"<code>{escape(shape)}</code>"


def _stages(stages: Sequence[Stages], name_of: Callable[[str], str]) -> str:
    """Those who opened a form, and how many of them sent it."""
    most = max((one.opened for one in stages), default=0)
    lines = "".join(
        _bar(name_of(one.key), one.outcome.sent, one.opened, of_all=one.opened, most=most) for one in stages
    )
    return f'<p class="key"><i></i>отправили <i class="second"></i>открыли</p><ul class="bars">{lines}</ul>'


def _best(stages: Sequence[Stages]) -> Sequence[Stages]:
    """Those that bring most requests, first."""
    return sorted(stages, key=lambda one: (-one.outcome.sent, -one.opened, one.key))[:MOST_LINES]


def _topics(topics: Sequence[AskedTopic]) -> str:
    most = max(one.asked for one in topics)
    lines = "".join(
        _bar(
            topic_name(one.topic),
            one.asked,
            one.asked,
            most=most,
            note=f'<span class="warn">без ответа: {one.unanswered}</span>' if one.unanswered else "",
            shares=False,
        )
        for one in topics
    )
    todo = any(one.unanswered for one in topics)
    advice = '<p class="note">Ответы пишутся в dealership.toml, раздел [faq].</p>' if todo else ""
    return f'<ul class="bars">{lines}</ul>{advice}'


def _bar(
    name: str,
    count: int,
    whole: int,
    *,
    note: str = "",
    of_all: int | None = None,
    most: int | None = None,
    shares: bool = True,
) -> str:
    """One line.

    Args:
        whole: what the share is of.
        of_all: a second, paler bar behind.
        most: what a whole line stands for; None: `whole`.
    """
    longest = whole if most is None else most
    behind = "" if of_all is None else _rect("bar-2", _part(of_all, longest))
    share = share_of(count, whole) if shares else None
    number = f"{count}" if of_all is None else f"{count} / {of_all}"
    told = number if share is None else f"{number} <small>{share:.0%}</small>"
    return (
        f'<li><span class="name">{escape(name)}</span>'
        '<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f"{_rect('track', 100)}{behind}{_rect('bar', _part(count, longest))}</svg>"
        f'<span class="number">{told}</span>' + (f'<span class="note">{note}</span>' if note else "") + "</li>"
    )


def _days_chart(figures: PageFigures) -> str:
    """A column for each day, from those who opened a form to those who sent it."""
    by_day = {one.key: one for one in figures.by_day}
    first, last = figures.days.first, figures.days.last
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    told = [by_day.get(day.isoformat(), Stages(key=day.isoformat())) for day in days]
    most = max(max(one.opened, one.outcome.sent) for one in told) or 1
    columns = "".join(_column(place, day, one, most) for place, (day, one) in enumerate(zip(days, told, strict=True)))
    return (
        '<p class="key"><i class="second"></i>открыли <i></i>отправили</p>'
        f'<svg class="days" viewBox="0 0 {len(days) * 10} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="По дням">{columns}</svg>'
        f'<div class="axis"><span>{named_day(days[0])}</span><span>до {most} в день</span>'
        f"<span>{named_day(days[-1])}</span></div>"
    )


def _column(place: int, day: date, told: Stages, most: int) -> str:
    title = f"<title>{named_day(day)}: открыли {told.opened}, отправили {told.outcome.sent}</title>"
    opened, sent = _part(told.opened, most), _part(told.outcome.sent, most)
    return (
        f'<g>{title}<rect class="bar-2" x="{place * 10 + 1}" y="{100 - opened:.1f}" width="8" height="{opened:.1f}"/>'
        f'<rect class="bar" x="{place * 10 + 1}" y="{100 - sent:.1f}" width="8" height="{sent:.1f}"/></g>'
    )


def _section(title: str, inside: str, *, is_wide: bool = False) -> str:
    return f"<section{' class=wide' if is_wide else ''}><h2>{escape(title)}</h2>{inside}</section>"


def _periods(chosen: int) -> str:
    links = (
        f'<a href="?days={period}"{" aria-current=page" if period == chosen else ""}>{_PERIOD_NAMES[period]}</a>'
        for period in PERIODS
    )
    return f'<nav aria-label="За какое время">{"".join(links)}</nav>'


def _of(what: str, part: int, whole: int) -> str:
    share = share_of(part, whole)
    return what if share is None else f"{what}, {share:.0%}"


def _rect(kind: str, width: float) -> str:
    return f'<rect class="{kind}" width="{width:.1f}" height="12" rx="2"/>' if width else ""


def _part(count: int, most: int) -> float:
    return min(100 * count / most, 100.0) if most else 0.0


@cache
def _style() -> str:
    return Path(__file__).with_name("style.css").read_text("utf-8")

"""Figures on free text: tables on a terminal, JSON for machines."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from carquery.application.ports.ai_journal import AiDay, CallOutcome, ModelFigures
from carquery.domain.understanding import INTENTS
from carquery.entrypoints.commands.ai.evaluation import Evaluation, Hits
from carquery.entrypoints.commands.report.report import FigureColumn, Line, Report, Section, Unit
from carquery.entrypoints.uncut import uncut


def evaluation_tables(evaluation: Evaluation, *, classifier: str) -> Iterator[Table]:
    """All figures of an evaluation."""
    entities, cost = evaluation.all_entities, evaluation.cost
    whole = Table(title=f"{classifier}: {len(evaluation.measured)} messages", show_header=False, title_justify="left")
    for title, value in {
        "Intent accuracy": _percent(evaluation.intent_accuracy),
        "Entity precision": _percent(entities.precision),
        "Entity recall": _percent(entities.recall),
        "Entity F1": _percent(entities.f1),
        "Injections offered a form": str(evaluation.injections_offered),
        "Messages without an answer": str(evaluation.failures),
        **{
            f"Offered from {each.sure:g} on": f"{each.count}, {_percent(each.wrong_share)} wrong, "
            f"{_percent(each.reach)} of wishes reached"
            for each in evaluation.offered
        },
        "Latency p50 / p95": f"{_ms(evaluation.latency(50))} / {_ms(evaluation.latency(95))}",
        "Processor p50 / p95": f"{_ms(evaluation.cpu(50))} / {_ms(evaluation.cpu(95))}",
        "Cost": "nothing" if not cost else f"{_dollars(cost)}, {evaluation.input_tokens} input tokens",
    }.items():
        whole.add_row(title, value)
    yield whole
    yield _hits_table("Intents", {intent.value: hits for intent, hits in evaluation.intents.items()})
    confusion = Table("said ▸\nmeant ▾", *(intent.value for intent in INTENTS), "none", title="Confusion")
    for true, row in evaluation.confusion.items():
        confusion.add_row(true.value, *(str(row[said] or "·") for said in (*INTENTS, None)))
    yield confusion
    yield _hits_table("Entities, by exact value", evaluation.entities)


def days_table(days: Sequence[AiDay]) -> Table:
    """A line for each day, and one for all."""
    titles = ("Day", "Messages", "Offered", "Accepted", "Accepted / offered", "Declined", "Fell back", "Cost")
    table = uncut(Table(*titles, box=SIMPLE_HEAD, padding=(0, 1, 0, 0)), "Day", "Cost")
    for day in days:
        table.add_row(f"{day.day:%d.%m.%Y}", *_day_cells(day))
    if len(days) > 1:
        table.add_section()
        table.add_row("All", *_day_cells(_sum(days)))
    return table


def days_report(by_day: Sequence[AiDay], *, days: int) -> Report:
    """The same for spreadsheets and pictures."""
    kinds = ("messages", "offered", "accepted", "declined", "fallen_back", "by_rules")
    lines = tuple(
        Line(day.day.isoformat(), {**{kind: getattr(day, kind) for kind in kinds}, "cost_usd": float(day.cost)})
        for day in by_day
    )
    return Report(
        name="ai",
        title=f"Free text, last {days} days",
        label="day",
        columns=(
            *(FigureColumn(kind, kind.replace("_", " ").capitalize()) for kind in kinds),
            FigureColumn("cost_usd", "Cost", Unit.DOLLARS),
        ),
        sections=(Section("Day", lines),),
        bar="messages",
        nothing=f"No free message in the last {days} days.",
    )


def savings_table(days: Sequence[AiDay]) -> Table:
    """What it saves, or would save, to ask models only for what the built-in classifier is unsure of."""
    whole, table = _sum(days), Table("OPENAI_ASK=unsure", "Messages", "Cost", title_justify="left")
    alone = whole.sure_alone - whole.asked_beside
    table.add_row("has saved, about", str(alone), "–" if whole.saved is None else _dollars(whole.saved))
    table.add_row("would have saved", str(whole.asked_beside), _dollars(whole.cost_beside))
    return table


def models_table(models: Sequence[ModelFigures]) -> Table:
    """A line for each classifier."""
    table = uncut(Table("Classifier", "Calls", "Answered", "Otherwise", "p50 / p95", "Cost"), "Cost")
    for model in models:
        others = [f"{outcome}: {n}" for outcome, n in model.outcomes.items() if outcome is not CallOutcome.ANSWERED]
        p50, p95 = (None if seconds is None else seconds * 1000 for seconds in (model.p50, model.p95))
        table.add_row(
            escape(model.model),
            str(model.calls),
            _percent(model.outcomes.get(CallOutcome.ANSWERED, 0) / model.calls),
            ", ".join(others) or "–",
            f"{_ms(p50)} / {_ms(p95)}",
            _dollars(model.cost),
        )
    return table


def day_as_dict(day: AiDay) -> dict[str, object]:
    """One day as JSON shows it; rates are shares of 1."""
    return {
        "day": day.day.isoformat(),
        "messages": day.messages,
        "offered": day.offered,
        "accepted": day.accepted,
        "declined": day.declined,
        "accepted_of_offered": _share(day.accepted, day.offered),
        "fallen_back": day.fallen_back,
        "fallback_rate": _share(day.fallen_back, day.messages),
        "by_rules": day.by_rules,
        "cost_usd": float(day.cost),
        "asked": day.asked,
        "sure_alone": day.sure_alone,
        "asked_beside": day.asked_beside,
        "cost_beside_usd": float(day.cost_beside),
        "saved_usd": None if day.saved is None else float(day.saved),
    }


def model_as_dict(model: ModelFigures) -> dict[str, object]:
    """One classifier as JSON shows it; latencies in seconds."""
    return {
        "model": model.model,
        "calls": model.calls,
        "outcomes": {outcome.value: count for outcome, count in model.outcomes.items()},
        "cost_usd": float(model.cost),
        "p50_s": model.p50,
        "p95_s": model.p95,
    }


def _hits_table(title: str, hits: dict[str, Hits]) -> Table:
    table = Table("", "Precision", "Recall", "F1", "Right", "Wrong", "Missed", title=title)
    for name, one in hits.items():
        figures = (one.precision, one.recall, one.f1)
        table.add_row(name, *map(_percent, figures), *map(str, (one.right, one.wrong, one.missed)))
    return table


def _sum(days: Sequence[AiDay]) -> AiDay:
    return AiDay(
        day=days[-1].day,
        messages=sum(day.messages for day in days),
        offered=sum(day.offered for day in days),
        accepted=sum(day.accepted for day in days),
        declined=sum(day.declined for day in days),
        fallen_back=sum(day.fallen_back for day in days),
        by_rules=sum(day.by_rules for day in days),
        cost=sum((day.cost for day in days), Decimal(0)),
        asked=sum(day.asked for day in days),
        sure_alone=sum(day.sure_alone for day in days),
        asked_beside=sum(day.asked_beside for day in days),
        cost_beside=sum((day.cost_beside for day in days), Decimal(0)),
    )


def _day_cells(day: AiDay) -> tuple[str, ...]:
    return (
        str(day.messages),
        str(day.offered),
        str(day.accepted),
        _percent(_share(day.accepted, day.offered)),
        str(day.declined),
        _percent(_share(day.fallen_back, day.messages)),
        _dollars(day.cost),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _ms(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:.3g} ms"


def _dollars(cost: Decimal) -> str:
    return f"${cost:.4f}"

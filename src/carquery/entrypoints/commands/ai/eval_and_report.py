"""`carquery ai eval` and `carquery report ai`: how often free text is understood, and what that costs."""

import json
from datetime import timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Final

import typer
from dishka import AsyncContainer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from carquery.adapters.rules.classifier import RulesClassifier
from carquery.adapters.rules.learned.labelled import Labelled, UnreadableMessages, read_labelled
from carquery.adapters.system.clock import SystemClock
from carquery.application.free_text.read_message import Models, ReadMessage
from carquery.application.ports.ai_journal import AiDay, AiJournal, ModelFigures
from carquery.application.ports.classifier import Classified, Classifier, Usage
from carquery.domain.moscow import MOSCOW
from carquery.entrypoints.commands.ai.evaluation import Evaluation, evaluate
from carquery.entrypoints.commands.ai.tables import (
    day_as_dict,
    days_report,
    days_table,
    evaluation_tables,
    model_as_dict,
    models_table,
    savings_table,
)
from carquery.entrypoints.commands.leads.reading import with_store
from carquery.entrypoints.commands.report.period import moment_since
from carquery.entrypoints.commands.report.writing import Wanted, write
from carquery.entrypoints.commands.running import USAGE, run, settings_or_exit, stop
from carquery.entrypoints.container import make_evaluation_container
from carquery.entrypoints.settings.settings import Settings

CLASSIFIERS: Final = ("rules", "openai", "chain")


class ChainAsClassifier:
    """The whole chain, to be measured as one classifier."""

    name = "chain"

    def __init__(self, understand: ReadMessage, journal: AiJournal) -> None:
        self._understand = understand
        self._journal = journal

    def dearest(self, message: str) -> Decimal:
        return sum((model.dearest(message) for model in self._understand.models), Decimal(0))

    async def classify(self, message: str) -> Classified:
        heard = await self._understand(message)
        calls = [call.usage for call in await self._journal.entries(heard.message)]
        usage = Usage(
            sum(call.input_tokens for call in calls),
            sum(call.output_tokens for call in calls),
            sum((call.cost for call in calls), Decimal(0)),
        )
        return Classified(heard.understanding, usage)


def eval_command(file: Path, *, classifier: str, as_json: bool) -> None:
    """Let a classifier read a file of labelled messages, and print how often it is right."""
    if classifier not in CLASSIFIERS:
        stop(f"--classifier: «{classifier}» is none; expected: {', '.join(CLASSIFIERS)}", code=USAGE)
    try:
        messages = read_labelled(file)
    except UnreadableMessages as unreadable:
        stop(f"{file}: {unreadable}", code=USAGE)
    settings = settings_or_exit(Settings)
    if classifier == "openai" and settings.openai_api_key is None:
        stop("OPENAI_API_KEY: missing; expected: a key of your OpenAI project", code=USAGE)
    evaluation = run(_evaluated(settings, classifier, messages))
    if as_json:
        typer.echo(json.dumps(evaluation.to_json(), ensure_ascii=False, indent=2))
        return
    console = Console()
    for table in evaluation_tables(evaluation, classifier=classifier):
        console.print(table)


async def _evaluated(settings: Settings, classifier: str, messages: list[Labelled]) -> Evaluation:
    container = make_evaluation_container(settings)
    try:
        return await _measured(await _chosen(container, classifier), messages)
    finally:
        await container.close()


async def _chosen(container: AsyncContainer, classifier: str) -> Classifier:
    match classifier:
        case "rules":
            return await container.get(RulesClassifier)
        case "openai":
            first, *_ = await container.get(Models)
            return first
        case _:
            return ChainAsClassifier(await container.get(ReadMessage), await container.get(AiJournal))


async def _measured(classifier: Classifier, messages: list[Labelled]) -> Evaluation:
    console = Console(stderr=True)
    columns = (TextColumn(classifier.name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(messages))
        return await evaluate(classifier, messages, done=lambda _: progress.advance(task))


def report_command(*, since: str, wanted: Wanted) -> None:
    """Print what customers were offered, what they took, and what it cost."""
    now = SystemClock().now()
    from_then_on = moment_since(since, now=now, zone=MOSCOW)
    days = max(ceil((now - from_then_on) / timedelta(days=1)), 1)

    async def read(container: AsyncContainer) -> tuple[list[AiDay], list[ModelFigures]]:
        journal = await container.get(AiJournal)
        return await journal.days(since=from_then_on), await journal.models(since=from_then_on)

    by_day, models = with_store(settings_or_exit(Settings), read)
    figures = {"days": [day_as_dict(day) for day in by_day], "models": [model_as_dict(model) for model in models]}

    def tables(console: Console) -> None:
        console.print(days_table(by_day))
        console.print(models_table(models))
        if any(day.asked for day in by_day):
            console.print(savings_table(by_day))

    write(days_report(by_day, days=days), wanted, head={}, as_json=figures, tables=tables)

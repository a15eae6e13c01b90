"""A resubmission for operators: what it is going to do, how far it is, how it ended."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from carquery.application.leads.resubmit_leads import Ended, Ending, Pausing
from carquery.application.leads.resubmit_leads import Progress as Step
from carquery.domain.effects import Effect
from carquery.domain.lead import Lead, LeadStatus
from carquery.domain.moscow import MOSCOW
from carquery.domain.reason import Reason
from carquery.entrypoints.commands.leads.resubmission_plan import Plan
from carquery.entrypoints.commands.leads.tables import coloured, in_moscow
from carquery.entrypoints.providers.crm_words import REASONS
from carquery.entrypoints.uncut import uncut

MOST_ROWS: Final = 50
"""Nobody reads a longer table; `--json` has them all."""

_COLOURS: Final = {
    Ending.DELIVERED: "green",
    Ending.FAILED: "red",
    Ending.WAITING: "yellow",
    Ending.ERASED: "bright_black",
}


def plan_table(leads: Sequence[Lead], *, now: datetime) -> Table:
    """What is going to be done."""
    titles = ("Reference", "Service", "Age", "Status", "Tries", "Reason")
    bare = Table(*titles, title=f"To resubmit: {len(leads)}", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table = uncut(bare, "Reference")
    for lead in leads[:MOST_ROWS]:
        is_held = lead.status is LeadStatus.DELIVERING
        reason = "being delivered just now by another process: waited for" if is_held else _words(lead.failure)
        made = ", ".join(effect for effect in Effect if effect in lead.made)
        table.add_row(
            lead.reference,
            lead.service,
            _age(now - lead.created_at),
            coloured(lead.status),
            str(lead.attempts),
            escape("; ".join(filter(None, (reason, made and f"in the CRM: {made}")))),
        )
    if len(leads) > MOST_ROWS:
        table.caption = f"… and {len(leads) - MOST_ROWS} more"
    return table


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[Step], None]]:
    """How far it is, on stderr if that is a terminal. Yields whom to tell."""
    console = Console(stderr=True)
    words = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis"))
    columns = (words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Delivering", total=total)

        def tell(step: Step) -> None:
            match step:
                case Ended():
                    progress.update(task, advance=1, description="Delivering")
                case Pausing(leads, until, reason):
                    clock = until.astimezone(MOSCOW).strftime("%H:%M:%S")
                    progress.update(task, description=f"{leads} left, waiting until {clock}: {escape(_words(reason))}")

        yield tell


def print_summary(ended: Sequence[Ended]) -> None:
    """How many ended how, and why the others were not delivered."""
    counts = Counter(one.ending for one in ended)
    words = {Ending.FAILED: "failed again"}
    console = Console(highlight=False)
    console.print(
        " · ".join(
            f"[{_COLOURS[ending]}]{words.get(ending, ending)}: {counts[ending]}[/]"
            for ending in Ending
            if counts[ending] or ending is not Ending.ERASED
        )
    )
    undelivered = [one for one in ended if one.ending is not Ending.DELIVERED]
    if not undelivered:
        return
    table = uncut(Table("Reference", "Ending", "Reason", "Next attempt"), "Reference")
    for one in undelivered[:MOST_ROWS]:
        ending = f"[{_COLOURS[one.ending]}]{words.get(one.ending, one.ending)}[/]"
        table.add_row(one.lead.reference, ending, escape(_words(one.reason)), _next(one))
    if len(undelivered) > MOST_ROWS:
        table.caption = f"… and {len(undelivered) - MOST_ROWS} more: carquery leads list"
    console.print(table)


def as_json_object(plan: Plan, ended: Sequence[Ended], *, dry_run: bool) -> dict[str, object]:
    """Everything in one object; `ending` is null where nothing was done."""
    endings = {one.lead.id: one for one in ended}
    counts = Counter(one.ending for one in ended)
    return {
        "dry_run": dry_run,
        "leads": [_lead_as_dict(lead, endings.get(lead.id)) for lead in plan.leads],
        "left_alone": [
            {"reference": left.reference, "reason": left.reason, "is_missing": left.is_missing}
            for left in plan.left_alone
        ],
        **{ending.value: counts[ending] for ending in Ending},
    }


def _lead_as_dict(lead: Lead, ended: Ended | None) -> dict[str, object]:
    return {
        "reference": lead.reference,
        "service": lead.service,
        "created_at": lead.created_at.isoformat(),
        "status": lead.status if ended is None else ended.lead.status,
        "attempts": lead.attempts if ended is None else ended.lead.attempts,
        "crm": {effect.value: crm_id for effect, crm_id in (lead if ended is None else ended.lead).made.items()},
        "ending": None if ended is None else ended.ending,
        "reason": _words(lead.failure if ended is None else ended.reason) or None,
        "next_attempt_at": None if ended is None or ended.until is None else ended.until.isoformat(),
    }


def _words(reason: Reason | None) -> str:
    return "" if reason is None else REASONS.english(reason)


def _next(ended: Ended) -> str:
    if ended.until is not None:
        return in_moscow(ended.until, seconds=True)
    return "none: it is dead" if ended.lead.status is LeadStatus.DEAD else "–"


def _age(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"

"""Findings, for people and for programs."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from carquery.adapters.checks import Finding, State
from carquery.entrypoints.uncut import uncut

MARKS: Final[Mapping[State, str]] = {
    State.OK: "[green]ok[/]",
    State.NOTE: "[yellow]note[/]",
    State.UNKNOWN: "[yellow]unknown[/]",
    State.WRONG: "[red]wrong[/]",
}


def findings_table(findings: Sequence[Finding], *, title: str) -> Table:
    """One row for each; what to do stands below what was found, which leaves room for the names of variables."""
    table = Table("What", "", "Found, and what to do", title=title, title_justify="left")
    table.add_column("ms", justify="right")
    uncut(table, "", "ms")
    for one in findings:
        took = "" if one.latency_ms is None else f"{one.latency_ms:.0f}"
        remedy = f"\n→ {one.remedy}" if one.remedy else ""
        table.add_row(escape(one.what), MARKS[one.state], escape(one.says + remedy), took)
    return table


def json_of(finding: Finding) -> dict[str, object]:
    """The same object wherever findings are printed. `is_ok`: null: neither right nor wrong."""
    return {
        "what": finding.what,
        "says": finding.says,
        "is_ok": finding.is_ok,
        "remedy": finding.remedy,
        "latency_ms": finding.latency_ms,
    }

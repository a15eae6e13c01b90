"""The command line as a whole: how it helps, and how it ends."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table
from typer.main import get_command
from typer.testing import CliRunner

from carquery.domain.lead import LeadStatus
from carquery.entrypoints.cli import app
from carquery.entrypoints.commands.ending import ended_as_shells_expect
from carquery.entrypoints.commands.leads.app import STATUSES
from tests.entrypoints.command_line import CARQUERY
from tests.patience import patience

TERMINAL = 80
"""Columns."""


def every_command(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of each command and group, from the program itself on."""
    yield path
    for name, one in getattr(command, "commands", {}).items():
        yield from every_command(one, *path, name)


def helped(*words: str) -> str:
    """What `-h` prints on a terminal of 80 columns."""
    ended = CliRunner().invoke(app, [*words, "-h"], env={"COLUMNS": str(TERMINAL)})
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def test_all_help_fits_a_terminal_and_no_sentence_is_cut() -> None:
    for path in every_command(get_command(app)):
        told = helped(*path)

        lines = [line for line in told.splitlines() if not line.startswith("Usage:")]
        assert [line for line in lines if len(line) > TERMINAL or line.endswith("...")] == [], path
        assert [line for line in lines if re.match(r" +--.*<(list|.* range)", line)] == [], path


def test_the_version_is_said_for_reports_of_what_is_wrong() -> None:
    told = CliRunner().invoke(app, ["--version"])

    assert told.exit_code == 0
    assert told.stdout.startswith(f"carquery {version('carquery')} (Python ")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("carquery lea", "leads"),
        ("carquery leads exp", "export"),
        ("carquery leads list --newer", "--newer-than"),
        ("carquery leads list --status dea", "dead"),
    ],
)
def test_shells_complete_commands_and_options(typed: str, completed: str) -> None:
    words = typed.split()
    asked = {"_CARQUERY_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}

    told = CliRunner().invoke(app, [], prog_name="carquery", env=asked)

    assert told.stdout.split() == [completed]


def test_shells_complete_every_status_of_a_lead() -> None:
    assert tuple(LeadStatus) == STATUSES


def test_whoever_reads_no_more_has_what_they_wanted() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(  # noqa: S603  # our own command
            [CARQUERY, "forms", "words"], stdout=writing, stderr=subprocess.PIPE, timeout=patience(), check=False
        )
    finally:
        os.close(writing)

    assert (ended.returncode, ended.stderr) == (0, b"")


def test_where_an_encoding_lacks_signs_they_are_written_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    written = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, "ascii"))
    table = Table("Имя")
    table.add_row("Ян")

    with ended_as_shells_expect():
        Console(width=80).print(table)

    assert rb"\u042f\u043d" in written.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "koi8-r", "cp1251"])
def test_what_programs_read_stays_json_in_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, encoding))

    with ended_as_shells_expect():
        sys.stdout.write(json.dumps("ВАЗ «семёрка» – 😀", ensure_ascii=False))

    assert json.loads(written.getvalue().decode(encoding)) == "ВАЗ «семёрка» – 😀"


def test_an_interruption_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, ended_as_shells_expect():
        raise KeyboardInterrupt

    assert ended.value.code == 130
    assert capsys.readouterr().err == ""

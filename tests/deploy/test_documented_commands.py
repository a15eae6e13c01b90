"""Whatever a document tells people to type is there: commands with those options, targets, benchmarks, scripts."""

from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from benchmarks.__main__ import BENCHMARKS
from carquery.entrypoints.cli import app
from tests.deploy.compose_files import ROOT
from tests.deploy.documents import DOCUMENTS, VARIABLE, commands, for_carquery
from tests.deploy.makefile import TARGETS

PROGRAM: Final = get_command(app)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_commands_that_exist_are_named(path: Path) -> None:
    for words in commands(path.read_text("utf-8")):
        told = for_carquery(words)
        if told is not None:
            assert unknown(told) == [], words
        match words:
            case ["make", *given]:
                assert {word for word in given if not VARIABLE.fullmatch(word)} <= TARGETS, words
            case [python, "-m", "benchmarks", *names] if python.endswith("python"):
                assert {name for name in names if not name.startswith("-")} <= {"…", *BENCHMARKS}, words
            case ["sh" | "bash", script, *_] if script.startswith("scripts/"):
                assert (ROOT / script).exists(), words
            case _:
                continue


def unknown(words: list[str]) -> list[str]:
    """Of words behind `carquery`, those that it does not know. Several may be named at once, «list|show»; «…» is any.

    Groups and commands follow one another; what comes behind a command are its options and arguments.
    """
    command: Any = PROGRAM
    missing = []
    for word in (word.strip("[]") for word in words):
        if word.startswith("-"):
            missing += [word] * (word.partition("=")[0] not in options(command))
        elif hasattr(command, "commands") and word != "…":
            names = word.split("|")
            missing += [name for name in names if name not in command.commands]
            command = command.commands.get(names[0], command)
    return missing


def options(command: Any) -> set[str]:
    own = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return {"-h", "--help", "--install-completion", "--show-completion", *own}


def test_what_is_not_there_is_noticed() -> None:
    assert unknown(["leads", "list|show|dance", "--limit"]) == ["dance"]
    assert unknown(["config", "check", "--quickly"]) == ["--quickly"]
    assert unknown(["leads", "…"]) == []
    assert for_carquery(["docker", "compose", "run", "--rm", "bot", "config", "check"]) == ["config", "check"]
    assert list(commands("`LOG_LEVEL=debug carquery bot | tee log`")) == [["carquery", "bot"], ["tee", "log"]]


def test_a_folder_that_was_given_to_the_service_is_updated_as_its_user() -> None:
    typed = [words for words in commands((ROOT / "docs/ru/first-lead.md").read_text("utf-8")) if words[0] == "sudo"]
    given = typed.index(["sudo", "chown", "-R", "carquery", "/opt/carquery"])
    later = [words for words in typed[given:] if {"git", "make"} & {*words}]

    assert later == [
        ["sudo", "-Hu", "carquery", "git", "pull"],
        ["sudo", "-Hu", "carquery", "make", ".venv/run"],
    ]

"""What the project's host reads: the workflow, the forms. They ask for what there is, and may do little."""

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from carquery.entrypoints.cli import app
from tests.deploy.compose_files import ROOT

GITHUB = ROOT / ".github"
DOCUMENTS = sorted(GITHUB.rglob("*.yml"))
FORMS = [path for path in DOCUMENTS if path.parent.name == "ISSUE_TEMPLATE" and path.name != "config.yml"]
PROSE = [*FORMS, GITHUB / "pull_request_template.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
WORKFLOW: dict[str, Any] = yaml.safe_load((GITHUB / "workflows/check.yml").read_text("utf-8"))
JOBS: dict[str, Any] = WORKFLOW["jobs"]
VARIANTS: list[dict[str, str]] = JOBS["make"]["strategy"]["matrix"]["include"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z.][a-z./-]*):(?!=)", MAKEFILE, re.MULTILINE))


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_is_yaml(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)


def test_the_workflow_makes_what_can_be_made() -> None:
    assert {variant["target"] for variant in VARIANTS} <= TARGETS
    assert [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step] == [
        "make ${{ matrix.target }}"
    ]


def test_everything_is_checked_on_the_oldest_python_and_tested_on_each_later_one() -> None:
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    pythons = {
        target: [each["python"] for each in VARIANTS if each["target"] == target] for target in ("check", "test")
    }

    assert pythons == {"check": [oldest.removeprefix(">=")], "test": ["3.12", "3.13", "3.14"]}


def test_the_workflow_may_only_read_and_knows_no_secret() -> None:
    text = (GITHUB / "workflows/check.yml").read_text("utf-8")

    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not [job for job in JOBS.values() if "permissions" in job]
    assert "secrets." not in text
    assert "pull_request_target" not in text


def test_actions_are_pinned_and_leave_no_credentials() -> None:
    steps = [step for job in JOBS.values() for step in job["steps"] if "uses" in step]

    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]) for step in steps)
    assert [step["with"]["persist-credentials"] for step in steps if "/checkout@" in step["uses"]] == [False]


def test_a_newer_push_ends_the_check_of_the_older_one_and_no_job_runs_for_ever() -> None:
    assert WORKFLOW["concurrency"].keys() == {"group", "cancel-in-progress"}
    assert all(job["timeout-minutes"] <= 60 for job in JOBS.values())


@pytest.mark.parametrize("path", FORMS, ids=named)
def test_a_form_has_what_the_host_demands(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    asked = [part for part in form["body"] if part["type"] != "markdown"]

    assert {"name", "description", "body"} <= form.keys()
    assert all(part["type"] in {"textarea", "input", "dropdown"} and part["attributes"]["label"] for part in asked)
    assert len({part["id"] for part in asked}) == len(asked)
    assert re.search(r"(No personal|Without real people's) data", path.read_text("utf-8"))


def commands(markdown: str) -> Iterator[list[str]]:
    """The words of each command that a text shows, in a line of it or in lines of their own."""
    blocks = re.findall(r"```sh\n(.*?)```", markdown, re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL))
    for line in [*spans, *"\n".join(blocks).splitlines()]:
        yield shlex.split(line, comments=True)


@pytest.mark.parametrize("path", PROSE, ids=named)
def test_only_commands_that_exist_are_named(path: Path) -> None:
    for program, *words in filter(None, commands(path.read_text("utf-8"))):
        if program == "make":
            assert words[0] in TARGETS
        if program.rpartition("/")[2] == "carquery":
            assert_exists(words)


def assert_exists(words: list[str]) -> None:
    """Groups and commands follow one another; what comes behind a command are its options and arguments."""
    command: Any = get_command(app)
    for word in words:
        if word.startswith("--"):
            assert word in {option for parameter in command.params for option in parameter.opts}
        elif hasattr(command, "commands"):
            command = command.commands[word]


def test_help_tells_every_target() -> None:
    files = {target for target in TARGETS if target.startswith(".")}
    phony = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split()
    told = subprocess.run(  # make names its folder when make has called it, as `make check` does
        ["make", "--no-print-directory", "help"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert [line.split()[0] for line in told.splitlines()] == phony
    assert set(phony) == TARGETS - files

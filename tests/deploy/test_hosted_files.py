"""What the project's host reads: the workflow, the forms. They ask for what there is, and may do little."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.compose_files import ROOT
from tests.deploy.makefile import MAKEFILE, TARGETS

GITHUB = ROOT / ".github"
DOCUMENTS = sorted(GITHUB.rglob("*.yml"))
FORMS = [path for path in DOCUMENTS if path.parent.name == "ISSUE_TEMPLATE" and path.name != "config.yml"]
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
CHECK: dict[str, Any] = yaml.safe_load((GITHUB / "workflows/check.yml").read_text("utf-8"))
VARIANTS: list[dict[str, str]] = CHECK["jobs"]["make"]["strategy"]["matrix"]["include"]
every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def named(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_is_yaml(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)


def workflow(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return body


@every_workflow
def test_a_workflow_makes_what_can_be_made_and_nothing_else(path: Path) -> None:
    runs = [step["run"] for job in workflow(path)["jobs"].values() for step in job["steps"] if "run" in step]

    assert [run.partition(" ")[0] for run in runs] == ["make"]
    assert {run.removeprefix("make ") for run in runs} <= {"${{ matrix.target }}", *TARGETS}
    assert {variant["target"] for variant in VARIANTS} <= TARGETS


def test_everything_is_checked_on_the_oldest_python_and_tested_on_each_later_one() -> None:
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    pythons = {
        target: [each["python"] for each in VARIANTS if each["target"] == target] for target in ("check", "test")
    }

    assert pythons == {"check": [oldest.removeprefix(">=")], "test": ["3.12", "3.13", "3.14"]}


@every_workflow
def test_a_workflow_may_only_read_and_knows_no_secret(path: Path) -> None:
    text, body = path.read_text("utf-8"), workflow(path)

    assert body["permissions"] == {"contents": "read"}
    assert not [job for job in body["jobs"].values() if "permissions" in job]
    assert "secrets." not in text
    assert "pull_request_target" not in text


@every_workflow
def test_actions_are_pinned_and_leave_no_credentials(path: Path) -> None:
    steps = [step for job in workflow(path)["jobs"].values() for step in job["steps"] if "uses" in step]

    assert all(re.fullmatch(r"actions/[a-z-]+@v[0-9]+", step["uses"]) for step in steps)
    assert [step["with"]["persist-credentials"] for step in steps if "/checkout@" in step["uses"]] == [False]


@every_workflow
def test_a_newer_push_ends_the_check_of_the_older_one_and_no_job_runs_for_ever(path: Path) -> None:
    body = workflow(path)

    assert body["concurrency"].keys() == {"group", "cancel-in-progress"}
    assert all(job["timeout-minutes"] <= 60 for job in body["jobs"].values())


@pytest.mark.parametrize("path", FORMS, ids=named)
def test_a_form_has_what_the_host_demands(path: Path) -> None:
    form = yaml.safe_load(path.read_text("utf-8"))
    asked = [part for part in form["body"] if part["type"] != "markdown"]

    assert {"name", "description", "body"} <= form.keys()
    assert all(part["type"] in {"textarea", "input", "dropdown"} and part["attributes"]["label"] for part in asked)
    assert len({part["id"] for part in asked}) == len(asked)
    assert re.search(r"(No personal|Without real people's) data", path.read_text("utf-8"))


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

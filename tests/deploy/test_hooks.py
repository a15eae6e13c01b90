"""`make hooks`: git looks at a commit before it is made, with what is installed already."""

from pathlib import Path

import pytest

from tests.deploy.compose_files import ROOT
from tests.deploy.repository import Repository

TOOLS = ("ruff", "lint-imports", "mypy")


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """The project's Makefile and hooks, and tools that find nothing."""
    project = Repository(tmp_path)
    for name in ("Makefile", "scripts/hooks/pre-commit"):
        project.write(name, (ROOT / name).read_text("utf-8"))
        (tmp_path / name).chmod((ROOT / name).stat().st_mode)
    for tool in TOOLS:
        install(project, tool, "exit 0")
    project.write(".gitignore", ".venv/\n")
    project.git("init", "--quiet")
    assert project.run("make", "--assume-old=.venv/dev", "hooks").returncode == 0
    return project


def install(project: Repository, tool: str, does: str) -> None:
    project.write(f".venv/bin/{tool}", f"#!/bin/sh\n{does}\n")
    (project.folder / ".venv/bin" / tool).chmod(0o755)


def test_what_all_tools_are_content_with_is_committed(project: Repository) -> None:
    committed = project.commit_all()

    assert (committed.returncode, committed.stderr) == (0, "")
    assert project.git("log", "--format=%s").split() == ["Work"]


@pytest.mark.parametrize("tool", TOOLS)
def test_what_a_tool_finds_is_said_and_not_committed(project: Repository, tool: str) -> None:
    install(project, tool, "echo this line is wrong; exit 1")

    committed = project.commit_all()

    assert committed.returncode == 1
    assert "this line is wrong" in committed.stdout + committed.stderr


@pytest.mark.parametrize("text", ["a line that ends in a space \n", "<<<<<<< HEAD\n", "\n\n\n"])
def test_what_an_editor_or_a_merge_left_behind_is_not_committed(project: Repository, text: str) -> None:
    project.write("notes.md", text)

    committed = project.commit_all()

    assert committed.returncode != 0
    assert "notes.md" in committed.stdout + committed.stderr


def test_without_the_tools_it_is_said_how_to_get_them(project: Repository) -> None:
    (project.folder / ".venv/bin/ruff").unlink()

    assert "make .venv/dev" in project.commit_all().stderr

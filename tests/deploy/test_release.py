"""`make release`: all or nothing, and nothing that can't be taken back: the release is on this machine only."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deploy.compose_files import ROOT
from tests.deploy.repository import Repository

NUMBERED = {"pyproject.toml": 2, "emulators/pyproject.toml": 1, "Dockerfile": 1, "docker-compose.yml": 1}
"""How often each of these files names the version."""
CHANGELOG = """# Changelog

## Unreleased

- Tires.

## 0.0.9 – 2026-01-01

- Cars.
"""


@pytest.fixture
def project(tmp_path: Path) -> Repository:
    """This project's files that name the version, and a changelog of their own, committed."""
    project = Repository(tmp_path)
    for name in (*NUMBERED, "scripts/release.py"):
        project.write(name, (ROOT / name).read_text("utf-8"))
    project.write("CHANGELOG.md", CHANGELOG)
    project.git("init", "--quiet")
    project.commit_all()
    return project


def release(project: Repository, version: str) -> "subprocess.CompletedProcess[str]":
    return project.run(sys.executable, "scripts/release.py", version)


def assert_refused(project: Repository, version: str, *, because: str) -> None:
    """Nothing has changed, and it was said why."""
    before = project.git("status", "--porcelain"), project.git("rev-parse", "HEAD"), project.git("tag")

    released = release(project, version)

    assert released.returncode == 1
    assert because in released.stderr
    assert "Traceback" not in released.stderr
    assert before == (project.git("status", "--porcelain"), project.git("rev-parse", "HEAD"), project.git("tag"))


def test_a_release_is_one_commit_with_its_tag_and_says_how_to_push_it(project: Repository) -> None:
    released = release(project, "99.0.1")

    assert released.returncode == 0, released.stderr
    assert "git push --atomic origin HEAD v99.0.1" in released.stdout
    assert project.git("log", "--format=%s", "v99.0.1").splitlines() == ["Release 99.0.1", "Work"]
    assert project.git("cat-file", "-t", "v99.0.1").strip() == "tag"
    assert project.git("show", "--name-only", "--format=").split() == sorted(["CHANGELOG.md", *NUMBERED])
    assert project.git("status", "--porcelain") == ""


def test_the_version_stands_wherever_it_stood(project: Repository) -> None:
    before = {name: project.read(name) for name in NUMBERED}

    release(project, "99.0.1")

    for name, text in before.items():
        old, new = text.splitlines(), project.read(name).splitlines()
        changed = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
        assert len(changed) == NUMBERED[name]
        assert [re.sub(r"\d+\.\d+\.\d+", "99.0.1", was, count=1) for was, _ in changed] == [now for _, now in changed]


def test_what_was_unreleased_gets_number_and_date(project: Repository) -> None:
    release(project, "99.0.1")

    assert project.read("CHANGELOG.md") == CHANGELOG.replace(
        "## Unreleased\n", f"## Unreleased\n\n## 99.0.1 – {datetime.now(UTC).date()}\n"
    )


def test_a_second_release_needs_something_new(project: Repository) -> None:
    release(project, "99.0.1")

    assert_refused(project, "99.0.2", because="no line under «Unreleased»")


def test_a_version_that_was_set_but_never_released_can_be(project: Repository) -> None:
    release(project, "99.0.1")
    project.git("tag", "--delete", "v99.0.1")
    project.write("CHANGELOG.md", CHANGELOG)
    project.commit_all()

    assert release(project, "99.0.1").returncode == 0
    assert project.git("tag").split() == ["v99.0.1"]


@pytest.mark.parametrize(
    "version", ["", "1", "99.0", "v99.0.0", "99.0.0.1", "99.0.0rc1", "99.0.x", "99.0.0\n", "099.0.0", "-h", "٩.0.0"]
)
def test_what_is_no_version_is_refused(project: Repository, version: str) -> None:
    assert_refused(project, version, because="make release VERSION=0.2.0")


def test_an_older_version_is_refused(project: Repository) -> None:
    assert_refused(project, "0.0.9", because="0.0.9 is older")


def test_versions_are_compared_by_numbers(project: Repository) -> None:
    release(project, "99.9.0")
    project.write("CHANGELOG.md", CHANGELOG)
    project.commit_all()

    assert release(project, "99.10.0").returncode == 0


@pytest.mark.parametrize("name", ["pyproject.toml", "of-nobody.txt"])
def test_a_dirty_tree_is_refused(project: Repository, name: str) -> None:
    project.write(name, "changed")

    assert_refused(project, "99.0.1", because=name)


def test_a_tag_that_exists_is_refused(project: Repository) -> None:
    project.git("tag", "v99.0.1")

    assert_refused(project, "99.0.1", because="a tag v99.0.1 already")


@pytest.mark.parametrize(
    "changelog",
    [
        "# Changelog\n",
        "# Changelog\n\n## Unreleased\n",
        "# Changelog\n\n## Unreleased\n\n## 0.0.9 – 2026-01-01\n\n- Cars.\n",
    ],
)
def test_a_changelog_that_has_nothing_to_say_is_refused(project: Repository, changelog: str) -> None:
    project.write("CHANGELOG.md", changelog)
    project.commit_all()

    assert_refused(project, "99.0.1", because="CHANGELOG.md has no line")


def test_a_version_that_stands_nowhere_or_twice_is_refused(project: Repository) -> None:
    project.write("Dockerfile", "FROM scratch\n")
    project.commit_all()

    assert_refused(project, "99.0.1", because="Dockerfile should name the version once, not 0 times")


def test_a_commit_that_a_hook_refuses_leaves_the_tree_as_it_was(project: Repository) -> None:
    project.write(".git/hooks/pre-commit", "#!/bin/sh\necho not today >&2\nexit 1\n")
    (project.folder / ".git/hooks/pre-commit").chmod(0o755)

    assert_refused(project, "99.0.1", because="not today")


def test_a_tag_that_can_not_be_made_takes_the_commit_with_it(project: Repository) -> None:
    project.git("config", "tag.gpgSign", "true")
    project.git("config", "gpg.program", "false")

    assert_refused(project, "99.0.1", because="git tag says")

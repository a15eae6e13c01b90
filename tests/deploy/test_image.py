"""What goes into the image, and how it is run. `scripts/verify_container.sh` builds it and tries it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.compose_files import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
RUNTIME = DOCKERFILE.partition(" AS runtime\n")[2]


def test_dependencies_come_from_the_lock_file_with_their_hashes() -> None:
    installs = re.findall(r"^RUN .*\"install\".*$|^RUN .*pip install.*$", DOCKERFILE, re.MULTILINE)

    assert len(installs) == 2
    assert '"--require-hashes"' in installs[0]
    assert '"requirements/run.txt"' in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_the_stage_that_runs_installs_nothing() -> None:
    assert RUNTIME
    assert not re.search(r"\b(apt-get|pip|curl|git)\b", RUNTIME)


def test_entry_point_and_command_are_processes_not_shells() -> None:
    given = dict(re.findall(r"^(ENTRYPOINT|CMD|STOPSIGNAL|USER) (.*)$", RUNTIME, re.MULTILINE))

    assert json.loads(given["ENTRYPOINT"]) == ["carquery"]
    assert json.loads(given["CMD"]) == ["bot"]
    assert given["STOPSIGNAL"] == "SIGTERM"
    assert given["USER"] == "10001:10001"


@pytest.mark.parametrize("left_out", ["emulators", "tests", "docs", ".env", ".git", "secrets", "carquery.db", ".venv"])
def test_nothing_is_sent_to_the_build_but_what_is_named(left_out: str) -> None:
    rules = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith(("#", "**"))
    ]

    assert rules[0] == "*"
    assert all(rule.startswith("!") for rule in rules[1:])
    assert f"!{left_out}" not in rules


def test_all_that_is_copied_is_sent_to_the_build() -> None:
    sent = {rule.removeprefix("!") for rule in (ROOT / ".dockerignore").read_text().splitlines() if rule[:1] == "!"}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    }

    assert copied == sent


@pytest.mark.parametrize("name", ["verify_container.sh", "make_secrets.sh"])
def test_a_script_has_no_syntax_error(name: str) -> None:
    shell = "bash" if name.startswith("verify") else "sh"

    ended = subprocess.run([shell, "-n", str(Path(ROOT, "scripts", name))], capture_output=True, check=False)  # noqa: S603

    assert ended.stderr == b""

"""What is made of the locks: an environment, and a bill of materials."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.deploy.compose_files import ROOT
from tests.patience import patience


def script(name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run it without a network."""
    command = [sys.executable, str(ROOT / "scripts" / name), *arguments]
    return subprocess.run(  # noqa: S603  # our own script
        command, env=os.environ | {"PIP_NO_INDEX": "1"}, capture_output=True, text=True, timeout=patience(), check=False
    )


def test_the_bill_of_materials_names_what_a_server_installs_and_who_needs_it() -> None:
    locked = re.findall(r"^([a-z0-9-]+)==([^ \n]+)", (ROOT / "requirements/run.txt").read_text("utf-8"), re.MULTILINE)

    bill = json.loads(script("sbom.py").stdout)

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [(one["name"], one["version"]) for one in bill["components"]] == locked
    assert all(one["hashes"] and one["purl"] == one["bom-ref"] for one in bill["components"])
    needed = {one["ref"]: set(one["dependsOn"]) for one in bill["dependencies"]}
    assert needed.keys() == {"carquery", *(one["purl"] for one in bill["components"])}
    assert set.union(*needed.values()) == needed.keys() - {"carquery"}
    assert f"pkg:pypi/typer@{dict(locked)['typer']}" in needed["carquery"]


def test_one_lock_gives_one_bill() -> None:
    assert script("sbom.py").stdout == script("sbom.py").stdout


def test_what_pip_says_is_shown_when_it_fails(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"no-such-library==1.0 --hash=sha256:{'0' * 64}\n")

    installed = script("install_locked.py", str(lock))

    assert installed.returncode == 1
    assert "no-such-library" in installed.stderr
    assert "Traceback" not in installed.stderr


def test_away_from_a_terminal_one_line_says_what_is_installed(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"typer=={version('typer')} --hash=sha256:{'0' * 64}\n")

    installed = script("install_locked.py", str(lock))

    assert (installed.returncode, installed.stderr) == (0, "")
    assert installed.stdout == f"  1 libraries, as {lock} pins them\n"

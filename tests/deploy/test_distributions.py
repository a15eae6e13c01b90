"""Two distributions: what a server installs, and the emulators, which only `play` and tests need."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.deploy.compose_files import ROOT
from tests.patience import patience

BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
WITHOUT_EMULATORS = "import sys; sys.modules['carquery_emulators'] = None; from carquery.entrypoints.cli import main; "


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / name).read_text("utf-8"))


SERVER: dict[str, Any] = read("pyproject.toml")
EMULATORS: dict[str, Any] = read("emulators/pyproject.toml")


def wheel_of(folder: Path, into: Path) -> ZipFile:
    """Built of a copy with nothing but what building needs, so that the checkout stays as it is."""
    copy = into / "source"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(folder / name, copy)
    shutil.copytree(folder / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    done = python(BUILD, str(into), folder=copy)
    assert done.returncode == 0, done.stderr
    [wheel] = into.glob("*.whl")
    return ZipFile(wheel)


def python(code: str, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(  # noqa: S603  # our own interpreter
        command, cwd=folder, capture_output=True, text=True, timeout=patience(), check=False
    )


def in_wheel(wheel: ZipFile, ending: str) -> str:
    [name] = [name for name in wheel.namelist() if name.endswith(ending)]
    return wheel.read(name).decode()


def test_what_a_server_installs_holds_no_emulator(tmp_path: Path) -> None:
    with wheel_of(ROOT, tmp_path) as wheel:
        names = wheel.namelist()
        needed = re.findall(r"^Requires-Dist: (.*)$", in_wheel(wheel, ".dist-info/METADATA"), re.MULTILINE)

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"carquery"}
    assert not [name for name in names if "emulators" in name]
    assert {"carquery/py.typed", "carquery/entrypoints/playground/page/index.html"} <= set(names)
    assert [each for each in needed if "emulators" in each] == [
        f'carquery-emulators=={SERVER["project"]["version"]}; extra == "play"'
    ]


def test_the_emulators_are_whole(tmp_path: Path) -> None:
    with wheel_of(ROOT / "emulators", tmp_path) as wheel:
        names = wheel.namelist()
        scripts = in_wheel(wheel, "entry_points.txt")
        licence = in_wheel(wheel, "LICENSE")

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"carquery_emulators"}
    assert {"carquery_emulators/py.typed", "carquery_emulators/kit/control.py"} <= set(names)
    assert "carquery-emulators = carquery_emulators.cli:main" in scripts
    assert licence == (ROOT / "LICENSE").read_text("utf-8")


def test_the_emulators_speak_of_no_bot_and_no_dealership() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "emulators/src").rglob("*.py")]

    said = [re.findall(r"(?i)carquery(?!_emulators|-emulators)|автосалон|dealership", source) for source in sources]
    assert sources
    assert not [words for words in said if words]


def test_both_have_one_version_for_the_playground_is_made_for_these_emulators() -> None:
    version = SERVER["project"]["version"]

    assert EMULATORS["project"]["version"] == version
    assert SERVER["project"]["optional-dependencies"]["play"] == [f"carquery-emulators=={version}"]
    assert SERVER["tool"]["uv"]["sources"]["carquery-emulators"] == {"path": "emulators"}


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_what_the_emulators_need_is_locked(lock: str) -> None:
    locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / lock).read_text("utf-8"), re.MULTILINE)
    needed = [re.split(r"[<>=]", each)[0] for each in EMULATORS["project"]["dependencies"]]

    assert set(needed) <= set(locked)
    assert "carquery-emulators" not in locked


def without_emulators(*words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """The command as on a server: nothing can import them."""
    return python(f"{WITHOUT_EMULATORS}main()", *words, folder=folder)


@pytest.mark.parametrize("words", [("play", "--no-browser"), ("stories", "run", "told.yaml")])
def test_what_needs_them_says_in_one_line_what_to_install(words: Sequence[str], tmp_path: Path) -> None:
    ended = without_emulators(*words, folder=tmp_path)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "pip install ./emulators" in ended.stderr


@pytest.mark.parametrize(
    "words",
    [("--help",), ("play", "--help"), ("stories", "run", "--help"), ("read", "price", "850к"), ("db", "upgrade")],
)
def test_everything_else_goes_without_them(words: Sequence[str], tmp_path: Path) -> None:
    ended = without_emulators(*words, folder=tmp_path)

    assert ended.returncode == 0, ended.stderr

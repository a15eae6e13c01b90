"""CONTRIBUTING.md, done to a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.patience import patience

PROJECT = Path(__file__).parents[2]
COPIED = ("src", "emulators/src", "tests", "pyproject.toml", "CONTRIBUTING.md")

_PATH = re.compile(r"`((?:src|tests)/[\w/.]+\.py)`")
_BLOCK = re.compile(r"```(python|diff)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """What one block of a section says is to be done to a file: a new file's text, or lines among others."""

    path: str
    kind: str
    text: str

    def make(self, folder: Path) -> None:
        """Do it. Fails where the lines around it are not there, or not once."""
        path = folder / self.path
        if self.kind == "python":
            assert not path.exists(), f"{self.path} is there already"
            path.write_text(self.text, "utf-8")
            return
        before, after = (
            "".join(f"{line[1:]}\n" for line in self.text.splitlines() if line[0] != left_out) for left_out in "+-"
        )
        standing = path.read_text("utf-8")
        assert standing.count(before) == 1, f"{self.path} has these lines {standing.count(before)} times:\n{before}"
        path.write_text(standing.replace(before, after), "utf-8")


def changes(section: str) -> list[Change]:
    """The changes of a section of CONTRIBUTING.md, in its order; each is of the file that was named last."""
    page = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(rf"^## {section}\n(.*?)(?=^## )", page, re.DOTALL | re.MULTILINE)
    assert found is not None, f"CONTRIBUTING.md has no section «{section}»"
    return list(_changes(found[1]))


def _changes(section: str) -> Iterator[Change]:
    path, end = "", 0
    for block in _BLOCK.finditer(section):
        named = _PATH.findall(section[end : block.start()])
        path, end = named[-1] if named else path, block.end()
        yield Change(path, block[1], block[2])


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project's sources and tests."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Copy":
        for name in COPIED:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.jsonl"))
            else:
                shutil.copy(PROJECT / name, folder / name)
        return cls(folder)

    def cut(self, path: str, text: str) -> None:
        """Take a text out of a file that has it once."""
        file = self.folder / path
        assert file.read_text("utf-8").count(text) == 1, f"{path} has not once: {text}"
        file.write_text(file.read_text("utf-8").replace(text, ""), "utf-8")

    def python(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python on it."""
        places = os.pathsep.join(str(self.folder / name) for name in ("src", "emulators/src", "."))
        return subprocess.run(  # noqa: S603  # ours
            (sys.executable, *arguments),
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=patience(),
            check=False,
        )

    def tested(self, *files: str) -> "subprocess.CompletedProcess[str]":
        """What the tests of these files say, which need nothing but Python."""
        quiet = ("-q", "--noconftest", "-p", "no:xdist", "-p", "no:cacheprovider", "--tb=short")
        return self.python("-m", "pytest", *quiet, *files)

"""The documents, and the commands that they tell people to type."""

import re
import shlex
from collections.abc import Iterator
from typing import Final

from tests.deploy.compose_files import ROOT

SERVICES: Final = {"bot", "worker", "migrate"}
"""Of the compose files: what comes behind their names is for `carquery`."""
VARIABLE: Final = re.compile(r"\w+=.*")
DOCUMENTS: Final = sorted(
    (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "emulators").glob("*.md"),
        *(ROOT / "tests").glob("*.md"),
        *(ROOT / ".github").rglob("*.md"),
        *(ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"),
        ROOT / ".env.example",
        ROOT / "dealership.example.toml",
    )
)


def commands(text: str) -> Iterator[list[str]]:
    """The words of each, the program first; what a shell does before and behind it is left out."""
    for line in _lines(text):
        for part in re.split(r"&&|\|\||[;&>]| \| ", line.removeprefix("$ ")):
            try:
                words = shlex.split(part, comments=True)
            except ValueError:  # no command, but a word with an apostrophe
                continue
            while words and VARIABLE.fullmatch(words[0]):
                del words[0]
            if words:
                yield words


def for_carquery(words: list[str]) -> list[str] | None:
    """What `carquery` is told; `None`: it is not asked."""
    program, *rest = words
    if program.rpartition("/")[2] == "carquery":
        return rest
    if program not in {"docker", "dc"}:
        return None
    if "carquery" in rest:
        return rest[rest.index("carquery") + 1 :]
    if "run" in rest:
        return next((rest[place + 1 :] for place, word in enumerate(rest) if word in SERVICES), None)
    return None


def _lines(text: str) -> Iterator[str]:
    """Each that a document shows as something to type: in a line of its own, or within one."""
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL)
    yield from "\n".join(blocks).replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    if "```" not in text and "`" not in text:
        yield from re.findall(r"(?<=[ (])carquery [a-z][^.,;()]*", text)

"""Whatever a document points at is there: pages, their headings, pictures, files and folders of the project."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.deploy.compose_files import ROOT
from tests.deploy.documents import DOCUMENTS

PAGES: Final = [path for path in DOCUMENTS if path.suffix == ".md"]
HISTORY: Final = frozenset({ROOT / "CHANGELOG.md", *(ROOT / "docs/decisions").glob("*.md")})
"""They name what was there then."""
FOLDERS: Final = ("benchmarks", "deploy", "docs", "emulators", "requirements", "scripts", "src", "tests", ".github")
READER_S_OWN: Final = {
    "src/carquery/domain/forms/tires.py",
    "/etc/carquery/dealership.toml",
    "mine.jsonl",
    "secrets/",
}
"""What whoever follows a page makes."""

LINK: Final = re.compile(r"""\]\((?![a-z]+:)([^)\s]+)\)|(?:src|srcset|href)="(?![a-z]+:)([^"]+)\"""")
NAME: Final = re.compile(r"`((?:[\w./-]+\.(?:py|toml|ya?ml|sh|jsonl|md|css|html|service))|(?:[\w.-]+/)+)`")


@cache
def words_of(page: Path) -> str:
    """Without what is shown as code."""
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)


@cache
def headings(page: Path) -> frozenset[str]:
    """As a link calls them."""
    found = re.findall(r"^#+ (.+)$", words_of(page), re.MULTILINE)
    return frozenset(re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found)


@cache
def files() -> str:
    """Every file of the project, a line each, with a slash before it."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return "\n".join(f"/{path.relative_to(ROOT)}" for path in (*inside, *ROOT.glob("*")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for one, other in LINK.findall(words_of(page)):
        link = one or other
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not heading or heading in headings(target), link


@pytest.mark.parametrize("page", [page for page in PAGES if page not in HISTORY], ids=lambda page: page.stem)
def test_files_and_folders_that_are_named_are_there(page: Path) -> None:
    named = {name.removeprefix("../") for name in NAME.findall(words_of(page))} - READER_S_OWN

    assert [name for name in sorted(named) if not is_there(name)] == []


def is_there(name: str) -> bool:
    ends = "" if name.endswith("/") else "$"
    return re.search(f"/{re.escape(name)}{ends}", files(), re.MULTILINE) is not None

"""The owner's page about trouble quotes the program: what it quotes is what the program says."""

import re

import pytest

from tests.deploy.compose_files import ROOT

PAGE = (ROOT / "docs/ru/trouble.md").read_text("utf-8")
SAID = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
QUOTED = [
    piece.strip()
    for row in re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE)
    for quoted in re.findall(r"`([^`]+)`", row)
    for piece in re.split("…|:", quoted)
    if piece.strip()
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_it_quotes_is_said(quoted: str) -> None:
    is_event_of_an_outage = quoted.endswith("_away")
    assert quoted.removesuffix("_away") in SAID if is_event_of_an_outage else quoted in SAID

"""Domain and application name no messenger, in no language: another one needs no edit of theirs."""

import re
from pathlib import Path

import pytest

NAMES = re.compile(r"telegram|телеграм|aiogram|\bt\.me\b", re.IGNORECASE)


@pytest.mark.parametrize("ring", ["domain", "application", "adapters/messenger"])
def test_no_messenger_is_named(ring: str) -> None:
    named = [
        f"{file}:{number}: {line.strip()}"
        for file in sorted((Path("src/carquery") / ring).rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if NAMES.search(line)
    ]

    assert named == [], "what is a messenger's own belongs to its package, under adapters/"

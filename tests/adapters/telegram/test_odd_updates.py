"""Updates that are not what the Bot API says: what is odd in them costs only itself, and no word of a customer."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.telegram.readings import given_by

CASES = [json.loads(line) for line in Path("tests/data/odd_updates.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_what_can_be_read_of_an_odd_update_is_read(case: dict[str, Any]) -> None:
    assert given_by(case["update"]) == case["gives"]

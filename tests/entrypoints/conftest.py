"""An operator's desk, which several tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.leads_desk import Desk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as desk:
        yield desk

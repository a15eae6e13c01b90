"""An operator's desk, which several tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.entrypoints.leads_desk import LeadsDesk, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LeadsDesk]:
    with a_desk(tmp_path) as desk:
        yield desk

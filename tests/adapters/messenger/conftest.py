"""A dealership of its own for each test."""

import pytest

from tests.application.in_memory import Dealership


@pytest.fixture
def dealership() -> Dealership:
    """A dealership that asks for no consent."""
    return Dealership()

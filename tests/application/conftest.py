"""An application of its own for each test."""

import pytest

from tests.application.in_memory import TERMS, Dealership


@pytest.fixture
def dealership() -> Dealership:
    """A dealership that asks for no consent."""
    return Dealership()


@pytest.fixture
def careful_dealership() -> Dealership:
    """A dealership that asks for consent."""
    return Dealership(terms=TERMS)

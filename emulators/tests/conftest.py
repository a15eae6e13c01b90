"""How long a test of the emulators may take, and how long it waits: as long as this machine needs now."""

import signal
from collections.abc import Generator

import pytest

from tests.patience import look_at_the_machine, patience_with_a_test


def pytest_configure() -> None:
    """A shell that started us in the background has us ignore Ctrl-C, and whatever we start; tests press it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Be as patient with each test, and let it be as patient, as the machine is slow now."""
    look_at_the_machine()
    item.add_marker(pytest.mark.timeout(patience_with_a_test()))
    return (yield)

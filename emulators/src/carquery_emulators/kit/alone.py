"""An emulator that runs by itself: its options, and what whoever runs it has to know."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Alone(Protocol):
    """One kind of emulator, as the command line runs it."""

    @property
    def what(self) -> str:
        """What it is, in a few words."""
        ...

    def add_options(self, parser: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
        """Its own options, besides --host and --port. `port` reads a port."""
        ...

    def emulator(self, options: argparse.Namespace) -> AbstractAsyncContextManager[Sequence[str]]:
        """Listens until it is left; gives the lines to show. Raises OSError: a port can't be had."""
        ...


def told(what: str, facts: Mapping[str, str], *, attempt: str) -> list[str]:
    """The lines to show: what listens where, what one needs to know, and a command to try."""
    width = max(map(len, facts)) + 2
    return [what, *(f"  {name:<{width}}{fact}" for name, fact in facts.items()), f"Try:  {attempt}"]

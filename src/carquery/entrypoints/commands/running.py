"""What every command shares: reading the settings, running async code, and how it ends.

0: done. 1: something failed. 2: wrong usage or settings. 130: interrupted.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias, TypeVar

import structlog
import typer

from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.settings.reading import WrongSettings, read_settings
from carquery.entrypoints.settings.settings import Settings

FAILED = 1
USAGE = 2
INTERRUPTED = 130
"""What shells say of a program that Ctrl+C ended: 128 + SIGINT."""

InWords: TypeAlias = Mapping[type[Exception], Callable[[Any], str]]

S = TypeVar("S", bound=Settings)
T = TypeVar("T")


def settings_or_exit(kind: type[S]) -> S:
    """The settings; wrong ones end the command with one line each."""
    try:
        return read_settings(kind)
    except WrongSettings as wrong:
        stop(str(wrong), code=USAGE)


def stop(message: str, *, code: int) -> NoReturn:
    """End the command with a message on stderr."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


@contextmanager
def stopping_on(*refusals: type[Exception], in_words: InWords = MappingProxyType({})) -> Iterator[None]:
    """End the command with `FAILED` if the database can't be used, or for a reason that is foreseen; bugs go on.

    Args:
        refusals: their own text says it all.
        in_words: the others, with what is to be said of each.
    """
    known: dict[type[Exception], Callable[[Any], str]] = {
        StoreUnavailable: _of_database,
        **dict.fromkeys(refusals, str),
        **in_words,
    }
    try:
        yield
    except tuple(known) as failure:
        says = next(says for kind, says in reversed(known.items()) if isinstance(failure, kind))
        stop(says(failure), code=FAILED)


def _of_database(away: StoreUnavailable) -> str:
    """What is wrong with it, and where it is set."""
    return f"DATABASE_URL: {str(away).removeprefix('database: ')}"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's async part.

    A command that set up no log says what happens in its answer: of what is logged meanwhile, errors go to stderr.
    """
    if structlog.is_configured():
        return asyncio.run(work)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    try:
        return asyncio.run(work)
    finally:
        structlog.reset_defaults()

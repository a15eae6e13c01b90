"""What every command shares: reading the settings, running async code, and exit codes.

0: done. 1: something failed. 2: wrong usage or settings.
"""

import asyncio
import logging
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import structlog
import typer

from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.settings.reading import WrongSettings, read_settings
from carquery.entrypoints.settings.settings import Settings

FAILED = 1
USAGE = 2

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


def stop_for_store(away: StoreUnavailable) -> NoReturn:
    """End the command because of the database: what is wrong with it, and where it is set."""
    stop(f"DATABASE_URL: {str(away).removeprefix('database: ')}", code=FAILED)


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

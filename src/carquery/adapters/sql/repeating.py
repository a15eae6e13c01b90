"""What every store in SQL does alike: transactions that collide are run again, and an outage is said once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.outage import Outage
from carquery.adapters.sql.errors import Collided, ReadOnly, TablesMissing
from carquery.application.ports.stores import StoreUnavailable

TRIES: Final = 4
"""A transaction, and three repeats."""
LONGEST_PAUSE_SECONDS: Final = 0.1
"""Before the first repeat; twice and three times that before the others. By chance, or they would meet again."""

READING: Final = "reading"
WRITING: Final = "writing"
REMEDY: Final = "DATABASE_URL: a database that answers; nothing has to be restarted"

_OUTAGE: Final = "outage"

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


class _Store(Protocol):
    _engine: AsyncEngine


def watch(engine: AsyncEngine) -> None:
    """Keep account of whether its database is away."""
    outage = Outage("database")
    engine.update_execution_options(**{_OUTAGE: outage})

    @event.listens_for(engine.sync_engine, "commit")
    def note(_connection: Connection) -> None:
        outage.worked(of=WRITING)


def outage_of(engine: AsyncEngine) -> Outage:
    """Whether the database of a watched engine is away."""
    outage: Outage = engine.get_execution_options()[_OUTAGE]
    return outage


def repeating(store: type[S]) -> type[S]:
    """A store whose methods, one transaction each, are run again when the database broke them off for another's sake.

    Nothing of such a transaction was done. After the last repeat it is StoreUnavailable, as anything else that fails.
    """
    for name, method in vars(store).copy().items():
        if iscoroutinefunction(method) and not name.startswith("_"):
            setattr(store, name, _repeated(method))
    return store


def _repeated(
    method: Callable[Concatenate[Any, P], Awaitable[R]],
) -> Callable[Concatenate[Any, P], Awaitable[R]]:
    @wraps(method)
    async def repeated(store: _Store, /, *args: P.args, **kwargs: P.kwargs) -> R:
        outage = outage_of(store._engine)  # noqa: SLF001  # it is a part of every store
        for attempt in range(1, TRIES + 1):
            try:
                result = await method(store, *args, **kwargs)
            except Collided:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(random.uniform(0, attempt * LONGEST_PAUSE_SECONDS))  # noqa: S311  # no secret
            except TablesMissing:  # it is there
                raise
            except StoreUnavailable as away:
                outage.failed(str(away), REMEDY, of=WRITING if isinstance(away, ReadOnly) else READING)
                raise
            else:
                outage.worked(of=READING)
                return result
        raise AssertionError("the last attempt returns or raises")

    return repeated

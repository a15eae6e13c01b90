"""`carquery db …`."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.compatibility import WouldBeLost
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.going_back import Lost, StillUsed, lost_by_going_back, unused
from carquery.adapters.sql.migrating import downgrade, migrations, upgrade
from carquery.adapters.sql.schema import SchemaNewer, SchemaOutdated, Tables, newest, revision_of, tables
from carquery.adapters.sql.sqlite_file import DatabaseInUse, must_be_there, sole_user
from carquery.entrypoints.commands.running import USAGE, run, settings_or_exit, stop, stopping_on
from carquery.entrypoints.commands.waiting import waiting_for
from carquery.entrypoints.settings.settings import Settings

T = TypeVar("T")


def upgrade_command() -> None:
    """Apply the migrations that are missing. Newer tables that this version can use are left as they are."""

    async def upgrading(engine: AsyncEngine) -> str:
        found = await tables(engine)
        if found is Tables.NEWER:
            return (
                f"The database is at {await revision_of(engine)}, the tables of a newer version of CarQuery. "
                f"This one knows {newest()} and can run beside them: nothing was changed."
            )
        if found is not Tables.CURRENT:
            await upgrade(engine)
        return f"The database is at {newest()}."

    typer.echo(_with_database(_database_url(), upgrading, doing="Bringing the tables to this version"))


def downgrade_command(*, to: str, yes: bool) -> None:
    """Take migrations back, after saying what goes with them; nothing else may use the database meanwhile."""
    known = [migration.revision for migration in migrations()]
    if to not in known:
        stop(f"{to}: no migration; expected: one of {', '.join(sorted(known))}", code=USAGE)
    database_url = _database_url()
    with stopping_on(DatabaseInUse):
        must_be_there(database_url)
        with sole_user(database_url):
            looking = "Counting what would go"
            lost = _with_database(database_url, lambda engine: _looked_at(engine, database_url, to), doing=looking)
            if lost:
                _ask(lost, yes=yes)
                taking = "Taking migrations back"
                _with_database(database_url, lambda engine: _taken_back(engine, database_url, to), doing=taking)
    typer.echo(f"The database is at {to}.")


async def _looked_at(engine: AsyncEngine, database_url: str, to: str) -> Sequence[Lost]:
    if await tables(engine) in {Tables.NEWER, Tables.TOO_NEW}:
        raise SchemaNewer
    current = await revision_of(engine)
    if current is None or current < to:
        stop(f"{to}: newer than the database, which is at {current or 'none'}; run: carquery db upgrade", code=USAGE)
    lost = await lost_by_going_back(engine, to)
    await unused(engine, database_url)
    return lost


async def _taken_back(engine: AsyncEngine, database_url: str, to: str) -> None:
    await unused(engine, database_url)
    await downgrade(engine, to)


def _ask(lost: Sequence[Lost], *, yes: bool) -> None:
    typer.echo("These go, with all that they hold; leads and customers stay:", err=True)
    for one in lost:
        tables_gone = [f"{name} ({rows} row{'' if rows == 1 else 's'})" for name, rows in one.tables.items()]
        gone = ", ".join((*tables_gone, *one.columns)) or "nothing that is stored"
        typer.echo(f"  {one.migration}: {gone}\n        {one.about}", err=True)
    if yes:
        return
    if not sys.stdin.isatty():
        stop("There is nobody to ask: give --yes to take them back.", code=USAGE)
    if not typer.confirm("Take them back? A backup is the only way to have them again.", default=False, err=True):
        raise typer.Abort


def _database_url() -> str:
    return settings_or_exit(Settings).database_url.get_secret_value()


def _with_database(database_url: str, work: Callable[[AsyncEngine], Awaitable[T]], *, doing: str) -> T:
    async def working() -> T:
        async with open_engine(database_url) as engine:
            return await work(engine)

    with stopping_on(SchemaOutdated, StillUsed, WouldBeLost), waiting_for(doing):
        return run(working())

"""`carquery db …`."""

from collections.abc import Awaitable, Callable
from functools import partial

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import SchemaOutdated, downgrade, migrations, newest, upgrade
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.commands.running import FAILED, USAGE, run, settings_or_exit, stop, stop_for_store
from carquery.entrypoints.settings import Settings


def upgrade_command() -> None:
    """Apply the migrations that are missing."""
    _migrate(upgrade)
    typer.echo(f"The database is at {newest()}.")


def downgrade_command(*, to: str) -> None:
    """Take migrations back."""
    known = [migration.revision for migration in migrations()]
    if to not in known:
        stop(f"{to}: no migration; expected: one of {', '.join(sorted(known))}", code=USAGE)
    _migrate(partial(downgrade, to=to))
    typer.echo(f"The database is at {to}.")


def _migrate(migrate: Callable[[AsyncEngine], Awaitable[None]]) -> None:
    settings = settings_or_exit(Settings)

    async def migrating() -> None:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            await migrate(engine)

    try:
        run(migrating())
    except SchemaOutdated as newer:
        stop(str(newer), code=FAILED)
    except StoreUnavailable as away:
        stop_for_store(away)

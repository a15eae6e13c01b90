"""`carquery db …`."""

import typer

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.schema import SchemaOutdated, newest, upgrade
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.commands.running import FAILED, run, settings_or_exit, stop
from carquery.entrypoints.settings import Settings


def upgrade_command() -> None:
    """Apply the migrations that are missing."""
    settings = settings_or_exit(Settings)

    async def upgrading() -> None:
        async with open_engine(settings.database_url.get_secret_value()) as engine:
            await upgrade(engine)

    try:
        run(upgrading())
    except SchemaOutdated as newer:
        stop(str(newer), code=FAILED)
    except StoreUnavailable as away:
        stop(f"The database can't be upgraded: {away}. Check DATABASE_URL and that it is running.", code=FAILED)
    typer.echo(f"The database is at {newest()}.")

"""Bringing the database to this version's tables, and back to an older one's.

Alembic is as big as a third of SQLAlchemy: whoever only looks at the tables does without this module.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.rights import rights_explained
from carquery.adapters.sql.schema import SchemaNewer, Tables, tables_seen_by

_ONE_AT_A_TIME = 0x43515F44  # any number; all CarQuery processes wait for the same one


async def upgrade(engine: AsyncEngine, to: str = "head") -> None:
    """Apply the migrations that are missing, in one transaction; processes that come at once wait for one another.

    Raises:
        SchemaNewer: the database is past this version; nothing was changed.
        StoreUnavailable: the database can't be reached, or its user may not do that; nothing was changed.
    """
    await _migrate(engine, lambda config: command.upgrade(config, to))


async def downgrade(engine: AsyncEngine, to: str) -> None:
    """Take migrations back, in one transaction. Raises as `upgrade` does."""
    await _migrate(engine, lambda config: command.downgrade(config, to))


def migrations() -> tuple[Script, ...]:
    """All of them, newest first."""
    return tuple(ScriptDirectory.from_config(_config()).walk_revisions())


async def _migrate(engine: AsyncEngine, migrate: Callable[[Config], None]) -> None:
    def work(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        if tables_seen_by(connection) in {Tables.NEWER, Tables.TOO_NEW}:
            raise SchemaNewer
        migrate(config)

    async with rights_explained(engine), translated(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(text("SET LOCAL lock_timeout = 0"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        await connection.run_sync(work)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config

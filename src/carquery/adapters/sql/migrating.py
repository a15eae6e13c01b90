"""Bringing the database to this version's tables, and back to an older one's.

Alembic is as big as a third of SQLAlchemy: whoever only looks at the tables does without this module.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from carquery.adapters.sql.engine import patient
from carquery.adapters.sql.errors import translated
from carquery.adapters.sql.rights import rights_explained
from carquery.adapters.sql.schema import SchemaNewer, Tables, tables_seen_by

_ONE_AT_A_TIME = 0x43515F44  # any number; all CarQuery processes wait for the same one
_LOOK_AGAIN_SECONDS = 0.2


async def upgrade(engine: AsyncEngine, to: str = "head") -> None:
    """Apply the migrations that are missing; processes that come at once wait for one another.

    On SQLite that is one transaction. On PostgreSQL it is one for each migration, and what takes long in a large table
    is done beside those who use it: broken off half-way, it goes on from there the next time.

    Raises:
        SchemaNewer: the database is past this version; nothing was changed.
        StoreUnavailable: the database can't be reached, or its user may not do that.
    """
    in_one = engine.dialect.name == "sqlite"
    await _migrate(engine, lambda config: command.upgrade(config, to), in_one=in_one)


async def downgrade(engine: AsyncEngine, to: str) -> None:
    """Take migrations back, in one transaction: nobody else uses the database.

    Raises:
        SchemaNewer, StoreUnavailable, WouldBeLost: nothing was changed.
    """
    await _migrate(engine, lambda config: command.downgrade(config, to), in_one=True)


def migrations() -> tuple[Script, ...]:
    """All of them, newest first."""
    return tuple(ScriptDirectory.from_config(_config()).walk_revisions())


async def _migrate(engine: AsyncEngine, migrate: Callable[[Config], None], *, in_one: bool) -> None:
    def work(connection: Connection) -> None:
        if tables_seen_by(connection) in {Tables.NEWER, Tables.TOO_NEW}:
            raise SchemaNewer
        if not in_one:
            connection.rollback()  # alembic begins transactions only where there is none
        config = _config()
        config.attributes["connection"] = connection
        migrate(config)

    async with rights_explained(engine), translated(), patient(engine).connect() as connection:
        if engine.dialect.name == "postgresql":
            await _wait_for_our_turn(connection)
        if in_one:
            async with connection.begin():
                await connection.run_sync(work)
        else:
            await connection.run_sync(work)


async def _wait_for_our_turn(connection: AsyncConnection) -> None:
    """Until no other process migrates; our turn ends with the connection.

    Whoever waits inside a transaction would be waited for in turn, by an index that is built beside others. Source:
    PostgreSQL, CREATE INDEX, «Building Indexes Concurrently».
    """
    ours = text("SELECT pg_try_advisory_lock(:key)")
    while not (await connection.execute(ours, {"key": _ONE_AT_A_TIME})).scalar_one():
        await connection.rollback()
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    await connection.rollback()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config

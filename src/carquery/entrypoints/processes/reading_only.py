"""For commands that only look: they leave nothing behind."""

from collections.abc import AsyncIterator
from typing import Final

from dishka import Provider, Scope, provide
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.migrating import upgrade
from carquery.adapters.sql.sqlite_file import file_of
from carquery.entrypoints.settings.stores import StoreSettings

IN_MEMORY: Final = "sqlite:///:memory:"


class EmptyDatabase(Provider):
    """This process's own, with all tables."""

    scope = Scope.APP

    @provide(override=True)
    async def engine(self) -> AsyncIterator[AsyncEngine]:
        async with open_engine(IN_MEMORY) as engine:
            await upgrade(engine)
            yield engine


def leaving_nothing(settings: StoreSettings) -> tuple[Provider, ...]:
    """What stands in for the database, if it would have to be made first."""
    path = file_of(settings.database_url.get_secret_value())
    return () if path is None or path.exists() else (EmptyDatabase(),)

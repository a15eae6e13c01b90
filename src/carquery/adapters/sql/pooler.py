"""A pooler between us and PostgreSQL, which has to leave each connection its own session of the server.

Advisory locks that outlast a transaction, LISTEN and prepared statements belong to a session. In transaction mode a
pooler hands one session to whoever has a transaction just then, so that new leads are announced to nobody.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.engine import reading
from carquery.adapters.sql.errors import translated

_SESSION = text("SELECT pg_backend_pid()")


async def shares_sessions(engine: AsyncEngine) -> bool:
    """Whether two connections that are open at once were seen to have one session of the server.

    A pooler in session mode never does that; one in another mode does, unless others keep it busy just then.

    Raises:
        StoreUnavailable: the database can't be asked; `StoreRefused` if such a pooler has mixed up its statements.
    """
    if engine.dialect.name == "sqlite":
        return False
    async with translated(), reading(engine).connect() as one:
        first = (await one.execute(_SESSION)).scalar_one()
        await one.rollback()  # nothing is under way on it, but it stays open
        async with reading(engine).connect() as other:
            return bool((await other.execute(_SESSION)).scalar_one() == first)

"""What a PostgreSQL user may not do, and the statement that gives the right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from carquery.adapters.sql.errors import translated
from carquery.application.ports.stores import StoreRefused

_FORBIDDEN: Final = frozenset({"42501", "3F000"})
"""Insufficient privilege; no schema to create in, which is what a user sees who may not use the one that there is."""

_ASKED: Final = text("""
    SELECT quote_ident(current_user) AS who,
           quote_ident(coalesce(current_schema(), 'public')) AS schema,
           current_schema() IS NOT NULL
               AND has_schema_privilege(coalesce(current_schema(), 'public'), 'CREATE') AS may_make,
           (SELECT quote_ident(min(tableowner)) FROM pg_tables
             WHERE schemaname = current_schema() AND NOT pg_has_role(tableowner, 'USAGE')
               AND tablename IN ('alembic_version', 'leads', 'customers')) AS owner
""")


class RightMissing(StoreRefused):
    """The user of the database may not do what is needed; the text says what gives the right."""


@asynccontextmanager
async def rights_explained(engine: AsyncEngine) -> AsyncIterator[None]:
    """Turn a refusal for lack of a right into RightMissing."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _FORBIDDEN:
            raise
        raise RightMissing(await _explained(engine)) from error


async def _explained(engine: AsyncEngine) -> str:
    async with translated(), engine.connect() as connection:
        known = (await connection.execute(_ASKED)).one()
    if known.owner is not None:
        return (
            f"database: its tables belong to {known.owner}, and {known.who} may not change them; run this as "
            f"{known.owner}, or give {known.who} each of them: ALTER TABLE leads OWNER TO {known.who};"
        )
    if not known.may_make:
        return (
            f"database: the user {known.who} may not make tables in the schema {known.schema}; as the owner of the "
            f"database run: GRANT USAGE, CREATE ON SCHEMA {known.schema} TO {known.who};"
        )
    return (
        f"database: the user {known.who} may not use its tables; as their owner run: GRANT SELECT, INSERT, UPDATE, "
        f"DELETE ON ALL TABLES IN SCHEMA {known.schema} TO {known.who};"
    )

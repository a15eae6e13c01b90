"""Transactions that the database breaks off for the sake of another one."""

import asyncio
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from inspect import iscoroutinefunction

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import carquery.adapters.sql
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.leads import SqlLeads
from carquery.adapters.sql.repeating import TRIES
from carquery.application.ports.stores import StoreUnavailable
from tests.builders import NOW, a_lead
from tests.patience import eventually
from tests.postgres_databases import a_postgres_database

COLLISIONS = ("40001", "40P01")


@asynccontextmanager
async def a_colliding_database(server_url: str, state: str, *, times: int) -> AsyncIterator[AsyncEngine]:
    """Its first inserts of a lead end as if another transaction had been in the way."""
    async with a_postgres_database(server_url) as url, open_engine(url) as engine:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE SEQUENCE tried"))
            # A sequence goes on when its transaction is rolled back.
            await connection.execute(
                text(
                    "CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF nextval('tried') <= {times} THEN "
                    f"RAISE EXCEPTION 'in the way' USING ERRCODE = '{state}'; END IF; RETURN NEW; END $$"
                )
            )
            await connection.execute(
                text("CREATE TRIGGER collide BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION collide()")
            )
        yield engine


@pytest.mark.postgres
@pytest.mark.parametrize("state", COLLISIONS)
async def test_a_transaction_that_was_in_the_way_of_others_is_run_again(postgres_url: str, state: str) -> None:
    async with a_colliding_database(postgres_url, state, times=TRIES - 1) as engine:
        leads = SqlLeads(engine, SettableClock(NOW))

        stored = await leads.add(a_lead())

        assert await leads.newest(limit=10) == (stored,)


@pytest.mark.postgres
@pytest.mark.parametrize("state", COLLISIONS)
async def test_one_that_is_always_in_the_way_leaves_nothing_behind(postgres_url: str, state: str) -> None:
    async with a_colliding_database(postgres_url, state, times=TRIES) as engine:
        leads = SqlLeads(engine, SettableClock(NOW))

        with pytest.raises(StoreUnavailable):
            await leads.add(a_lead())

        assert await leads.newest(limit=10) == ()


@pytest.mark.postgres
async def test_a_customer_is_waited_for_before_their_draft_as_by_whoever_erases_them(postgres_url: str) -> None:
    """In another order each would hold what the other waits for."""
    async with a_postgres_database(postgres_url) as url, open_engine(url) as engine, open_engine(url) as other:
        leads, second = SqlLeads(engine, SettableClock(NOW)), a_lead(2)
        await leads.add(a_lead(1))
        async with other.begin() as connection:
            its_draft = text("INSERT INTO drafts (dialog, touched_at) VALUES (:lead, now())")
            await connection.execute(its_draft, {"lead": second.id})

        async with other.connect() as draft, other.connect() as customer, asyncio.TaskGroup() as group:

            async def is_customer_held() -> bool:
                free = (await customer.execute(text("SELECT 1 FROM customers FOR UPDATE SKIP LOCKED"))).all()
                await customer.rollback()
                return not free

            await draft.execute(text("SELECT 1 FROM drafts FOR UPDATE"))
            storing = group.create_task(leads.add(second))
            await eventually(is_customer_held)
            await draft.rollback()

        assert storing.result().id == second.id


def stores() -> Iterator[type]:
    for module in pkgutil.iter_modules(carquery.adapters.sql.__path__, "carquery.adapters.sql."):
        for name, found in vars(import_module(module.name)).items():
            if name.startswith("Sql") and isinstance(found, type) and found.__module__ == module.name:
                yield found


@pytest.mark.parametrize("store", list(stores()), ids=lambda store: store.__name__)
def test_every_store_repeats(store: type) -> None:
    methods = {name: method for name, method in vars(store).items() if iscoroutinefunction(method)}
    assert {name for name, method in methods.items() if not name.startswith("_")} == {
        name for name, method in methods.items() if hasattr(method, "__wrapped__")
    }

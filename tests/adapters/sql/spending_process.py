"""A process that spends from the budget in the database it is told of, and prints how many cents it was granted.

It says `ready` once it is connected, and begins when it reads a line: several can so begin at once.
"""

import asyncio
import sys
from datetime import date
from decimal import Decimal

from carquery.adapters.sql.ai_budget import SqlAiBudget
from carquery.adapters.sql.engine import open_engine
from carquery.adapters.sql.postgres_engine import POOL_SIZE

CENT = Decimal("0.01")


async def main(url: str, day: date, tries: int, limit: Decimal) -> None:
    async with open_engine(url) as engine:
        budget = SqlAiBudget(engine)
        await budget.spent(day)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        places = asyncio.Semaphore(
            POOL_SIZE
        )  # who waits long for a connection is refused, which depends on the machine

        async def spend() -> bool:
            async with places:
                return await budget.reserve(day, CENT, limit=limit)

        granted = await asyncio.gather(*(spend() for _ in range(tries)))
        sys.stdout.write(f"{sum(granted)}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], date.fromisoformat(sys.argv[2]), int(sys.argv[3]), Decimal(sys.argv[4])))

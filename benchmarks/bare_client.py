"""The least that so many requests to a CRM can cost: a client that makes them and keeps nothing.

`python -m benchmarks.bare_client ADDRESS TOKEN REQUESTS` prints its CPU seconds for them.
"""

import asyncio
import sys
import time

import httpx


async def main(address: str, token: str, requests: int) -> None:
    """One after the other, on one connection."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        await client.get("/api/v4/account")  # imports and the connection are not what is measured
        before = time.process_time()
        for number in range(requests):
            answer = await client.get("/api/v4/contacts", params={"query": f"916{number:07}", "limit": "250"})
            answer.raise_for_status()
    print(time.process_time() - before)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

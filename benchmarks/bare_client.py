"""The least that so many requests to a CRM can cost: a client that makes them and keeps nothing.

`python -m benchmarks.bare_client ADDRESS TOKEN REQUESTS` prints its CPU seconds for them.
"""

import asyncio
import sys
import time

from aiohttp import ClientSession


async def main(address: str, token: str, requests: int) -> None:
    """One after the other, on one connection."""
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(address, headers=headers, raise_for_status=True) as client:
        await _read(client, "/api/v4/account")  # imports and the connection are not what is measured
        before = time.process_time()
        for number in range(requests):
            await _read(client, "/api/v4/contacts", {"query": f"916{number:07}", "limit": "250"})
    print(time.process_time() - before)


async def _read(client: ClientSession, path: str, params: dict[str, str] | None = None) -> None:
    async with client.get(path, params=params) as answer:
        await answer.read()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

"""Ports of servers that a test starts."""

import asyncio
import random
import socket

from tests.patience import waiting_for

_LOOPBACK = "127.0.0.1"
_RANGE = range(20_000, 30_000)
"""Below those that systems give to outgoing connections, so that nobody is given ours by chance."""
_held: list[socket.socket] = []


def free_port() -> int:
    """A TCP port that is ours until this process ends: no other test is given it, before its server binds it or after.

    What says so to other test processes is the UDP port of the same number, which is bound as long.
    """
    for port in random.sample(_RANGE, len(_RANGE)):
        claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claim.bind((_LOOPBACK, port))
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((_LOOPBACK, port))
        except OSError:
            claim.close()
        else:
            _held.append(claim)
            return port
    raise OSError(f"no port of {_RANGE.start}–{_RANGE.stop} is free")


async def listening(port: int) -> None:
    """Wait until something listens there."""
    async with waiting_for(f"something that listens on port {port}"):
        while True:
            try:
                _, writer = await asyncio.open_connection(_LOOPBACK, port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return

"""`carquery-emulators max`."""

import argparse
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from carquery_emulators.kit.alone import told
from carquery_emulators.max.emulator import MaxEmulator
from carquery_emulators.max.world import TOKEN, USERNAME


class AloneMax:
    what = "MAX's API for bots with people who use the bot"

    def add_options(self, parser: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
        parser.add_argument("--token", type=_token, default=TOKEN, help="the bot's (default: %(default)s)")
        parser.add_argument("--username", default=USERNAME, help="the bot's (default: %(default)s)")
        parser.add_argument(
            "--webhook-to", metavar="URL", help="deliver updates there, whatever URL the bot subscribes"
        )

    @asynccontextmanager
    async def emulator(self, options: argparse.Namespace) -> AsyncIterator[Sequence[str]]:
        async with MaxEmulator(
            options.token,
            host=options.host,
            port=options.port,
            username=options.username,
            webhook_deliver_to=options.webhook_to,
        ) as emulator:
            facts = {
                "token": f"{emulator.token} (@{options.username})",
                "try it": f"curl -H 'Authorization: {emulator.token}' {emulator.base_url}/me",
                "control": f"{emulator.base_url}/control/customers",
            }
            person = f'curl --json \'{{"first_name": "Anna"}}\' {emulator.base_url}/control/customers'
            yield told(f"MAX's API listens at {emulator.base_url}", facts, attempt=person)


def _token(given: str) -> str:
    if not given.isascii() or not given.isprintable() or not given or " " in given:
        raise argparse.ArgumentTypeError(f"{given!r} is no bot token; expected: letters and signs, no spaces: {TOKEN}")
    return given

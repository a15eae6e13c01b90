"""`carquery-emulators telegram`."""

import argparse
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from carquery_emulators.kit.alone import told
from carquery_emulators.telegram.emulator import TelegramEmulator
from carquery_emulators.telegram.world import TOKEN, USERNAME


class AloneTelegram:
    what = "a Bot API server with people who use the bot"

    def add_options(self, parser: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
        parser.add_argument("--token", type=_token, default=TOKEN, help="the bot's (default: %(default)s)")
        parser.add_argument("--username", default=USERNAME, help="the bot's, without @ (default: %(default)s)")
        parser.add_argument(
            "--webhook-to", metavar="URL", help="deliver a webhook's updates there, whatever URL the bot sets"
        )

    @asynccontextmanager
    async def emulator(self, options: argparse.Namespace) -> AsyncIterator[Sequence[str]]:
        async with TelegramEmulator(
            options.token,
            host=options.host,
            port=options.port,
            username=options.username,
            webhook_deliver_to=options.webhook_to,
        ) as telegram:
            facts = {
                "token": f"{telegram.token} (@{options.username})",
                "methods": f"{telegram.base_url}/bot{telegram.token}/getMe",
                "aiogram": f'TelegramAPIServer.from_base("{telegram.base_url}")',
                "control": f"{telegram.base_url}/control/customers",
            }
            person = f'curl --json \'{{"first_name": "Anna"}}\' {telegram.base_url}/control/customers'
            yield told(f"Telegram's Bot API listens at {telegram.base_url}", facts, attempt=person)


def _token(given: str) -> str:
    if re.fullmatch(r"[0-9]{1,18}:[A-Za-z0-9_-]+", given) is None:
        raise argparse.ArgumentTypeError(f"{given!r} is no bot token; expected: digits, a colon, a secret: {TOKEN}")
    return given

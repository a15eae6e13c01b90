"""`carquery-emulators amocrm`."""

import argparse
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from carquery_emulators.amocrm.emulator import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, AmoCrmEmulator
from carquery_emulators.kit.alone import told

_REQUESTS_PER_SECOND = 7.0  # Source: API v4, limits


class AloneAmoCrm:
    what = "an amoCRM account (API v4) with its drive for files"

    def add_options(self, parser: argparse.ArgumentParser, port: Callable[[str], int]) -> None:
        parser.add_argument("--drive-port", type=port, default=0, help="of the host for files; default: any free one")
        parser.add_argument("--client-id", default=CLIENT_ID, help="the integration's (default: %(default)s)")
        parser.add_argument("--client-secret", default=CLIENT_SECRET, help="its secret (default: %(default)s)")
        parser.add_argument("--redirect-uri", default=REDIRECT_URI, help="its address (default: %(default)s)")
        parser.add_argument(
            "--requests-per-second",
            type=_rate,
            default=_REQUESTS_PER_SECOND,
            help="more are refused, as amoCRM does (default: %(default)g)",
        )

    @asynccontextmanager
    async def emulator(self, options: argparse.Namespace) -> AsyncIterator[Sequence[str]]:
        async with AmoCrmEmulator(
            host=options.host,
            port=options.port,
            drive_port=options.drive_port,
            client_id=options.client_id,
            client_secret=options.client_secret,
            redirect_uri=options.redirect_uri,
            requests_per_second=options.requests_per_second,
        ) as amocrm:
            token = amocrm.long_lived_token()
            facts = {
                "drive": amocrm.drive_url,
                "long-lived token": token,
                "client id, secret": f"{options.client_id}, {options.client_secret}",
                "redirect URI": options.redirect_uri,
                "one-time code": f"curl -X POST {amocrm.base_url}/control/codes",
                "control": f"{amocrm.base_url}/control/state",
            }
            account = f"curl -H 'Authorization: Bearer {token}' {amocrm.base_url}/api/v4/account"
            yield told(f"amoCRM listens at {amocrm.base_url}", facts, attempt=account)


def _rate(given: str) -> float:
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    if not 1 <= rate < float("inf"):
        raise argparse.ArgumentTypeError(f"{given!r} is no rate; expected: 1 or more")
    return rate

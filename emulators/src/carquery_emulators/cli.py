"""`carquery-emulators`: one emulator by itself, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NoReturn

from carquery_emulators.amocrm.alone import AloneAmoCrm
from carquery_emulators.kit.alone import Alone
from carquery_emulators.kit.listener import LOOPBACK
from carquery_emulators.kit.own_pages import LOOPBACK_NAMES
from carquery_emulators.max.alone import AloneMax
from carquery_emulators.openai.alone import AloneOpenAi
from carquery_emulators.telegram.alone import AloneTelegram

_EMULATORS: Mapping[str, Alone] = {
    "telegram": AloneTelegram(),
    "max": AloneMax(),
    "amocrm": AloneAmoCrm(),
    "openai": AloneOpenAi(),
}
_USAGE = 2
_HIGHEST_PORT = 65_535


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE, f"{self.prog}: {message} (--help tells what there is)\n")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """The console script. Exit 0: ended by Ctrl-C or SIGTERM; 1: the port can't be had; 2: the options are wrong."""
    options = _parser().parse_args(arguments)
    try:
        with suppress(KeyboardInterrupt):  # where the loop takes no signals
            asyncio.run(_serve(_EMULATORS[options.emulator], options))
    except OSError as refused:
        where = "" if refused.filename is None else f"{refused.filename}: "
        sys.stderr.write(f"carquery-emulators: {where}{refused.strerror or refused}\n")
        sys.exit(1)
    sys.exit(0)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="carquery-emulators", description="Run one emulator on this machine, until Ctrl-C.")
    emulators = parser.add_subparsers(dest="emulator", required=True, metavar="|".join(_EMULATORS))
    for name, alone in _EMULATORS.items():
        own = emulators.add_parser(name, help=alone.what, description=f"Run {alone.what}, until Ctrl-C.")
        own.add_argument("--host", default=LOOPBACK, help="an address of this machine (default: %(default)s)")
        own.add_argument("--port", type=port, default=0, help="default: any free one")
        alone.add_options(own, port)
    return parser


def port(given: str) -> int:
    """A port; 0: any free one. Raises argparse.ArgumentTypeError."""
    if not (given.isascii() and given.isdigit() and int(given) <= _HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{given!r} is no port; expected: 0 to {_HIGHEST_PORT}, 0 for any free one")
    return int(given)


async def _serve(alone: Alone, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with alone.emulator(options) as told:
        _tell(told)
        if options.host not in LOOPBACK_NAMES:
            _tell(["It asks for no password: whoever reaches this address may use and control it."])
        _tell(["Ctrl-C stops it."])
        await stop.wait()


def _tell(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()  # a pipe is read while the emulator runs

"""SIGHUP: the dealership's file is read again; customers notice nothing but the new words."""

import asyncio
import signal

import structlog

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.dealership_file.reading import WrongFile

log = structlog.get_logger(__name__)

REMEDY = "what it told before is still told; SIGHUP again when it is mended"


def read_again_on_signal(file: DealershipFile) -> None:
    """From now on, in the running loop. Where there is no such signal, a restart does it."""
    if hasattr(signal, "SIGHUP"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _read_again, file)


def _read_again(file: DealershipFile) -> None:
    try:
        file.reload()
    except WrongFile as wrong:
        for mistake in wrong.mistakes:
            log.warning("dealership_file_wrong", reason=str(mistake), remedy=REMEDY)
    else:
        log.info("dealership_file_read")

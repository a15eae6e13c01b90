"""`carquery play`."""

import sys
import tempfile
from errno import EACCES, EADDRINUSE
from importlib.util import find_spec
from pathlib import Path

import typer

from carquery.adapters.sql.schema import SchemaOutdated
from carquery.adapters.sql.sqlite_file import DatabaseInUse, sole_user
from carquery.application.ports.stores import StoreUnavailable
from carquery.entrypoints.commands.running import FAILED, USAGE, run, stop, stopping_on
from carquery.entrypoints.logs.configure import configure_logs
from carquery.entrypoints.settings.reading import WrongSettings

NO_EMULATORS = (
    "carquery play needs the emulators, which servers do without; expected, in CarQuery's folder: "
    "make play, or pip install ./emulators"
)


def play_command(*, port: int, folder: Path | None, browser: bool) -> None:
    """Serve the playground until Ctrl+C."""
    if find_spec("carquery_emulators") is None:
        stop(NO_EMULATORS, code=USAGE)
    configure_logs(level="WARNING", as_json=False)
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="carquery-") as temporary:
            _play(port, Path(temporary), browser=browser)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        stop(f"--folder: {folder} is not a folder, or lies in a file; expected: a folder, which may be new", code=USAGE)
    except OSError as refused:
        reason = (refused.strerror or "it fails").lower()
        stop(f"--folder: {folder} can't be made ({reason}); expected: a folder, which may be new", code=USAGE)
    _play(port, folder, browser=browser)


def _play(port: int, folder: Path, *, browser: bool) -> None:
    if sys.stderr.isatty():
        typer.echo("Starting the bot, and what it talks to, on this machine …", err=True)
    # Imported here: without the emulators there is nothing to import.
    from carquery.entrypoints.playground.play import play

    try:
        with (
            stopping_on(DatabaseInUse, SchemaOutdated, in_words={StoreUnavailable: "--folder: {}".format}),
            sole_user(f"sqlite:///{folder / 'carquery.db'}"),
        ):
            run(play(port=port, folder=folder, open_browser=browser, tell=typer.echo))
    except WrongSettings as wrong:
        stop(str(wrong), code=USAGE)
    except OSError as taken:
        if taken.errno not in {EADDRINUSE, EACCES}:
            raise
        stop(f"Port {port} can't be used ({taken.strerror}); try: carquery play --port 0", code=FAILED)

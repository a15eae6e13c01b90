"""The SQLite file: where it stands, who may read it, and who uses it."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from carquery.application.ports.stores import StoreRefused, StoreUnavailable

OURS_ALONE: Final = 0o600
"""Names and phones stand in it."""
_BESIDE: Final = ("-wal", "-shm", "-journal", ".lock")


class DatabaseInUse(Exception):
    """Another process runs the bot on this SQLite file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is in use by another bot process; stop it, or give each its own DATABASE_URL")


class NoDatabaseYet(StoreRefused):
    """The file is not there: nothing was ever stored, or not here."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no database yet at {path}: run carquery bot or carquery db upgrade, or mend DATABASE_URL")


def file_of(database_url: str) -> Path | None:
    """The file that an address names; `None` if it is not a file."""
    if not database_url.startswith("sqlite"):
        return None
    name = make_url(database_url).database
    return None if not name or name == ":memory:" else Path(name)


def must_be_there(database_url: str) -> None:
    """Make sure that opening the database would not make its file.

    Raises:
        NoDatabaseYet: it would.
    """
    path = file_of(database_url)
    if path is not None and not path.exists():
        raise NoDatabaseYet(path.absolute())


def prepare_file(path: Path) -> None:
    """Make the file if it is missing, and let nobody else read it nor what SQLite puts beside it.

    The driver would say less of what is wrong, and in a thread of its own. What is there already is not opened: by
    closing it, this process would give up the locks of its other connections. Source: SQLite, «How To Corrupt», 2.2.

    Raises:
        StoreRefused: it can't be made or written.
        StoreUnavailable: not now, for the disk is full or fails.
    """
    file = path.resolve()
    try:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OURS_ALONE))
        if file.is_dir():
            raise IsADirectoryError
        if not (os.access(file, os.R_OK | os.W_OK) and os.access(file.parent, os.W_OK)):
            raise PermissionError
    except OSError as error:
        raise _refused(path, error) from error
    for end in ("", *_BESIDE):
        with suppress(OSError):  # it is not there, or gone by now
            _close_to_others(Path(f"{file}{end}"))


@contextmanager
def sole_user(database_url: str) -> Iterator[None]:
    """Keep a second bot off an SQLite file; PostgreSQL takes any number.

    Raises:
        DatabaseInUse: another process holds the file.
        StoreUnavailable: there is no such folder, or nothing may be written into it.
    """
    path = file_of(database_url)
    if path is None:
        yield
        return
    path = path.resolve()  # two names of one file are one file
    lock_file = Path(f"{path}.lock")
    try:
        lock_file.touch(OURS_ALONE)
        _close_to_others(lock_file)
    except OSError as error:
        raise _refused(path, error) from error
    with lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise DatabaseInUse(path) from held
        yield


def _close_to_others(file: Path) -> None:
    """Take the rights of others away from a file of ours; one that belongs to somebody else is theirs to open."""
    known = file.stat()
    if stat.S_ISREG(known.st_mode) and known.st_uid == os.geteuid() and known.st_mode & 0o077:
        file.chmod(OURS_ALONE)


def _refused(path: Path, error: OSError) -> StoreUnavailable:
    """A full disk may be emptied while we wait; everything else somebody has to put right."""
    kind = StoreUnavailable if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO} else StoreRefused
    return kind(f"database: {_why(path, error)}")


def _why(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError() if not path.absolute().parent.is_dir():
            return f"there is no folder {path.absolute().parent}: make it, or mend DATABASE_URL"
        case IsADirectoryError():
            return f"{path} is a folder, and SQLite needs a file: mend DATABASE_URL"
        case PermissionError():
            return f"this user may not write {path.absolute()}, or into its folder"
        case _:
            return f"{path}: {(error.strerror or 'it fails').lower()}"

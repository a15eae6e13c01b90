"""How the program ends where nobody has foreseen it: with a sentence and an exit code, never with a traceback.

Light, since `--help` imports it; the exit codes are those of `commands/running.py`.
"""

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Final

_AS_JSON_ESCAPES: Final = "carquery.as_json_escapes"
"""The name of a way to treat what an encoding lacks."""


@contextmanager
def ended_as_shells_expect() -> Iterator[None]:
    """Whoever reads no more (`| head`) has what they wanted: exit code 0. Ctrl+C: 130, and nothing is printed.

    What the system refuses is said in one line: a file, a folder, a disk, a network. What the terminal's encoding does
    not have is written as an escape, «\\u044f», which JSON has too.
    """
    _write_escapes_for_want_of_signs()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()  # here a broken pipe can still be told
    except BrokenPipeError:
        _end_unread()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):  # typer and rich have seen it first
            _end_unread()
        raise
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as refused:
        where = "" if refused.filename is None else f"{refused.filename}: "
        sys.stderr.write(f"{where}{refused.strerror or str(refused) or type(refused).__name__}\n")
        sys.exit(1)


def _write_escapes_for_want_of_signs() -> None:
    codecs.register_error(_AS_JSON_ESCAPES, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors=_AS_JSON_ESCAPES)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """In units of UTF-16: Python's own escapes, «\\xab» and «\\U0001f600», would make what programs read no JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{lacking[at : at + 2].hex()}" for at in range(0, len(lacking), 2)), error.end


def _end_unread() -> None:
    """What is still buffered goes nowhere, or the interpreter would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)

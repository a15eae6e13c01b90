"""The program's own lines on their way to stderr: straight there, past Python's logging, which costs as much again."""

import json
from typing import Final, TextIO

from msgspec.json import Encoder
from structlog.typing import EventDict

_ENCODER: Final = Encoder(enc_hook=repr)


class StderrLogger:
    """Writes lines of one logger. `name`: for `add_logger_name`."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self.name = name

    def msg(self, line: str) -> None:
        """Write one. A stream that nobody reads any more stops nothing."""
        try:
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = msg


class StderrLoggers:
    """Makes the loggers that structlog binds to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, *names: object) -> StderrLogger:
        return StderrLogger(self._stream, str(names[0]) if names else "carquery")


def as_json(_logger: object, _method: str, line: EventDict) -> str:
    """A structlog renderer: JSON in which text stays readable. What is no JSON shows as Python does."""
    try:
        return _ENCODER.encode(line).decode()
    except (UnicodeEncodeError, TypeError):  # half of a character, in the name of a file; a key that is no text
        return json.dumps(line, default=repr, skipkeys=True)

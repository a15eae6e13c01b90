"""How many tokens a text has."""

import hashlib
import importlib
import math
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

CountTokens: TypeAlias = Callable[[str], int]

_VOCABULARY = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
_LATIN_PER_TOKEN = 4
_OTHER_PER_TOKEN = 2


def estimated(text: str) -> int:
    """A plausible count: a token is about four Latin characters, or two of Cyrillic or any other script."""
    latin = sum(character.isascii() for character in text)
    return math.ceil(latin / _LATIN_PER_TOKEN + (len(text) - latin) / _OTHER_PER_TOKEN)


def best_count() -> CountTokens:
    """Exact, if tiktoken is installed and its vocabulary lies in its cache; else the estimate.

    Without the vocabulary tiktoken would fetch it: emulators never leave the machine.
    """
    if not _vocabulary_file().is_file():
        return estimated
    try:
        tiktoken = importlib.import_module("tiktoken")
    except ImportError:
        return estimated
    encoding = tiktoken.get_encoding("o200k_base")

    def exact(text: str) -> int:
        return len(encoding.encode_ordinary(text))

    return exact


def _vocabulary_file() -> Path:
    """Where tiktoken keeps what it has fetched. Source: `tiktoken/load.py`."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            folder = Path(os.environ[variable])
            break
    else:
        folder = Path(tempfile.gettempdir()) / "data-gym-cache"
    return folder / hashlib.sha1(_VOCABULARY.encode(), usedforsecurity=False).hexdigest()

"""Files as their senders call them, as they can be kept."""

from pathlib import PurePath
from typing import Final

from carquery.domain.typed_text import clean

IMAGE_ENDINGS: Final = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "heif": "image/heif",
}
"""Pictures of cars. Not SVG, which can carry scripts, and no animations."""

LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes that are fetched (`SentFiles`)."""

LONGEST_NAME: Final = 80
"""Characters of a file's name that are kept, its ending among them."""


def ending_of(name: str) -> str:
    """In small letters, without the dot."""
    return PurePath(name).suffix[1:].casefold()


def kept_name(given: str) -> str:
    """As it can be kept: one line, no folders, not too long; a long one keeps its ending."""
    name = clean(given).replace("\\", "/").rpartition("/")[2]
    ending = PurePath(name).suffix[:LONGEST_NAME]
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending

"""What kind of picture something is: messengers don't say, or say what they like."""

from typing import Final

_SIGNS: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
)
"""By what stands there in its bytes, a picture tells its kind."""


def picture_type(content: bytes) -> str | None:
    """Such as `image/jpeg`; `None`: it is no picture that we know."""
    return next((kind for place, sign, kind in _SIGNS if content.startswith(sign, place)), None)

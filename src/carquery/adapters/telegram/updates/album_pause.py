"""An album arrives as one update for each picture, and nothing says which is the last."""

from typing import Final, NewType

AlbumPause = NewType("AlbumPause", float)
"""Seconds that an album's next picture is waited for."""
ALBUM_PAUSE: Final = AlbumPause(1.0)
"""While a picture is in hand, Telegram is asked every 0.6 s at the longest."""

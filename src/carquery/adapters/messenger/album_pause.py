"""An album may arrive as one update for each picture, and then nothing says which is the last."""

from typing import NewType

AlbumPause = NewType("AlbumPause", float)
"""Seconds that an album's next picture is waited for."""

"""What every adapter of `Markers` promises."""

from tests.contracts.databases import Database

BOT, ANOTHER = 900, 2**40
LARGEST = 2**63 - 1
"""Markers are int64."""


async def test_the_latest_marker_of_a_bot_is_kept(database: Database) -> None:
    for marker in (LARGEST, 7, 8):
        await database.markers.keep(BOT, marker)
    await database.markers.keep(ANOTHER, LARGEST)

    assert await database.markers.load(BOT) == 8
    assert await database.markers.load(ANOTHER) == LARGEST


async def test_a_bot_that_never_read_has_none(database: Database) -> None:
    assert await database.markers.load(BOT) is None

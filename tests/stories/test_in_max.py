"""The same stories in MAX: all acts, and of the conversations some of each kind. Telegram has played them all."""

import asyncio
from typing import Final

import pytest

from carquery.entrypoints.stories.in_max import StoriesInMax
from carquery.entrypoints.stories.running import play_stories
from tests.stories.world import ACTIONS, CONVERSATIONS, DEALERSHIP, DIFFERING

pytestmark = pytest.mark.xdist_group("stories")

EACH: Final = 7
"""Of so many conversations, which stand in the order of their kinds, one."""


def test_what_ends_well_in_telegram_ends_well_in_max() -> None:
    stories = (*ACTIONS.stories, *CONVERSATIONS.stories[::EACH], *DIFFERING.stories)

    lines = asyncio.run(play_stories(stories, StoriesInMax(), dealership=DEALERSHIP))

    expected = {story.id: story.about for story in DIFFERING.stories}
    found = {story.id: "; ".join(differed) for story, differed in zip(stories, lines, strict=True)}
    assert {story: differed for story, differed in found.items() if differed} == expected

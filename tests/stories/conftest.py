"""Stories, played once for all tests."""

import asyncio
from collections.abc import Mapping

import pytest

from carquery.entrypoints.stories.in_telegram import StoriesInTelegram
from carquery.entrypoints.stories.running import play_stories
from tests.stories.world import ACTIONS, CONVERSATIONS, DEALERSHIP, DIFFERING


@pytest.fixture(scope="session")
def differed() -> Mapping[str, tuple[str, ...]]:
    """By story: what differs from what it expects, as `carquery stories run` finds it."""
    stories = (*CONVERSATIONS.stories, *ACTIONS.stories, *DIFFERING.stories)
    lines = asyncio.run(play_stories(stories, StoriesInTelegram(), dealership=DEALERSHIP))
    return {story.id: differed for story, differed in zip(stories, lines, strict=True)}

"""Whole conversations, as `carquery stories run` plays them: the real bot over the emulated Telegram, all at once."""

from collections.abc import Mapping

import pytest

from carquery.entrypoints.stories.story import Story
from tests.stories.world import ACTIONS, CONVERSATIONS, DIFFERING

pytestmark = pytest.mark.xdist_group("stories")  # played once, not once in each process

NOT_YET: dict[str, str] = {}
"""What does not end as it should."""


def test_there_is_no_mistake_in_them() -> None:
    assert [*CONVERSATIONS.mistakes, *ACTIONS.mistakes, *DIFFERING.mistakes] == []


@pytest.mark.parametrize("story", [story.id for story in CONVERSATIONS.stories])
def test_a_conversation_ends_as_it_should(story: str, differed: Mapping[str, tuple[str, ...]]) -> None:
    if story in NOT_YET:
        assert differed[story], "it ends well now: strike it off NOT_YET"
    else:
        assert differed[story] == ()


@pytest.mark.parametrize("story", DIFFERING.stories, ids=lambda story: story.id)
def test_what_differs_is_found(story: Story, differed: Mapping[str, tuple[str, ...]]) -> None:
    assert "; ".join(differed[story.id]) == story.about

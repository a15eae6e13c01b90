"""The table in docs/hearing.md: how many messages and presses a request takes, from the first one to «Отправить»."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.stories.world import ACTIONS

pytestmark = pytest.mark.xdist_group("stories")

PAGE = Path(__file__).parents[2] / "docs" / "hearing.md"
ROW = re.compile(r"^\| (?P<form>[a-z]+) \| (?P<plainly>[0-9]+) \| (?P<fewest>[0-9]+)(?P<how>.*) \|$", re.MULTILINE)
OUTSIDE = re.compile(r"as the first message, .*?([0-9]+)$")


def promised() -> Iterator[tuple[str, int]]:
    """What the page says of each story of actions.yaml."""
    for row in ROW.finditer(PAGE.read_text("utf-8")):
        yield f"plainly-{row['form']}", int(row["plainly"])
        yield f"fewest-{row['form']}", int(row["fewest"])
        if outside := OUTSIDE.search(row["how"]):
            yield f"fewest-{row['form']}-outside", int(outside[1])


def test_the_page_speaks_of_every_story() -> None:
    assert dict(promised()) == {story.id: len(story.turns) for story in ACTIONS.stories}


@pytest.mark.parametrize("story", [story.id for story in ACTIONS.stories])
def test_so_many_actions_make_a_request(story: str, differed: Mapping[str, tuple[str, ...]]) -> None:
    assert differed[story] == ()

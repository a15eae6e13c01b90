"""The stories, the dealership that they are told to, and the classifier that reads what they say."""

from functools import cache
from pathlib import Path
from typing import Final

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.memory.environment import SettableClock
from carquery.adapters.rules.classifier import RulesClassifier
from carquery.entrypoints.stories.reading import StoryFiles, read_stories
from tests.builders import NOW

FOLDER: Final = Path(__file__).parents[1] / "data" / "stories"
DEALERSHIP: Final = FOLDER / "dealership.toml"


def told(*files: str) -> StoryFiles:
    """The stories of those files."""
    return read_stories(*(FOLDER / file for file in files), dealership=DealershipFile(DEALERSHIP)())


CONVERSATIONS: Final = told(
    "conversations.yaml",
    "more.yaml",
    "beside.yaml",
    "by_strangers.yaml",
    "by_more_strangers.yaml",
    "by_new_strangers.yaml",
)
ACTIONS: Final = told("actions.yaml")
DIFFERING: Final = told("differing.yaml")
"""Each expects what does not come, and `about` is what differs."""


@cache
def classifier() -> RulesClassifier:
    """One for all: it holds no state, and takes a while to make."""
    return RulesClassifier(SettableClock(NOW))

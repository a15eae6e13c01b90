"""Files of stories: a line for each mistake, which costs its own story alone."""

from pathlib import Path

import pytest
import yaml

from carquery.domain.dealership.dealership import NEUTRAL
from carquery.entrypoints.stories.reading import StoryFiles, read_stories
from carquery.entrypoints.stories.story import (
    Expected,
    FileKind,
    Press,
    Rewrite,
    Say,
    SendFile,
    SendPhotos,
    SendSticker,
    ShareContact,
    Story,
)

CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "stories" / "mistakes.yaml").read_text("utf-8"))

EVERYTHING = """
- id: everything
  about: a turn of each kind
  start: sell__avito
  turns:
    - say: 2018
    - press: Да
    - contact: true
    - photo: 3
      caption: 10:30
    - voice: true
    - video: true
    - file: dkp.pdf
    - sticker: true
    - edit: {turn: 1, say: "2019"}
  expect:
    form: none
    answers: {year: 2019, mileage: [1, 2]}
    not_in_answers: 2018
    answered: [hours, human]
    lead: false
    keeps_form_open: TRUE
"""


def read(text: str, folder: Path) -> StoryFiles:
    file = folder / "told.yaml"
    file.write_text(text, "utf-8")
    return read_stories(file, dealership=NEUTRAL)


def test_a_story_may_have_a_turn_of_each_kind(tmp_path: Path) -> None:
    found = read(EVERYTHING, tmp_path)

    assert found == StoryFiles(
        (
            Story(
                id="everything",
                about="a turn of each kind",
                start="sell__avito",
                turns=(
                    Say("2018"),
                    Press("Да"),
                    ShareContact(),
                    SendPhotos(3, "10:30"),
                    SendFile(FileKind.VOICE),
                    SendFile(FileKind.VIDEO),
                    SendFile(FileKind.FILE, "dkp.pdf"),
                    SendSticker(),
                    Rewrite(1, "2019"),
                ),
                expected=Expected(
                    form="none",
                    answers={"year": ("2019",), "mileage": ("1", "2")},
                    not_in_answers=("2018",),
                    answered=("hours", "human"),
                    lead=False,
                    keeps_form_open=True,
                ),
            ),
        ),
        (),
    )


def test_what_is_left_out_is_not_judged(tmp_path: Path) -> None:
    (story,) = read("[{id: one, turns: [say: привет]}]", tmp_path).stories

    assert story == Story(id="one", turns=(Say("привет"),), expected=Expected())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"][:60])
def test_a_mistake_is_one_line(case: dict[str, str], tmp_path: Path) -> None:
    found = read(case["file"], tmp_path)

    lines = "\n".join(str(mistake).removeprefix(f"{tmp_path}/") for mistake in found.mistakes)
    assert (found.stories, lines) == ((), case["says"].rstrip("\n"))


def test_a_mistake_costs_its_own_story_alone(tmp_path: Path) -> None:
    found = read("- {id: bad, turns: [shout: hi]}\n- {id: good, turns: [say: hi]}\n", tmp_path)

    assert [story.id for story in found.stories] == ["good"]
    assert [mistake.story for mistake in found.mistakes] == ["bad"]


def test_two_stories_have_two_names(tmp_path: Path) -> None:
    found = read("- {id: one, turns: [say: a]}\n- {id: one, turns: [say: b]}\n", tmp_path)

    assert [story.turns for story in found.stories] == [(Say("a"),)]
    assert [mistake.what for mistake in found.mistakes] == ["id «one» is taken"]


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    found = read_stories(tmp_path / "none.yaml", dealership=NEUTRAL)

    assert str(found.mistakes[0]).endswith(
        "none.yaml: can't be read: no such file or directory; expected: a file of stories"
    )


def test_nor_is_anything_but_text(tmp_path: Path) -> None:
    (tmp_path / "told.yaml").write_bytes(b"\xff\xfe\x00")

    (mistake,) = read_stories(tmp_path / "told.yaml", dealership=NEUTRAL).mistakes

    assert mistake.what == "can't be read: it is no UTF-8 text"

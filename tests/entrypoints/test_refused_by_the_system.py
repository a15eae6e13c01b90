"""Files and folders that can't be used: one line, whatever the command."""

from pathlib import Path

import pytest

from tests.entrypoints.command_line import carquery, carquery_afresh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a file that is none of ours, and a folder."""
    (tmp_path / "diary.txt").write_text("Dear diary, " * 100)
    (tmp_path / "full").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("play", "--no-browser", "--folder", "diary.txt"), "--folder: diary.txt is not a folder"),
        (("play", "--no-browser", "--folder", "diary.txt/deeper/still"), "--folder: diary.txt/deeper/still is not"),
        (("play", "--no-browser", "--folder", "/proc/carquery"), "--folder: /proc/carquery can't be made"),
        (("play", "--no-browser", "--folder", "x" * 300), "can't be made (file name too long)"),
        (("ai", "eval", "full"), "full: "),
        (("ai", "eval", "nowhere.jsonl"), "nowhere.jsonl: "),
    ],
    ids=lambda words: " ".join(words)[:60] if isinstance(words, tuple) else None,
)
def test_it_is_said_in_one_line(folder: Path, words: tuple[str, ...], says: str) -> None:
    ended = carquery(folder, *words)

    assert ended.returncode in {1, 2}
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_playground_that_is_started_afresh_says_it_too(folder: Path) -> None:
    ended = carquery_afresh(folder, "play", "--no-browser", "--folder", "diary.txt")

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("command", [("leads", "list"), ("db", "upgrade"), ("report", "ai")], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "says"),
    [("diary.txt", "no SQLite database"), ("full", "is a folder"), ("diary.txt/a.db", "")],
    ids=["a text", "a folder", "in a file"],
)
def test_a_database_that_is_none_is_said_in_one_line(
    folder: Path, command: tuple[str, ...], name: str, says: str
) -> None:
    ended = carquery(folder, *command, DATABASE_URL=f"sqlite:///{name}")

    assert ended.returncode == 1
    assert ended.stderr.startswith("DATABASE_URL: ")
    assert says in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_home_folder_is_written_as_people_write_it(folder: Path) -> None:
    ended = carquery(folder, "db", "upgrade", DATABASE_URL="sqlite:///~/cars.db", HOME=str(folder))

    assert ended.returncode == 0
    assert (folder / "cars.db").exists()

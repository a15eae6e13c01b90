"""`carquery forms words`: what it prints can stand in a dealership's file as it is."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from carquery.adapters.dealership_file.reading import read_dealership
from carquery.domain.forms.catalogue import FORMS
from carquery.entrypoints.cli import app


def words() -> str:
    ended = CliRunner().invoke(app, ["forms", "words"])
    assert ended.exit_code == 0, ended.stderr
    return ended.stdout


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_unchanged_it_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "dealership.toml"
    file.write_text(words(), "utf-8")

    assert read_dealership(file).forms == FORMS


def test_it_shows_the_words_of_the_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "dealership.toml").write_text('[forms.buy]\nbutton = "Куплю «сразу»"', "utf-8")

    assert 'button = "Куплю «сразу»"' in words()

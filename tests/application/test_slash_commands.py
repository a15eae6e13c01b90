"""Which texts are commands."""

import pytest

from carquery.application.slash_commands import SlashCommand, Slashed, read_slashed


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/menu", Slashed(SlashCommand.MENU)),
        ("/MENU", Slashed(SlashCommand.MENU)),
        ("/menu@carquery_bot", Slashed(SlashCommand.MENU)),
        ("/start sell__avito", Slashed(SlashCommand.START, "sell__avito")),
        ("/start@carquery_bot\n sell ", Slashed(SlashCommand.START, "sell")),
        ("/cancel пожалуйста", Slashed(SlashCommand.CANCEL, "пожалуйста")),
        ("/settings", Slashed(None)),
    ],
)
def test_a_command_is_read_whatever_follows_it(text: str, read: Slashed) -> None:
    assert read_slashed(text) == read


@pytest.mark.parametrize("text", ["menu", "/", "//menu", " /menu", "/меню", "/menu!", "2/3", ""])
def test_everything_else_is_an_ordinary_text(text: str) -> None:
    assert read_slashed(text) is None

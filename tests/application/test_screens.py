"""The words of screens that are put together from what there is."""

import pytest

from carquery.application.screens import SetAside, help_text
from carquery.application.slash_commands import DESCRIPTIONS, SlashCommand
from carquery.domain.attachments import TOO_LARGE
from carquery.domain.forms.catalogue import ON_THE_MENU


def test_the_help_names_every_service_on_the_menu() -> None:
    assert all(f"• {form.wish.wants}\n" in help_text(ON_THE_MENU) for form in ON_THE_MENU)


def test_the_help_names_every_command_but_the_first() -> None:
    named = [line.split()[0] for line in help_text(ON_THE_MENU).splitlines() if line.startswith("/")]

    assert named == [f"/{command}" for command in SlashCommand if command is not SlashCommand.START]


def test_every_command_is_described() -> None:
    assert list(DESCRIPTIONS) == list(SlashCommand)


@pytest.mark.parametrize(
    ("set_aside", "text"),
    [
        (SetAside(waits=True), "Присланное приложим к новой заявке: выберите, о чём она."),
        (
            SetAside(after_lead=True, waits=True),
            "Прошлая заявка уже отправлена. Присланное приложим к новой заявке: выберите, о чём она.",
        ),
        (SetAside(TOO_LARGE), f"{TOO_LARGE}."),
    ],
)
def test_what_becomes_of_files_outside_any_form_is_said_in_whole_sentences(set_aside: SetAside, text: str) -> None:
    assert set_aside.text == text

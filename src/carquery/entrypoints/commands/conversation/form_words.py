"""`carquery forms words`: the part of a dealership's file that a form's words stand in, with the words of now."""

import json
from collections.abc import Iterator

import typer

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.domain.dealership.dealership import Dealership
from carquery.domain.forms.form import Form
from carquery.domain.forms.rewording import choices_of
from carquery.entrypoints.commands.running import settings_or_exit
from carquery.entrypoints.settings.settings import Settings


def words_command() -> None:
    """Print TOML; to be copied into the file as far as it is to be changed."""
    file = DealershipFile(settings_or_exit(Settings).dealership_file)
    typer.echo("\n\n".join(written(file())))


def written(dealership: Dealership) -> Iterator[str]:
    """For each form its tables, with all their keys."""
    for form in dealership.forms.values():
        yield "\n".join(_lines(form))


def _lines(form: Form) -> Iterator[str]:
    name = f"forms.{form.service.value}"
    yield f"[{name}]"
    yield f"title = {_quoted(form.title)}"
    yield f"button = {_quoted(form.button)}"
    yield f"steps = [{', '.join(_quoted(step.name) for step in form.steps if step.optional)}]"
    yield from _table(f"{name}.prompts", {step.name: step.prompt for step in form.steps})
    yield from _table(f"{name}.examples", {step.name: step.example for step in form.steps if step.example})
    for step in form.steps:
        yield from _table(f"{name}.choices.{step.name}", {one.code: one.shown for one in choices_of(step)})


def _table(name: str, words: dict[str, str]) -> Iterator[str]:
    if words:
        yield f"\n[{name}]"
        yield from (f"{key} = {_quoted(word)}" for key, word in words.items())


def _quoted(text: str) -> str:
    """TOML's basic strings are escaped as JSON's are."""
    return json.dumps(text, ensure_ascii=False)

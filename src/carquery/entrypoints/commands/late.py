"""Groups of commands that are made when one of them is asked for; `carquery --help` only names them."""

from collections.abc import MutableMapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group


def late_group(folder: str, about: str) -> typer.Typer:
    """The group whose commands the `app` in `commands/<folder>/app.py` has."""

    @cache
    def made() -> MutableMapping[str, Any]:
        return get_group(import_module(f"carquery.entrypoints.commands.{folder}.app").app).commands

    class LateGroup(TyperGroup):
        @property
        def commands(self) -> MutableMapping[str, Any]:
            return made()

        @commands.setter
        def commands(self, known: MutableMapping[str, Any]) -> None:
            """Typer sets those that it knows: none."""

    return typer.Typer(cls=LateGroup, no_args_is_help=True, help=about)

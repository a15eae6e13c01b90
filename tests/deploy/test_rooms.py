"""The names of outside things stand in their own rooms: what knows amoCRM is amoCRM's, what knows Telegram Telegram's.

So a second CRM and a second messenger are added beside the first, and nothing else is edited for them.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

SOURCES: Final = Path(__file__).parents[2] / "src" / "carquery"
NAMED: Final = {
    "amocrm": re.compile(r"amo[ -]?crm|амо[ -]?(?:црм|срм|crm)", re.IGNORECASE),
    "telegram": re.compile(r"telegram|телеграм", re.IGNORECASE),
}
CORE: Final = ("domain/", "application/")
OF_EVERY_THING: Final = ("entrypoints/settings/", "entrypoints/providers/", "entrypoints/container.py")
"""Where the things are put together."""

ELSEWHERE: Final[Mapping[str, Mapping[str, str]]] = {
    "amocrm": {
        "entrypoints/cli.py": "adds its group of commands",
        "entrypoints/health/metrics.py": "dashboards know its metrics by that name",
        "entrypoints/playground/": "plays against its emulator",
        "entrypoints/stories/": "does without it",
    },
    "telegram": {
        "adapters/amocrm/": "a custom field of an account may hold the customer's handle in Telegram",
        "adapters/rules/data/": "words that customers write",
        "adapters/sql/migrations/": "what was stored before there were channels",
        "adapters/stored/before_channels.py": "what was stored before there were channels",
        "entrypoints/commands/leads/": "a column of exports, and an example of a customer",
        "entrypoints/commands/stories/": "a messenger to play stories in",
        "entrypoints/playground/": "plays against its emulator",
        "entrypoints/stories/": "plays against its emulator",
    },
}
"""Other places, and why. In the core there are none; this list only gets shorter."""

PORTS_OF_AMOCRM: Final = re.compile(r"from carquery\.adapters\.amocrm\.ports import .*")
"""Stores keep what amoCRM alone needs kept."""


def lines(*, below: str = "") -> Iterator[tuple[str, str]]:
    """Each line of the sources, with its file."""
    for path in sorted((SOURCES / below).rglob("*")):
        if path.suffix in {".py", ".toml", ".html", ".css", ".js", ".svg"}:
            for line in path.read_text("utf-8").splitlines():
                yield path.relative_to(SOURCES).as_posix(), PORTS_OF_AMOCRM.sub("", line)


def is_room_of(thing: str, file: str) -> bool:
    """A package or a module of that name."""
    return thing in Path(file).with_suffix("").parts


@pytest.mark.parametrize("thing", NAMED)
@pytest.mark.parametrize("ring", CORE)
def test_the_core_names_no_outside_thing(thing: str, ring: str) -> None:
    assert [line for line in lines(below=ring) if NAMED[thing].search(line[1])] == []


@pytest.mark.parametrize("thing", NAMED)
def test_a_thing_is_named_in_its_own_rooms_alone(thing: str) -> None:
    elsewhere = (*OF_EVERY_THING, *ELSEWHERE[thing])

    named = [
        (file, line.strip())
        for file, line in lines()
        if not is_room_of(thing, file) and not file.startswith(elsewhere) and NAMED[thing].search(line)
    ]

    assert named == []


@pytest.mark.parametrize("thing", NAMED)
def test_no_place_is_excused_that_does_not_name_it(thing: str) -> None:
    named = {file for file, line in lines() if NAMED[thing].search(line)}

    assert [place for place in ELSEWHERE[thing] if not any(file.startswith(place) for file in named)] == []
    assert not any(place.startswith(CORE) for place in ELSEWHERE[thing])

"""One class name means one thing within a ring: who reads it need not look which of two it is."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
RINGS: Final = {
    "domain": "src/carquery/domain",
    "application": "src/carquery/application",
    "adapters": "src/carquery/adapters",
    "entrypoints": "src/carquery/entrypoints",
    "emulators": "emulators/src",
}
MAY_BE_REPEATED: Final = {
    "adapters": {"Json": "a JSON object, in rooms that do not know one another"},
    "emulators": {
        "_Control": "each emulator's own pages",
        "Fault": "what each emulator does wrong when it is told to",
        "Faults": "those that each emulator was told of",
        "How": "in which ways each emulator can fail",
        "Entity": "amoCRM's word for what its lists hold, and Telegram's for a piece of formatted text",
        "_Parser": "of a command line, and of Telegram's HTML",
    },
}
"""The same role in sibling rooms, or each outside thing's own word."""


def defined_in(source: str) -> Iterator[str]:
    """Classes, type aliases and new types at the top of a module."""
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="NewType"))):
                yield name
            case _:
                pass


def repeated(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The names that several modules define, with the modules. `sources`: path and text of each."""
    modules = defaultdict(list)
    for path, text in sources:
        for name in defined_in(text):
            modules[name].append(path)
    return {name: found for name, found in modules.items() if len(found) > 1}


@pytest.mark.parametrize("ring", RINGS)
def test_no_name_is_two_things_in_one_ring(ring: str) -> None:
    folder = ROOT / RINGS[ring]
    found = repeated((str(file.relative_to(folder)), file.read_text("utf-8")) for file in sorted(folder.rglob("*.py")))

    assert found.keys() == MAY_BE_REPEATED.get(ring, {}).keys(), {
        name: modules for name, modules in found.items() if name not in MAY_BE_REPEATED.get(ring, {})
    }


def test_a_second_class_alias_or_new_type_of_a_name_is_found() -> None:
    found = repeated(
        [
            ("wish.py", "class Intent: ...\nReply: TypeAlias = str"),
            ("delivery.py", "class Intent: ...\nReply = NewType('Reply', str)"),
            ("other.py", "intent = Intent()"),
        ]
    )

    assert found == {"Intent": ["wish.py", "delivery.py"], "Reply": ["wish.py", "delivery.py"]}

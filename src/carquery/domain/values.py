"""`dataclass` and `replace` as the standard library has them, for values that are made many times for each input.

What is `frozen=True` is frozen for the type checker, which reads the standard library's own here, and not at run time:
there each field of a frozen value costs a call of `object.__setattr__`, so that a `Visit` took ten times as long to be
made. docs/decisions/0043-values-are-frozen-for-the-type-checker.md has the figures.
"""

import dataclasses
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, **options: bool):  # noqa: ANN201  # see above
        """As `dataclasses.dataclass`: it compares, and is hashed, by its fields."""
        if not (frozen and slots):
            return dataclasses.dataclass(frozen=frozen, slots=slots, **options)

        def made(cls: type) -> type:
            is_hashed = options.get("eq", True) and "__hash__" not in vars(cls)
            value = dataclasses.dataclass(slots=True, unsafe_hash=is_hashed, **options)(cls)
            if all(one.init for one in dataclasses.fields(value)):
                value.__replace__ = _replacing(value)
            return value

        return made

    def replace(value, /, **changes: object):  # noqa: ANN001, ANN201  # see above
        """As `dataclasses.replace`."""
        quick = getattr(value, "__replace__", None)
        return dataclasses.replace(value, **changes) if quick is None else quick(**changes)


def _replacing(cls: type) -> Any:  # noqa: ANN401  # a method that no type describes
    """Copies the fields of a value, changes some, and checks the result as its constructor does.

    Written out field by field as dataclasses writes its constructor: a loop over them takes ten times as long.
    """
    copies = "".join(f"    new.{one.name} = self.{one.name}\n" for one in dataclasses.fields(cls))
    checks = "    new.__post_init__()\n" if hasattr(cls, "__post_init__") else ""
    text = (
        "def __replace__(self, /, **changes):\n    new = make(cls)\n"
        f"{copies}    for name, value in changes.items():\n        setattr(new, name, value)\n{checks}    return new\n"
    )
    made: dict[str, Any] = {"make": object.__new__, "cls": cls}
    exec(text, made)  # noqa: S102  # of names of our own fields
    return made["__replace__"]

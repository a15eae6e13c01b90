"""Why something failed, or what was left out: a code and its facts, put into words where a person reads them."""

import json
import re
from typing import Any, Final

from carquery.domain.values import dataclass

_CODED: Final = re.compile(r"([a-z0-9_]+(?:\.[a-z0-9_]+)*) (\{.*\})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; equal reasons are the same one.

    Attributes:
        code: whose it is and which, such as `lead.erased`. Words that somebody else chose – the version before, which
            knew no codes – are a code that nobody knows, and are shown as they are.
        facts: by name, in the order in which they were given.
        parts: what it consists of, or what is behind it.
    """

    code: str
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple["Reason", ...] = ()

    @classmethod
    def read(cls, written: str) -> "Reason":
        """The reason that was written so, by this version or the one before."""
        coded = _CODED.fullmatch(written)
        if coded is not None:
            try:
                return _reason(coded[1], json.loads(coded[2]))
            except (ValueError, RecursionError):
                pass
        return cls(written)

    def __str__(self) -> str:
        """As stores keep it: one text, of which `read` makes the same reason; the version before shows it as it is."""
        body = _body(self)
        return f"{self.code} {json.dumps(body, ensure_ascii=False)}" if body else self.code


def _body(reason: Reason) -> dict[str, Any]:
    parts = [{"code": part.code, **_body(part)} for part in reason.parts]
    return dict(reason.facts) | ({"parts": parts} if parts else {})


def _reason(code: object, body: dict[str, Any]) -> Reason:
    """Raises ValueError: it is none."""
    parts = body.pop("parts", [])
    facts = tuple(body.items())
    if not isinstance(parts, list) or not all(isinstance(fact, str) for fact in (code, *body.values())):
        raise ValueError("no reason")
    return Reason(str(code), facts, tuple(_reason(part.pop("code", None), part) for part in _maps(parts)))


def _maps(parts: list[Any]) -> list[dict[str, Any]]:
    if not all(isinstance(part, dict) for part in parts):
        raise ValueError("no reasons")
    return parts

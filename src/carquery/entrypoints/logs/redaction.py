"""The last thing that happens to a line of the log: what is secret or personal goes, wherever it stands.

Keys that the program does not log on purpose lose their value; in sentences, ours and those of libraries, secrets,
phones, VINs, addresses and names are masked. Source: OWASP ASVS 5.0, V16.2.5.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, Final

from carquery.domain.masking import mask

HIDDEN: Final = "[hidden]"

SAFE_KEYS: Final = frozenset(
    {
        *("level", "logger", "timestamp", "update_id", "customer", "reference", "replica", "screen", "kind", "kinds"),
        *("faults", "method", "again_in_seconds", "seconds", "count", "claimed", "delivered", "model", "status"),
        *("outcome", "port", "check", "admin_chat", "leads", "missing", "doubled", "away_seconds", "address"),
        *("rows", "unreadable", "of", "lead", "user", "looked_at", "touched", "told", "channel", "input"),
    }
)
"""Ids, numbers and names of our own; secrets are looked for in them all the same."""

WORDY_KEYS: Final = frozenset({"event", "exception", "stack_info", "cause", "reason", "remedy"})
"""Sentences: of ours, of libraries, of other programs."""

_LONGEST: Final = 8000
_NAME_OF_OURS: Final = re.compile(r"[a-z_]+")
_NAMES_OF_SECRETS: Final = "(?:refresh_token|access_token|client_secret|api_key|password|secret|token)"
_SECRETS: Final = (
    (re.compile(r"(?<![0-9])[0-9]{6,12}:[A-Za-z0-9_-]{20,}"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 [token]"),
    (re.compile(r"\bsk-[\w-]{8,}"), "[key]"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "[token]"),
    (re.compile(rf"(?i)({_NAMES_OF_SECRETS}['\"]?\s*[=:]\s*)['\"]?[^\s'\",&}}]+['\"]?"), r"\1[secret]"),
    (re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"), "[user]"),
)
_ONE_WORD: Final = re.compile(r"\w*")
"""Each of those has a sign or a space in it."""
_MESSENGER: Final = re.compile(r"\bMAX\b")
_STOOD_IN: Final = re.compile(r"\bMAX_(?!\w)")
_QUOTED_INPUT: Final = re.compile(r"input_value=.*?(?=, input_type=|\]|$)", re.MULTILINE)
"""What pydantic quotes of what it could not read."""


def redact(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: the line without what nobody should read in a log. Exceptions are text by now."""
    for key, value in line.items():
        if key in WORDY_KEYS:
            line[key] = _each_text(value, _without_personal)
        elif key not in SAFE_KEYS:
            line[key] = HIDDEN
        elif type(value) is str:  # what most lines have most of
            line[key] = _word_without_secrets(value)
        else:
            line[key] = _each_text(value, _word_without_secrets)
    return line


def _each_text(value: object, clean: Callable[[str], str]) -> object:
    match value:
        case str():
            return clean(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {key: _each_text(part, clean) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_each_text(part, clean) for part in value]
        case _:
            return clean(str(value))


def _without_secrets(text: str) -> str:
    if _ONE_WORD.fullmatch(text):
        return text
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


_word_without_secrets: Final = lru_cache(maxsize=2048)(_without_secrets)
"""Lines repeat their words: whose logger, which screen, who."""


def _without_personal(text: str) -> str:
    if _NAME_OF_OURS.fullmatch(text):
        return text
    text = _QUOTED_INPUT.sub(f"input_value={HIDDEN}", _without_secrets(text[:_LONGEST]))
    return "\n".join(_masked(row) if _is_talkative(row) else row for row in text.split("\n"))


def _masked(row: str) -> str:
    """But for the messenger that is called like a man."""
    return _STOOD_IN.sub("MAX", mask(_MESSENGER.sub("MAX_", row)).text)


def _is_talkative(row: str) -> bool:
    """Whether a row may hold what somebody wrote; lines of code and of their places are left as they are."""
    return not row.lstrip().startswith(('File "', "^", "~"))

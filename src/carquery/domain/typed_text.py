"""Text as customers type it, made fit to keep: what can be seen stays as typed, what can't be seen goes."""

import re
import unicodedata

LONGEST_TYPED = 4096
"""Characters; what is longer was not typed by a customer. Source: Bot API, `Message.text`."""

_LINE_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_BLANK_SIGNS = dict.fromkeys((0x2800, 0x115F, 0x1160, 0x3164, 0xFFA0), " ")
"""Braille blank and Hangul fillers: a symbol and letters to Unicode, nothing to the eye."""

_MOST_MARKS = 30
"""In a row. Source: UAX #15, Stream-Safe Text Format; sorting longer rows takes NFC quadratic time."""

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are drawn (Unicode, `Prepended_Concatenation_Mark`)."""

_UNSEEN_MARKS = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f")
_NON_CHARACTERS = frozenset(range(0xFDD0, 0xFDF0))
_PLAINLY_SEEN = re.compile(r"[ -~\nа-яёА-ЯЁ«»–—…№₽]*")
"""What nearly every message consists of."""
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")
_JOINING_SCRIPTS = (
    range(0x0600, 0x10A0),  # Arabic … Myanmar
    range(0x1780, 0x18B0),  # Khmer, Mongolian
    range(0x1B00, 0x1C00),  # Balinese … Batak
    range(0xA800, 0xAC00),
    range(0xFB50, 0xFEFD),  # Arabic presentation forms
    range(0x10A00, 0x12000),
)
_HAN = (range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x40000))


def clean(typed: str, *, multiline: bool = False) -> str:
    """Return the visible text: NFC, without control characters, lone surrogates and invisible characters.

    Joiners stay inside words of scripts that need them and inside emoji. Spaces at the ends go. On one line each run
    of whitespace becomes a space; with `multiline`, line breaks become `\\n`, more than one blank line becomes one,
    and lines keep their inner spaces. Never raises; cleaning a second time changes nothing.
    """
    text = typed
    if not _PLAINLY_SEEN.fullmatch(typed):
        broken = _LINE_BREAKS.sub("\n", typed.translate(_BLANK_SIGNS)).replace("\t", " ")
        text = unicodedata.normalize("NFC", _seen(unicodedata.normalize("NFC", _seen(broken))))
    if not multiline:
        return " ".join(text.split())
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()


def is_invisible(sign: str) -> bool:
    """Whether a character is never seen, wherever it stands. Joiners and emoji's variation selectors count."""
    code = ord(sign)
    if 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF or sign in _UNSEEN_MARKS:
        return True
    if code & 0xFFFE == 0xFFFE or code in _NON_CHARACTERS or 0xFFF0 <= code <= 0xFFF8 or code == 0x2065:
        return True
    category = unicodedata.category(sign)
    return (
        (category == "Cf" and sign not in _VISIBLE_FORMATS) or category == "Cs" or (category == "Cc" and sign != "\n")
    )


def _seen(text: str) -> str:
    """Without what is not seen. Flags of regions, the one use of tag characters, are put aside and come back whole."""
    if _PLAINLY_SEEN.fullmatch(text):
        return text
    seen, done = [], 0
    for flag in _FLAG.finditer(text):
        seen += [_seen_span(text[done : flag.start()]), flag.group()]
        done = flag.end()
    return "".join((*seen, _seen_span(text[done:])))


def _seen_span(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for place, sign in enumerate(text):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks > _MOST_MARKS:
            continue
        if not is_invisible(sign) or (kept and _has_a_use(sign, kept[-1], text[place + 1 : place + 2])):
            kept.append(sign)
    return "".join(kept)


def _has_a_use(sign: str, before: str, after: str) -> bool:
    """Whether an invisible character changes how its neighbours look, as it is meant to."""
    code = ord(sign)
    if sign == _ZWJ and _is_emoji(before):
        return bool(after) and unicodedata.category(after) == "So"
    if sign in (_ZWJ, _ZWNJ):
        return _joins(before) and (unicodedata.combining(before) == _VIRAMA or (bool(after) and _joins(after)))
    if code in (0xFE0E, 0xFE0F):
        return unicodedata.category(before) in ("So", "Sm", "Po") or after == "\u20e3"
    return 0xE0100 <= code <= 0xE01EF and any(ord(before) in block for block in _HAN)


_VIRAMA = 9
"""The canonical combining class of the sign that kills a vowel; a joiner after it may end a word (Malayalam)."""


def _is_emoji(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f"


def _joins(sign: str) -> bool:
    return sign not in (_ZWJ, _ZWNJ) and any(ord(sign) in script for script in _JOINING_SCRIPTS)

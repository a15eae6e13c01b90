"""What customers want, in the words of everybody who has to know it."""

from collections.abc import Iterable
from itertools import groupby

from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants who needs a form.

    Attributes:
        wants: after «вы хотите»: «продать авто».
        offered: after «помогу», with its object last; empty: as in `wants`.
        said: how customers say it, in plain words. The built-in classifier learns from them; until it has, each word
            stands for all its forms, and any of these phrases is enough.
        gist: what a language model hears of it, in a few English words.
    """

    wants: str
    offered: str = ""
    said: tuple[str, ...] = ()
    gist: str = ""

    def __post_init__(self) -> None:
        odd = [phrase for phrase in self.said if not phrase.replace(" ", "").isalpha()]
        if odd:
            raise ValueError(f"wish «{self.wants}»: phrases are words and spaces, not {odd}")


def listed(wishes: Iterable[Wish]) -> str:
    """All of them after «помогу»; neighbours about the same thing share its name: «продать или купить автомобиль»."""
    phrases = [(wish.offered or wish.wants).partition(" ") for wish in wishes]
    by_object = groupby(phrases, key=lambda phrase: phrase[2])
    return _joined([f"{_joined([verb for verb, *_ in same], 'или')} {what}" for what, same in by_object], "и")


def _joined(parts: list[str], last: str) -> str:
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)

"""Putting reasons into words: Russian for the staff, English for the command line and the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from string import Formatter

from carquery.domain.reason import Reason


class KnownReasons(Enum):
    """The reasons that one author gives, each with what it says in Russian and in English.

    `{name}` in a sentence stands for a fact, `{parts}` for what the reason consists of; parts that a sentence does not
    place follow it. A member's name is for ever: it is stored. Whoever shows a reason that no author knows shows its
    code and facts.
    """

    def __init__(self, russian: str, english: str) -> None:
        self.russian = russian
        self.english = english

    @classmethod
    def author(cls) -> str:
        """Begins each code, so that no two authors' are alike."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        return f"{self.author()}.{self.name.lower()}"

    @property
    def facts(self) -> frozenset[str]:
        """What its sentences ask for."""
        fields = (field for words in (self.russian, self.english) for _, field, _, _ in Formatter().parse(words))
        return frozenset(field for field in fields if field) - {"parts"}

    def __call__(self, *parts: Reason, **facts: object) -> Reason:
        """This reason, of these parts and with these facts."""
        return Reason(self.code, tuple((name, str(fact)) for name, fact in facts.items()), parts)


class Wording:
    """Says the reasons of some authors."""

    def __init__(self, *authors: type[KnownReasons]) -> None:
        known = [reason for author in authors for reason in author]
        self._russian = {reason.code: reason.russian for reason in known}
        self._english = {reason.code: reason.english for reason in known}

    def russian(self, reason: Reason) -> str:
        """For the staff."""
        return self._said(reason, self._russian)

    def english(self, reason: Reason) -> str:
        """For the command line and the log."""
        return self._said(reason, self._english)

    def _said(self, reason: Reason, sentences: Mapping[str, str]) -> str:
        parts = "; ".join(self._said(part, sentences) for part in reason.parts)
        sentence = sentences.get(reason.code)
        if sentence is None:
            facts = ", ".join(f"{name}: {fact}" for name, fact in reason.facts)
            said = f"{reason.code} ({facts})" if facts else reason.code
        else:
            said = sentence.format_map(_Facts(reason.facts, parts=parts))
            if "{parts}" in sentence:
                return said
        return f"{said}; {parts}" if parts else said


class _Facts(dict[str, str]):
    """What is missing, since another version wrote the reason, is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrmInWords:
    """How people are told of the CRM.

    Attributes:
        name: what they call it.
        reasons: says why something failed in it.
        check: the command that says what is wrong with the connection to it.
        recount: the command that counts what stands in it.
        deal_page: the address of a deal's page, `{deal}` its number; empty: it has none.
    """

    name: str
    reasons: Wording
    check: str
    recount: str
    deal_page: str = ""

    def page_of(self, deal: int) -> str | None:
        """The address of that deal's page; None: it has none."""
        return self.deal_page.format(deal=deal) if self.deal_page and deal else None

"""Each reader gets their language: Russian in the staff chat, English on the command line and in the log."""

import ast
import re
from collections.abc import Iterator
from enum import unique
from pathlib import Path

import pytest

from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.memory.crm import MemoryReason
from carquery.application.leads.reasons import LeadReason
from carquery.application.wording import KnownReasons, Wording
from carquery.domain.reason import Reason
from carquery.entrypoints.providers.crm_words import REASONS

SOURCES = Path(__file__).parents[2] / "src" / "carquery"
AUTHORS: tuple[type[KnownReasons], ...] = (AmoReason, LeadReason, MemoryReason)
EVERY_REASON = [reason for author in AUTHORS for reason in author]

CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
NAMES = re.compile(
    r"\{\w+\}|carquery [\w -]+ …|[A-Z]+(?:_[A-Z]+)+|amoCRM|CarQuery|CRM|HTTP(?: \d+)?|JSON|UTC|Telegram|VIN"
    r"|responsible|\[routing\]",
    re.ASCII,
)
LATIN = re.compile(r"[a-z]{2,}", re.IGNORECASE | re.ASCII)


@unique
class ToyReason(KnownReasons):
    BUSY = "занят: {parts}", "busy: {parts}"
    STATUS = "ответил {status}", "answered {status}"

    @classmethod
    def author(cls) -> str:
        return "toy"


TOY = Wording(ToyReason)
every_reason = pytest.mark.parametrize("known", EVERY_REASON, ids=lambda known: known.code)


@every_reason
def test_the_staff_reads_russian_names_aside(known: KnownReasons) -> None:
    assert not LATIN.search(NAMES.sub("", known.russian)), known.russian


@every_reason
def test_the_command_line_reads_english(known: KnownReasons) -> None:
    assert not CYRILLIC.search(known.english), known.english


@every_reason
def test_both_languages_are_there(known: KnownReasons) -> None:
    facts = dict.fromkeys(known.facts, "1")
    reason = known(**facts)

    assert REASONS.russian(reason)
    assert REASONS.english(reason)
    assert known.code not in f"{REASONS.russian(reason)} {REASONS.english(reason)}"


def test_no_two_reasons_have_one_code() -> None:
    codes = [known.code for known in EVERY_REASON]

    assert len(set(codes)) == len(codes)


def given_reasons() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Each call of a reason in the sources: where, which, and the names of its facts."""
    authors = {author.__name__ for author in AUTHORS}
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=author), attr=name), keywords=keywords):
                    if author in authors and name.isupper():
                        facts = frozenset(keyword.arg or "" for keyword in keywords)
                        yield f"{path.relative_to(SOURCES)}:{node.lineno}", f"{author}.{name}", facts
                case _:
                    continue


def test_whoever_gives_a_reason_gives_the_facts_that_its_words_ask_for() -> None:
    known = {f"{author.__name__}.{reason.name}": reason for author in AUTHORS for reason in author}

    wrong = [(place, name, facts) for place, name, facts in given_reasons() if facts != known[name].facts]

    assert wrong == []


def test_parts_are_said_where_the_sentence_has_them_or_behind_it() -> None:
    status = ToyReason.STATUS(status=503)

    assert TOY.russian(ToyReason.BUSY(status)) == "занят: ответил 503"
    assert TOY.english(ToyReason.STATUS(Reason("more"), status=503)) == "answered 503; more"


def test_a_reason_that_nobody_knows_is_shown_as_it_is() -> None:
    """Of the version before, of a later one, of a CRM that was taken out."""
    assert TOY.russian(Reason("amoCRM не ответила за 10 с")) == "amoCRM не ответила за 10 с"
    assert TOY.english(Reason("later.gone", (("status", "410"),), (ToyReason.STATUS(status=410),))) == (
        "later.gone (status: 410); answered 410"
    )


def test_a_fact_that_another_version_did_not_write_is_left_open() -> None:
    assert TOY.english(Reason("toy.status")) == "answered …"


def test_braces_in_facts_are_no_places() -> None:
    assert TOY.english(ToyReason.STATUS(status="{parts} {0}")) == "answered {parts} {0}"

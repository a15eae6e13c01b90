"""Files of stories: YAML, read into stories, and a line for each mistake. A mistake costs its own story alone."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from carquery.domain.dealership.dealership import Dealership
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.source import read_deep_link
from carquery.entrypoints.stories.story import (
    HUMAN,
    NONE,
    Expected,
    FileKind,
    Press,
    Rewrite,
    Say,
    SendFile,
    SendPhotos,
    SendSticker,
    ShareContact,
    Story,
    Turn,
)

KEYS: Final = ("id", "about", "start", "turns", "expect")
TURNS: Final = ("say", "press", "contact", "photo", "voice", "video", "file", "sticker", "edit")
TAKE_CAPTIONS: Final = ("photo", "voice", "video", "file")
EXPECTED: Final = ("form", "answers", "not_in_answers", "answered", "lead", "keeps_form_open")
FORMS_BY_NAME: Final = (*(service.value for service in FORMS), NONE)
STEPS: Final = tuple(dict.fromkeys(step.name for form in FORMS.values() for step in form.steps))
MOST_PHOTOS: Final = 30
A_STORY: Final = "- id: a-name, turns: [say: …], expect: {…}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that is wrong in a file.

    Attributes:
        where: file and line.
        story: its id; empty: of none, or it has none.
        expected: what would be right.
    """

    where: str
    story: str
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{': '.join(filter(None, (self.where, self.story, self.what)))}; expected: {self.expected}"


@dataclass(frozen=True, slots=True)
class StoryFiles:
    """What stands in them: stories that can be played, and all mistakes."""

    stories: tuple[Story, ...]
    mistakes: tuple[Mistake, ...]


def read_stories(*files: Path, dealership: Dealership) -> StoryFiles:
    """The stories of files, in order. `dealership`: whose topics may be asked about."""
    stories: dict[str, Story] = {}
    mistakes: list[Mistake] = []
    for file in files:
        reader = _Reader(str(file), dealership, mistakes)
        for node in _entries(file, reader):
            story = reader.story(node)
            if story is not None and story.id in stories:
                reader.wrong(node, f"id «{story.id}» is taken", "another name", story=story.id)
            elif story is not None:
                stories[story.id] = story
    return StoryFiles(tuple(stories.values()), tuple(mistakes))


def _entries(file: Path, reader: "_Reader") -> list[Node]:
    try:
        # Scalars stay as they were written: no number is made of «10:30», and no «yes» of true.
        root = yaml.compose(file.read_text("utf-8-sig"), Loader=yaml.BaseLoader)
    except OSError as error:
        reader.wrong(None, f"can't be read: {(error.strerror or 'it fails').lower()}", "a file of stories")
        return []
    except UnicodeDecodeError:
        reader.wrong(None, "can't be read: it is no UTF-8 text", "a file of stories")
        return []
    except yaml.MarkedYAMLError as error:
        what = f"is no YAML: {error.problem or error.context or 'it fails'}"
        reader.wrong(error.problem_mark, what, "a list of stories")
        return []
    except yaml.YAMLError as error:
        reader.wrong(None, f"is no YAML: {str(error).splitlines()[0]}", "a list of stories")
        return []
    if isinstance(root, SequenceNode) and root.value:
        return list(root.value)
    reader.wrong(root, "no stories", f"a list: {A_STORY}")
    return []


class _Wrong(Exception):
    """This part of the story can't be read; the mistake is noted."""


@dataclass(slots=True)
class _Reader:
    """Reads one file's stories."""

    file: str
    dealership: Dealership
    mistakes: list[Mistake]
    at: str = field(default="", init=False)

    def wrong(self, at: Node | yaml.Mark | None, what: str, expected: str, *, story: str = "") -> None:
        """Note a mistake. `at`: None: of the file as a whole."""
        mark = at.start_mark if isinstance(at, Node) else at
        line = "" if mark is None else f":{mark.line + 1}"
        self.mistakes.append(Mistake(f"{self.file}{line}", story or self.at, what, expected))

    def story(self, node: Node) -> Story | None:
        """The story of an entry; `None`: there are mistakes in it."""
        before, self.at, story = len(self.mistakes), "", None
        with suppress(_Wrong):
            story = self._story(node)
        self.at = ""
        return story if len(self.mistakes) == before else None

    def _story(self, node: Node) -> Story:
        parts = self._mapping(node, KEYS, of="story", example=A_STORY)
        if "id" not in parts:
            raise self._refused(node, "no id", "id: a-name")
        self.at = self._text(parts["id"], "id", "a-name")
        if "turns" not in parts:
            raise self._refused(node, "no turns", "turns: [say: …]")
        return Story(
            id=self.at,
            about=self._text(parts["about"], "about") if "about" in parts else "",
            start=self._start(parts["start"]) if "start" in parts else "",
            turns=self._turns(parts["turns"]),
            expected=self._expected(parts["expect"]) if "expect" in parts else Expected(),
        )

    def _start(self, node: Node) -> str:
        payload = self._text(node, "start", "sell__avito")
        link = read_deep_link(payload)
        if payload and link.service is None and link.source is None:
            raise self._refused(node, f"start: «{payload}» is no payload of a deep link", "up to 64 of A-Z a-z 0-9 _ -")
        return payload

    # Turns

    def _turns(self, node: Node) -> tuple[Turn, ...]:
        turns: list[Turn] = []
        for place, turn in enumerate(self._list(node, "turns"), start=1):
            try:
                turns.append(self._turn(turn, place, turns))
            except _Wrong:
                turns.append(Say(""))  # it keeps its number; the story is not played
        if not turns:
            raise self._refused(node, "no turns", "turns: [say: …]")
        return tuple(turns)

    def _turn(self, node: Node, place: int, before: list[Turn]) -> Turn:
        at = f"turn {place}"
        parts = self._mapping(node, (*TURNS, "caption"), of=at, example="say: «…»")
        kinds = [kind for kind in parts if kind != "caption"]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "nothing"
            raise self._refused(node, f"{at}: {found} at once" if kinds else f"{at}: nothing happens", "one of a kind")
        (kind,) = kinds
        if "caption" in parts and kind not in TAKE_CAPTIONS:
            raise self._refused(parts["caption"], f"{at}: {kind} has no caption", f"with {', '.join(TAKE_CAPTIONS)}")
        caption = self._text(parts["caption"], f"{at}: caption") if "caption" in parts else ""
        return self._act(kind, parts[kind], caption, at, before)

    def _act(self, kind: str, node: Node, caption: str, at: str, before: list[Turn]) -> Turn:
        match kind:
            case "say":
                return Say(self._some(node, f"{at}: say", "say: «…»"))
            case "press":
                return Press(self._some(node, f"{at}: press", "press: a button's label"))
            case "photo":
                return SendPhotos(self._count(node, f"{at}: photo"), caption)
            case "file":
                return SendFile(FileKind.FILE, self._some(node, f"{at}: file", "file: договор.pdf"), caption)
            case "edit":
                return self._edit(node, at, before)
            case _:
                if not self._flag(node, f"{at}: {kind}"):
                    raise self._refused(node, f"{at}: {kind}: false", f"{kind}: true")
                if kind == "contact":
                    return ShareContact()
                return SendSticker() if kind == "sticker" else SendFile(FileKind(kind), caption=caption)

    def _edit(self, node: Node, at: str, before: list[Turn]) -> Turn:
        example = "edit: {turn: 1, say: «…»}"
        parts = self._mapping(node, ("turn", "say"), of=f"{at}: edit", example=example)
        if set(parts) != {"turn", "say"}:
            raise self._refused(node, f"{at}: edit needs turn and say", example)
        edited = self._number(parts["turn"], f"{at}: edit: turn")
        if not (0 < edited <= len(before) and isinstance(before[edited - 1], Say)):
            raise self._refused(parts["turn"], f"{at}: turn {edited} is no message before it", "a turn with say")
        return Rewrite(edited, self._some(parts["say"], f"{at}: edit: say", "say: «…»"))

    # What is expected

    def _expected(self, node: Node) -> Expected:
        parts = self._mapping(node, EXPECTED, of="expect", example="expect: {form: sell, lead: true}")
        read: dict[str, Any] = {}
        for key, part in parts.items():
            with suppress(_Wrong):
                read[key] = self._expectation(key, part)
        return Expected(**read)

    def _expectation(self, key: str, node: Node) -> object:
        """As the attribute of that name has it."""
        match key:
            case "form":
                form = self._text(node, "expect: form")
                form = NONE if form in _NULL else form
                self._known(node, form, FORMS_BY_NAME, "expect: form")
                return form
            case "answers":
                return self._answers(node)
            case "not_in_answers":
                return tuple(self._text(text, "expect: not_in_answers") for text in self._list(node, "not_in_answers"))
            case "answered":
                topics = tuple(self._text(topic, "expect: answered") for topic in self._list(node, "answered"))
                for topic in topics:
                    self._known(node, topic, (HUMAN, *self.dealership.topics), "expect: answered")
                return topics
            case _:
                return self._flag(node, f"expect: {key}")

    def _answers(self, node: Node) -> Mapping[str, tuple[str, ...]]:
        answers: dict[str, tuple[str, ...]] = {}
        for step, answer in self._mapping(node, STEPS, of="expect: answers", example="answers: {year: 2018}").items():
            texts = answer.value if isinstance(answer, SequenceNode) else [answer]
            answers[step] = tuple(self._text(text, f"expect: answers: {step}") for text in texts)
        return answers

    def _known(self, node: Node, name: str, known: tuple[str, ...], at: str) -> None:
        if name not in known:
            raise self._refused(node, f"{at}: there is no «{name}»", _nearest(name, known))

    # Nodes

    def _mapping(self, node: Node, known: tuple[str, ...], *, of: str, example: str) -> Mapping[str, Node]:
        if not isinstance(node, MappingNode):
            raise self._refused(node, f"{of}: no keys", example)
        parts: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "…"
            if name not in known:
                self.wrong(key, f"{of}: there is no «{name}»", _nearest(name, known))
            elif name in parts:
                self.wrong(key, f"{of}: «{name}» stands there twice", "once")
            parts[name] = value
        read = {name: value for name, value in parts.items() if name in known}
        if parts and not read:
            raise _Wrong  # that is said
        return read

    def _list(self, node: Node, of: str) -> list[Node]:
        if isinstance(node, SequenceNode):
            return list(node.value)
        if isinstance(node, ScalarNode):
            return [node] if node.value else []
        raise self._refused(node, f"{of}: no list", f"{of}: […]")

    def _text(self, node: Node, of: str, example: str = "a text") -> str:
        if not isinstance(node, ScalarNode):
            raise self._refused(node, f"{of}: no text", example)
        return str(node.value)

    def _some(self, node: Node, of: str, example: str) -> str:
        text = self._text(node, of, example)
        if not text.strip():
            raise self._refused(node, f"{of}: empty", example)
        return text

    def _flag(self, node: Node, of: str) -> bool:
        said = self._text(node, of, "true or false").lower()
        if said not in {"true", "false"}:
            raise self._refused(node, f"{of}: «{said}»", "true or false")
        return said == "true"

    def _number(self, node: Node, of: str) -> int:
        said = self._text(node, of, "a number")
        if not (said.isascii() and said.isdecimal() and len(said) < _DIGITS):
            raise self._refused(node, f"{of}: «{said}» is no number", "a number")
        return int(said)

    def _count(self, node: Node, of: str) -> int:
        count = self._number(node, of)
        if not 0 < count <= MOST_PHOTOS:
            raise self._refused(node, f"{of}: {count}", f"1 … {MOST_PHOTOS}")
        return count

    def _refused(self, node: Node, what: str, expected: str) -> _Wrong:
        self.wrong(node, what, expected)
        return _Wrong()


_DIGITS: Final = 6
_NULL: Final = ("", "~", "null")
"""Source: YAML 1.2, core schema."""


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"{near[0]}?" if near else f"one of {', '.join(known)}"

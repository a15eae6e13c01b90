"""What a text in a form was heard to be."""

from dataclasses import field
from typing import TypeAlias

from carquery.domain.dialog import Dialog
from carquery.domain.forms.form import Service
from carquery.domain.typed_commands import Command
from carquery.domain.understanding import NOTHING_STATED, Entities
from carquery.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """Answers, perhaps several, or a correction; `dialog` is the next one, and its remark says what was noted.

    Attributes:
        asks: the topic of a question that was put beside them; empty: none was.
        question: its words.
    """

    dialog: Dialog
    asks: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """No answer to what is asked, and nothing else that is understood.

    Attributes:
        hint: what is expected, in a sentence.
        aside: words that answer nothing, but are worth keeping.
    """

    hint: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Commands:
    """It does what a button does."""

    command: Command


@dataclass(frozen=True, slots=True)
class Sends:
    """At the summary: it may go. `said`: what the manager is to know besides."""

    said: str = ""


@dataclass(frozen=True, slots=True)
class WantsChange:
    """Something given is wrong, and it is not said what."""


@dataclass(frozen=True, slots=True)
class AsksUs:
    """A question to the dealership, on that topic. `others`: of more questions in the same text, at most two."""

    topic: str
    others: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        return self.topic, *self.others


@dataclass(frozen=True, slots=True)
class WantsPerson:
    """A person is wanted. `is_upset`: that is a complaint or an insult."""

    is_upset: bool = False


@dataclass(frozen=True, slots=True)
class WantsForm:
    """Another service is wanted than the form is for. `mentioned`: what the whole text states."""

    service: Service
    mentioned: Entities = field(default=NOTHING_STATED, compare=False)


@dataclass(frozen=True, slots=True)
class Courtesy:
    """A greeting, thanks, a smile, or a word to go on: it costs nothing, and the question stands."""


Heard: TypeAlias = Taken | NotTaken | Commands | Sends | WantsChange | AsksUs | WantsPerson | WantsForm | Courtesy

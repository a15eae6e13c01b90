"""What is written where the summary stands: the word to send, to wait or to change something, and what is added."""

from typing import Final

from carquery.domain.hearing.choices import refuses_a_choice
from carquery.domain.hearing.corrections import correction, relabelled, renamed, renumbered
from carquery.domain.hearing.heard import AsksUs, Commands, Courtesy, Heard, Sends, Taken, WantsChange
from carquery.domain.hearing.message import Message, is_remark
from carquery.domain.hearing.phrase import Phrase
from carquery.domain.hearing.sending import holds_back, sends, sends_with
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT
from carquery.domain.typed_commands import read_yes_or_no


def at_summary(message: Message) -> Heard | None:
    """A word to send it, to change something, or to wait; `None`: it says something else, or no summary stands."""
    if not message.dialog.is_at_summary:
        return None
    phrase = message.phrase
    if holds_back(phrase):
        return _held_back(message)
    if read_yes_or_no(message.typed) is True or sends(phrase):
        return Courtesy() if phrase.asks else Sends()
    if read_yes_or_no(message.typed) is False:
        return WantsChange()
    return None


def _held_back(message: Message) -> Heard:
    """«Не отправляйте, год 2019»: what is wrong may be said with it."""
    rest = ", ".join(part for part in message.parts if not holds_back(Phrase.of(part)))
    beside = Message(message.dialog, rest, message.interpreter)
    return correction(beside) or relabelled(beside) or Courtesy()


_MORE_THAN_A_WORD: Final = 2


def added(message: Message) -> Heard | None:
    """At the summary, whatever says something of its own is kept for the manager."""
    if (said := sends_with(message.typed)) is not None:
        beside = Message(message.dialog, said, message.interpreter)
        talk = beside.talk(least=LIKELIER_THAN_NOT)
        if isinstance(talk, Courtesy):
            return Sends()
        if (talk is None or is_remark(beside, talk)) and relabelled(beside) is None and renamed(beside) is None:
            return Sends(said)
    heard = renamed(message) or renumbered(message) or relabelled(message) or message.talk(least=LIKELIER_THAN_NOT)
    is_told = is_remark(message, heard) or (isinstance(heard, Commands) and refuses_a_choice(message))
    if (heard is not None and not is_told) or len(message.phrase.words) < _MORE_THAN_A_WORD:
        return heard
    return Taken(message.dialog.say_aside(message.typed), heard.topic if isinstance(heard, AsksUs) else "")

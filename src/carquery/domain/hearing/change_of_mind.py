"""A change of mind within the form: «передумал, полный», «не, давайте 2019», «отмена, до двух миллионов».

Words for leaving with an answer behind them leave nothing.
"""

import re
from collections.abc import Iterator
from typing import Final

from carquery.domain.answers import Option, Value
from carquery.domain.attachments import told
from carquery.domain.dialog import Dialog
from carquery.domain.hearing.choices import option_in
from carquery.domain.hearing.heard import Taken, WantsForm
from carquery.domain.hearing.leaving import AROUND_LEAVING, LEAVES
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.phrase import word_set
from carquery.domain.hearing.several import noted, put_right, says_only, the_only_year, values_in
from carquery.domain.hearing.talk import SURE
from carquery.domain.hearing.undecided import is_undecided
from carquery.domain.meaning import Meaning
from carquery.domain.typed_text import clean

_DENIES: Final = r"(?:нет|неа|не-не|лучше|хотя|все-таки|не(?=\s*[,.!–—]|\s+(?:давай|лучше)))(?!\w)"
_SOFTENS: Final = word_set("давай давайте пусть будет запишите поставьте нужен нужна нужно хочу тогда уже мне я")
_NEXT: Final = re.compile(
    rf"\W*+(?:(?P<turns>{LEAVES.pattern}|{_DENIES})"
    rf"|(?:{'|'.join(sorted((AROUND_LEAVING | _SOFTENS) - {'не'}))})(?!\w))\W*+"
)


def change_of_mind(message: Message) -> Taken | WantsForm | None:
    """What stands behind words for leaving, or behind a «не»: the dialog with an answer to what is asked or to other
    questions, or a wish for another form; `None`: no such words come first, or more is said, or nothing new."""
    rest = what_follows(message.typed)
    if not rest or message.phrase.asks:
        return None
    dialog, behind = message.dialog, Message(message.dialog, rest, message.interpreter)
    if isinstance(wish := behind.talk(least=SURE), WantsForm):
        return wish
    said = _answer(behind) or _values(behind)
    new = {name: value for name, value in said.items() if dialog.answers.get(name) != value}
    return Taken(dialog.take(new, remark=_remark(dialog, new))) if new else None


def what_follows(typed: str) -> str:
    """What stands behind words for leaving, or behind a «не»; empty: nothing does, or they don't come first."""
    text = clean(typed)
    folded, place, turns = text.lower().replace("ё", "е"), 0, False
    while place < len(text) and (found := _NEXT.match(folded, place)) is not None:
        turns = turns or found["turns"] is not None
        place = found.end()
    return text[place:] if turns and _DENIES_THE_REST.search(folded[:place]) is None else ""


_DENIES_THE_REST: Final = re.compile(r"\bне\b(?:(?!\b(?:давай|лучше|пусть|запиш|постав))[^,.;:!?–—])*\s$")
"""«Не надо механику», in one breath."""


def _answer(message: Message) -> dict[str, Value]:
    """What the step that is asked takes the whole of it for."""
    dialog, step = message.dialog, message.dialog.step
    if step is None or step.takes_any_words or dialog.asks_consent or step.means is Meaning.PHOTOS:
        return {}
    if step.for_undecided is not None and is_undecided(message.phrase, asks_price=step.means is Meaning.PRICE):
        return {step.name: step.for_undecided}
    value = step.read(message.typed, on=dialog.opened_on)
    says_more = step.says_more is not None and step.says_more(message.typed)
    return {} if value is None or says_more else {step.name: value}


def _values(message: Message) -> dict[str, Value]:
    """What it says of any step, if it says nothing else."""
    form, answered = message.dialog.form, message.dialog.answers
    mentioned = message.mentioned
    said = values_in(form, mentioned, message.phrase, answered=answered, on=message.dialog.opened_on)
    said |= dict(_chosen(message))
    year = form.step_for(Meaning.YEAR)
    if not said and year is not None:
        said = the_only_year(year, message)
    return said if says_only(message.phrase, said, form) else {}


def _chosen(message: Message) -> Iterator[tuple[str, Option]]:
    """The ready answers that it names, of whichever step: «для города», «полный»."""
    on = message.dialog.opened_on
    for step in message.dialog.form.steps:
        option = option_in(step, message.phrase, on=on) if step.means is None else None
        if option is not None:
            yield step.name, option


def _remark(dialog: Dialog, new: dict[str, Value]) -> str:
    """What the step that is asked gets needs no word."""
    again = {name: value for name, value in new.items() if name in dialog.answers and name != dialog.at}
    others = {name: value for name, value in new.items() if name not in again}
    return told(put_right(dialog, again), noted(dialog, others) if others.keys() - {dialog.at} else "")

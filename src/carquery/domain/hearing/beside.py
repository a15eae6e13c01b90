"""What an answer carries with it: that what is known may stand, and a question beside it."""

from carquery.domain.hearing.asked import asks_a_price_or_wishes, asks_for_a_sum, clauses_of
from carquery.domain.hearing.heard import AsksUs, Heard, Taken
from carquery.domain.hearing.message import Message
from carquery.domain.hearing.several import values_in
from carquery.domain.hearing.talk import LIKELIER_THAN_NOT
from carquery.domain.meaning import Meaning
from carquery.domain.values import replace


def with_known(message: Message, heard: Heard) -> Heard:
    """Who answers a later question lets stand what is known for those before it."""
    dialog = message.dialog
    if not isinstance(heard, Taken) or heard.dialog.readings or heard.dialog.at != dialog.at:
        return heard
    after, new = heard.dialog, heard.dialog.answers.keys() - dialog.answers.keys()
    last = max((dialog.form.number(name) for name in new), default=0)
    while (step := after.step) is not None and after.known is not None and dialog.form.number(step.name) < last:
        if step.personal or step.means is Meaning.PHOTOS:
            break
        after = after.keep()
    return replace(heard, dialog=replace(after, remark=heard.dialog.remark, revision=heard.dialog.revision))


def with_question(message: Message, heard: Heard) -> Heard:
    """«2018, а вы где находитесь?»: an answer, and a question beside it."""
    step = message.dialog.step
    if not isinstance(heard, Taken) or heard.dialog.readings or not message.phrase.asks:
        return heard
    if step is None or step.takes_any_words:
        return heard
    for part in clauses_of(message.typed):
        said = Message(message.dialog, part, message.interpreter)
        asked = said.talk(least=LIKELIER_THAN_NOT) if said.phrase.is_question and "?" in part else None
        if isinstance(asked, AsksUs) and not _belongs_to_the_form(said, heard):
            return replace(heard, asks=asked.topic, question=part)
    return heard


def _belongs_to_the_form(asked: Message, heard: Taken) -> bool:
    """«Автомат есть?» that was taken for the answer; «за сколько возьмёте?» where a price is asked for anyway."""
    form = heard.dialog.form
    named = values_in(form, asked.mentioned, asked.told, on=heard.dialog.opened_on)
    is_answer = any(heard.dialog.answers.get(step) == value for step, value in named.items())
    return is_answer or (asks_for_a_sum(form) and asks_a_price_or_wishes(asked.understood))

"""What is no answer but talk: a question to us, a wish for a person or another service, giving up, a greeting."""

from typing import Final

from carquery.domain.forms.form import Service
from carquery.domain.hearing.heard import AsksUs, Commands, Courtesy, Heard, WantsForm, WantsPerson
from carquery.domain.typed_commands import Command
from carquery.domain.understanding import OTHER, Intent, Understanding

SURE: Final = 0.8
"""From this probability on, what could be an answer is talk."""
LIKELIER_THAN_NOT: Final = 0.5
"""From this one on, what is no answer is."""
SURE_TO_LEAVE: Final = 0.65
"""Whether to leave is asked first."""
TRADE_IN: Final = "tradein"
PERSON: Final = frozenset({"human"})
UPSET: Final = frozenset({"complaint", "insult"})
STATUS: Final = "status"
CANCELS: Final = frozenset({"cancel"})
CORRECTS: Final = frozenset({"correction"})
SMALL_TALK: Final = frozenset({"smalltalk"})
COURTESIES: Final = frozenset({"greeting", "thanks", "bye"}) | SMALL_TALK
NO_TALK: Final = frozenset({"answer", "gibberish", "offtopic", "wrong_number", "spam", "injection"})
"""An answer, or nothing that anybody here could answer."""
SOMETHING: Final = "something"
"""What a question is about of which nobody here can say it."""
_PERHAPS_ASKED: Final = 0.1
_NO_QUESTION: Final = PERSON | UPSET | CANCELS | CORRECTS | COURTESIES | NO_TALK


def topic_of(understood: Understanding) -> tuple[str, float]:
    """What a message that wants no form is most likely about, and how likely that is; ``""``: nothing is said of it."""
    topics = understood.topics
    if not topics:
        return "", 0.0
    topic = max(topics, key=lambda name: topics[name])
    return topic, topics[topic] * wants(understood, OTHER)


def about(understood: Understanding, topics: frozenset[str]) -> float:
    """How likely it is about one of these."""
    return sum(share for topic, share in understood.topics.items() if topic in topics) * wants(understood, OTHER)


def asks_us(understood: Understanding, *, of: Service | None = None) -> tuple[str, float]:
    """The likeliest topic that people ask a dealership about, and how likely it is a question of that kind at all.

    Args:
        of: who fills in that form wants what it is for anyway: «а подбор сколько стоит?» is a question all the same.
    """
    asked = {topic: share for topic, share in understood.topics.items() if topic not in _NO_QUESTION}
    if not asked:
        return "", 0.0
    no_other_form = wants(understood, OTHER) + (wants(understood, of) if of is not None else 0.0)
    return max(asked, key=lambda topic: asked[topic]), sum(asked.values()) * no_other_form


def wants(understood: Understanding, intent: Intent) -> float:
    """How likely it wants that."""
    if understood.likely:
        return understood.likely.get(intent, 0.0)
    return understood.confidence if understood.intent is intent else 0.0


def likeliest_wish(understood: Understanding) -> tuple[Service | None, float]:
    """The service that is wanted most likely, and how likely that is."""
    wishes = {service: wants(understood, service) for service in Service}
    service = max(wishes, key=lambda wish: wishes[wish])
    return (service, wishes[service]) if wishes[service] > 0 else (None, 0.0)


def talk(
    understood: Understanding, service: Service, *, least: float, asks: bool = False, is_a_word: bool = False
) -> Heard | None:
    """What a text in a form for that service is, if it is talk with at least that probability.

    Args:
        is_a_word: it is a single one, by which only what is nearly certain is taken for a wish.
        asks: it is put as a question, and none whether to do what the form is for: «вы комиссию берёте?» of who sells.
            Who asks, while buying, about a car of their own, asks about trading it in.
    """
    topic, asking = asks_us(understood)
    if asks and asking >= _PERHAPS_ASKED:
        asking /= 1 - wants(understood, service)
    kinds: list[tuple[float, Heard]] = [
        (about(understood, PERSON), WantsPerson()),
        (about(understood, UPSET), WantsPerson(is_upset=True)),
        (asking, AsksUs(topic)),
    ]
    if understood.mentioned.stated.keys() <= {"name"}:
        # Small talk is told what the step can take: «вот мои фото», and no photo.
        kinds.append((about(understood, COURTESIES - SMALL_TALK), Courtesy()))
    wish, wishing = likeliest_wish(understood)
    if wish is not None and wish is not service and (wishing >= SURE or not is_a_word):
        is_trade_in = asks and wish is Service.SELL and service in (Service.BUY, Service.FIND)
        kinds.append((wishing, AsksUs(TRADE_IN) if is_trade_in else WantsForm(wish)))
    if (gives_up := about(understood, CANCELS)) >= max(least, SURE_TO_LEAVE):
        kinds.append((gives_up, Commands(Command.CANCEL)))
    likely, kind = max(kinds, key=lambda rated: rated[0])
    return kind if likely >= least else None

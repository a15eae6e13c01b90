"""The built-in classifier: a learned model for what is wanted, dictionaries and a grammar for what is stated."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from carquery.adapters.rules.cars import Mention
from carquery.adapters.rules.intent_model import IntentModel
from carquery.adapters.rules.learned.shipped import WEIGHTS, read_weights
from carquery.adapters.rules.message import PlainMessage, plain
from carquery.adapters.rules.sides import Side
from carquery.adapters.rules.sums import Stated, stated_in
from carquery.adapters.rules.surroundings import Surroundings
from carquery.adapters.rules.wanted_car import wanted_car
from carquery.application.ports.classifier import Classified
from carquery.application.ports.dealership import ToldOfDealership, nothing_told
from carquery.application.ports.environment import Clock
from carquery.domain.car import latest_year
from carquery.domain.forms.form import Service
from carquery.domain.masking import MASKED_AT_MOST
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import moscow_day
from carquery.domain.personal.piece import Personal, PersonalKind
from carquery.domain.understanding import OTHER, Entities, Intent, Understanding, asks_for
from carquery.domain.values import replace

ANSWER: Final = "answer"
"""The topic of a message that only answers: what it states is all that it says."""

_SIDES: Final[Mapping[Intent, Side]] = MappingProxyType(
    {
        Service.SELL: Side.SELLER,
        Service.BUY: Side.BUYER,
        Service.FIND: Side.CHOOSER,
        Service.CHECK: Side.CHECKER,
    }
)

_ABOUT_ONE_CAR: Final = frozenset({Service.SELL, Service.BUY})
"""A year is its year, though we don't know the car."""


_READ_AT_MOST: Final = 2_000
"""Characters: of a long letter the model reads the beginning, and the grammar what it states further on as well."""


class RulesClassifier:
    """Understands a message in well under two milliseconds (`python -m benchmarks`).

    The weights are read when the first message is; until then they take no memory. The examples of the dealership's
    questions count from the next message on after it tells them.
    """

    name: Final = "rules"

    def __init__(self, clock: Clock, weights: Path = WEIGHTS, told: ToldOfDealership = nothing_told) -> None:
        self._clock = clock
        self._weights = weights
        self._told = told

    def dearest(self, message: str) -> Decimal:
        return Decimal(0)

    async def classify(self, message: str) -> Classified:
        return Classified(self.understand(message))

    def understand(self, message: str) -> Understanding:
        """The same, at once. Raises UnreadableWeights: at the first message, if there is nothing to understand by."""
        read, around = _read(message, self._latest_year)
        judgement = self._model.judge(read, self._told().faq)
        intent, confidence = next(iter(judgement.intents.items()))
        if len(message) > MASKED_AT_MOST:
            read, around = _read(message, self._latest_year, at_most=_READ_AT_MOST)
        mentioned = _mentioned(read, around)
        entities = _own_data(read.personal)
        if intent is not OTHER:
            entities = _wanted(read, _stated(read, around, intent), intent)
        elif next(iter(judgement.topics), None) == ANSWER:
            entities = replace(mentioned, price=None, budget=None)
        return Understanding(
            intent,
            min(confidence, 1.0),
            entities,
            mentioned=mentioned,
            likely=judgement.intents,
            topics=judgement.topics,
        )

    def mentions(self, message: str) -> Entities:
        """As `Interpreter` promises: the model is not asked."""
        return _mentioned(*_read(message, self._latest_year))

    @cached_property
    def _model(self) -> IntentModel:
        return IntentModel(read_weights(self._weights))

    @property
    def _latest_year(self) -> int:
        return latest_year(moscow_day(self._clock.now()))


@lru_cache(maxsize=8)  # who is asked what a text mentions may be asked next what it wants
def _read(message: str, newest: int, *, at_most: int = MASKED_AT_MOST) -> tuple[PlainMessage, Surroundings]:
    read = plain(message, at_most=at_most)
    return read, Surroundings.of(read, latest_year=newest)


def _stated(message: PlainMessage, around: Surroundings, intent: Intent) -> Stated:
    is_about_one = bool(message.mentions) or intent in _ABOUT_ONE_CAR
    return stated_in(around, _SIDES.get(intent, Side.NEITHER), has_car=is_about_one)


def _wanted(message: PlainMessage, stated: Stated, intent: Intent) -> Entities:
    """What belongs to the wish."""
    car, strangers = wanted_car(message.tokens, message.mentions, intent)
    is_strangers = stated.year_at is not None and _belongs_to(stated.year_at, message.mentions, strangers)
    return replace(
        _own_data(message.personal),
        brand=None if car is None else car.brand,
        model=None if car is None else car.model,
        year=None if is_strangers else stated.year,
        mileage=stated.mileage,
        price=stated.price if asks_for(intent, Meaning.PRICE) else None,
        budget=stated.budget if asks_for(intent, Meaning.BUDGET) else None,
    )


def _mentioned(message: PlainMessage, around: Surroundings) -> Entities:
    """All that is stated, whatever it is for: sums as a seller and as a buyer would mean them."""
    car, _ = wanted_car(message.tokens, message.mentions, OTHER)
    sold = stated_in(around, Side.SELLER, has_car=bool(message.mentions))
    return replace(
        _own_data(message.personal),
        brand=None if car is None else car.brand,
        model=None if car is None else car.model,
        year=sold.year,
        mileage=sold.mileage,
        price=sold.price,
        budget=stated_in(around, Side.BUYER, has_car=bool(message.mentions)).budget,
    )


def _own_data(personal: Sequence[Personal]) -> Entities:
    first: dict[PersonalKind, str] = {}
    for piece in personal:
        first.setdefault(piece.kind, piece.value)
    return Entities(
        vin=first.get(PersonalKind.VIN), phone=first.get(PersonalKind.PHONE), name=first.get(PersonalKind.NAME)
    )


def _belongs_to(place: int, mentions: Sequence[Mention], strangers: Sequence[Mention]) -> bool:
    """Whether the car named last before that place is none that is wanted."""
    before = [mention for mention in mentions if mention.end <= place]
    return bool(before) and before[-1] in strangers

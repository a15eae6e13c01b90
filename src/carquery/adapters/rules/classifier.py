"""The built-in classifier: no network, no weights; dictionaries, stems, and a grammar of sums."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from carquery.adapters.rules.cars import Cars, Mention, cars
from carquery.adapters.rules.cues import Cues, cues
from carquery.adapters.rules.injections import without_orders
from carquery.adapters.rules.intents import Circumstances, judge
from carquery.adapters.rules.numbers import numbers_of
from carquery.adapters.rules.sums import Stated, Sums
from carquery.adapters.rules.text import Token, clauses, normalised, stem, tokens_of
from carquery.adapters.rules.wanted_car import is_own, wanted_car
from carquery.application.ports.classifier import Classified
from carquery.application.ports.environment import Clock
from carquery.domain.car import latest_year
from carquery.domain.masking import MASKED_AT_MOST, legible
from carquery.domain.meaning import Meaning
from carquery.domain.moscow import moscow_day
from carquery.domain.personal.finding import find_personal
from carquery.domain.personal.piece import Personal, PersonalKind
from carquery.domain.understanding import OTHER, Entities, Intent, Understanding, asks_for


class RulesClassifier:
    """Understands a message in well under two milliseconds (`python -m benchmarks`)."""

    name: Final = "rules"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cars: Cars = cars()
        self._cues: Cues = cues()

    def dearest(self, message: str) -> Decimal:
        return Decimal(0)

    async def classify(self, message: str) -> Classified:
        return Classified(self.understand(message))

    def understand(self, message: str) -> Understanding:
        """The same, at once."""
        message = legible(message)
        personal = find_personal(message)
        own = _own_data(personal)
        text, has_orders = without_orders(normalised(_without(message, personal)[:MASKED_AT_MOST]))
        if has_orders and not text:
            return Understanding(OTHER, 0.9)
        tokens = tokens_of(text)
        mentions = self._cars.find(tokens, known=self._cues.words)
        stated = self._stated(text, tokens, mentions)
        stems = [stem(token.text) for token in tokens]
        judgement = judge(
            self._cues.find(tokens),
            mentions,
            Circumstances(
                has_car=bool(mentions),
                has_own_car=any(is_own(stems, mention) for mention in mentions),
                has_vin=own.vin is not None,
                asks=stated.asks,
                limits=stated.limits,
                is_advert=bool(mentions) and stated.year is not None and stated.mileage is not None,
            ),
        )
        entities = _entities(tokens, mentions, judgement.intent, stated, own)
        return Understanding(judgement.intent, judgement.confidence, entities)

    def _stated(self, text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> Stated:
        taken = frozenset(place for mention in mentions for place in range(mention.start, mention.end))
        latest = latest_year(moscow_day(self._clock.now()))
        numbers = numbers_of(text, tokens, taken, latest_year=latest)
        return Sums(text, tokens, numbers, clauses(tokens), has_car=bool(mentions), latest_year=latest).read()


def _entities(
    tokens: Sequence[Token], mentions: Sequence[Mention], intent: Intent, stated: Stated, own: Entities
) -> Entities:
    """What belongs to the wish; of none, only what is personal."""
    if intent is OTHER:
        return own
    car, strangers = wanted_car(tokens, mentions, intent)
    is_strangers = stated.year_at is not None and _belongs_to(stated.year_at, mentions, strangers)
    return replace(
        own,
        brand=None if car is None else car.brand,
        model=None if car is None else car.model,
        year=None if is_strangers else stated.year,
        mileage=stated.mileage,
        price=stated.price if asks_for(intent, Meaning.PRICE) else None,
        budget=stated.budget if asks_for(intent, Meaning.BUDGET) else None,
    )


def _own_data(personal: Sequence[Personal]) -> Entities:
    first: dict[PersonalKind, str] = {}
    for piece in personal:
        first.setdefault(piece.kind, piece.value)
    return Entities(
        vin=first.get(PersonalKind.VIN), phone=first.get(PersonalKind.PHONE), name=first.get(PersonalKind.NAME)
    )


def _without(message: str, personal: Sequence[Personal]) -> str:
    """The message with blanks for what is personal: no sums, years or cars are in there."""
    for piece in personal:
        message = message[: piece.start] + " " * (piece.end - piece.start) + message[piece.end :]
    return message


def _belongs_to(place: int, mentions: Sequence[Mention], strangers: Sequence[Mention]) -> bool:
    """Whether the car named last before that place is none that is wanted."""
    before = [mention for mention in mentions if mention.end <= place]
    return bool(before) and before[-1] in strangers

"""What a message written freely was understood to say."""

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from enum import StrEnum
from typing import Final, TypeAlias

from carquery.domain.forms.catalogue import FORMS, ON_THE_MENU
from carquery.domain.forms.form import Service
from carquery.domain.meaning import Meaning
from carquery.domain.values import dataclass, replace

SURE_ENOUGH: Final = 0.6
"""From this confidence on a form is offered."""

PERHAPS: Final = 0.35
"""From this confidence on, up to the other, a wish is worth a question."""


class NoForm(StrEnum):
    """What a message is about that has no form."""

    OTHER = "other"
    """A greeting, small talk, opening hours, insults, gibberish."""


OTHER: Final = NoForm.OTHER

Intent: TypeAlias = Service | NoForm
"""What the customer wants; a message with several wishes carries the main one."""

INTENTS: Final[tuple[Intent, ...]] = (*(form.service for form in ON_THE_MENU), OTHER)
"""What a message is classified as: the menu's forms, in their order, and what has none."""


def read_intent(written: str) -> Intent:
    """Read one of `INTENTS`. Raises ValueError: it is none; the message names them."""
    for intent in INTENTS:
        if intent == written:
            return intent
    raise ValueError(f"intent {written!r} is none of {', '.join(INTENTS)}")


def asks_for(intent: Intent, meaning: Meaning) -> bool:
    """Whether the form for it asks for that."""
    return isinstance(intent, Service) and FORMS[intent].step_for(meaning) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """What the message states, as a classifier read it; None: nothing, or nothing certain.

    These are claims, not values: whoever uses one has it read by the step it is meant for.

    Attributes:
        brand: as its maker writes it in Latin: `Toyota`.
        model: likewise: `Camry`. A model implies its brand.
        year: a single one; a range is left out.
        budget: whole rubles at most, of one who buys.
        price: whole rubles, what one who sells wants.
        mileage: kilometres.
        vin: 17 characters.
        phone: E.164.
    """

    brand: str | None = None
    model: str | None = None
    year: int | None = None
    budget: int | None = None
    price: int | None = None
    mileage: int | None = None
    vin: str | None = None
    phone: str | None = None
    name: str | None = None

    @property
    def stated(self) -> dict[str, str | int]:
        """Those that are stated, by name."""
        values = {entity.name: getattr(self, entity.name) for entity in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def with_stated(self, others: "Entities") -> "Entities":
        """With what those state, rather than these."""
        return replace(self, **others.stated)  # type: ignore[arg-type]  # by name


NOTHING_STATED = Entities()


@dataclass(frozen=True, slots=True)
class Understanding:
    """An intent, how sure it is (0 … 1), what was stated, and a short answer for the customer, perhaps empty.

    Attributes:
        entities: what belongs to the intent.
        mentioned: what the message states whatever it wants; a sum stands as price and as budget. For a message that
            goes on with something said before.
        likely: how likely each of `INTENTS` is, likeliest first, together 1; empty: the classifier does not say.
        topics: what the message is about if it wants no form, likeliest first, together 1; empty: not said.
    """

    intent: Intent
    confidence: float
    entities: Entities = NOTHING_STATED
    reply: str = ""
    mentioned: Entities = NOTHING_STATED
    likely: Mapping[Intent, float] = field(default_factory=dict)
    topics: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"a confidence is 0 … 1, not {self.confidence}")

    @property
    def offered(self) -> Service | None:
        """The form to offer; `None` if it is not sure enough, or there is none."""
        return self.intent if isinstance(self.intent, Service) and self.confidence >= SURE_ENOUGH else None

    @property
    def topic(self) -> str | None:
        """What the message is most likely about if it wants no form; `None`: nobody says."""
        return next(iter(self.topics), None)


Understand: TypeAlias = Callable[[str], Understanding]
"""What a text says, found out at once."""

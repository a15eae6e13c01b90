"""Where customers come from: the payload of a deep link, which opens the bot at a form or names an advertisement."""

import re

from carquery.domain.forms.form import Service
from carquery.domain.ids import Source
from carquery.domain.values import dataclass

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
"""Source: Bot API, «Deep linking»."""


@dataclass(frozen=True, slots=True)
class DeepLink:
    """A form to open at once, and a source to remember; either may be missing."""

    service: Service | None = None
    source: Source | None = None


def is_payload(text: str) -> bool:
    """Whether a deep link can carry it."""
    return _PAYLOAD.fullmatch(text) is not None


def read_deep_link(payload: str) -> DeepLink:
    """Read `/start`'s payload: `sell__avito` is the form sell from avito, `sell` the form, `avito` a source.

    A payload that no deep link can have says nothing.
    """
    if not is_payload(payload):
        return DeepLink()
    form, separator, source = payload.partition("__")
    if form not in list(Service):
        return DeepLink(source=Source(payload))
    return DeepLink(Service(form), Source(source if separator and source else payload))

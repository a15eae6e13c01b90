"""Consent to the processing of personal data. Source: 152-FZ, articles 6 and 9; 156-FZ of 24 June 2025."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from carquery.domain.values import dataclass, replace

MESSENGER: Final = "{messenger}"
"""Stands in a text for the name of the customer's messenger."""

OPERATOR: Final = "{operator}"
"""Stands in a text for who processes the data, as whom it is given to."""
UNNAMED: Final = "автосалону, которому направляю заявку,"

BUILT_IN_VERSION: Final = "2"
BUILT_IN_TEXT: Final = f"""\
Нажимая «Согласен», я даю {OPERATOR} согласие на обработку моих персональных данных: \
имени, номера телефона, сведений об автомобиле, комментариев, фотографий и других файлов, которые я пришлю, \
и идентификатора в {MESSENGER}.

Цель – связаться со мной и оказать выбранную услугу. Данные собирают, записывают, хранят, передают менеджеру через CRM \
автосалона и удаляют.

Согласие действует один год. Отозвать его и удалить данные можно в любой момент командой /privacy."""


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """The text that is consented to, and the policy it points to.

    Attributes:
        version: what operators call this text.
        text: exactly what the customer reads; another text needs another consent.
        policy_url: the privacy policy, a document of its own.
    """

    version: str
    text: str
    policy_url: str

    def naming(self, messenger: str, *, operator: str = "") -> "ConsentTerms":
        """As customers of that messenger read them: the text names it, and the operator, where it names any."""
        given_to = f"оператору ({operator})" if operator else UNNAMED
        return replace(self, text=self.text.replace(MESSENGER, messenger).replace(OPERATOR, given_to))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the exact text, in hex: what proves which text was agreed to."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """Given once; proves who (the row it stands in) agreed to what, and when (UTC)."""

    given_at: datetime
    version: str
    fingerprint: str

    def covers(self, terms: ConsentTerms) -> bool:
        """Whether it was given to exactly this text."""
        return self.fingerprint == terms.fingerprint

"""Consent to the processing of personal data. Source: 152-FZ, articles 6 and 9; 156-FZ of 24 June 2025."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


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

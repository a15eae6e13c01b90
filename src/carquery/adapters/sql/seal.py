"""Secrets at rest: sealed with keys from the environment (Fernet: AES-128-CBC and HMAC-SHA256)."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from carquery.adapters.amocrm.ports import TokensUnreadable

_PURPOSE = b"carquery: tokens at rest"
_SEALED, _PLAIN = "fernet:", "plain:"


class Seal:
    """Seals with the first key and opens with any of them; without keys, nothing is hidden.

    Args:
        secret_keys: of any form, with as much chance in them as a key needs: they are not stretched.
    """

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_key(secret)) for secret in secret_keys]) if secret_keys else None

    @property
    def hides(self) -> bool:
        """Whether there is a key."""
        return self._fernet is not None

    def close(self, secret: str) -> str:
        """The secret as it is stored."""
        if self._fernet is None:
            return _PLAIN + secret
        return _SEALED + self._fernet.encrypt(secret.encode()).decode()

    def open(self, stored: str) -> str:
        """The secret that was stored. Raises TokensUnreadable: it was sealed with another key."""
        if stored.startswith(_PLAIN):
            return stored.removeprefix(_PLAIN)
        if self._fernet is None:
            raise TokensUnreadable("they are encrypted, and SECRET_KEY is not set")
        try:
            return self._fernet.decrypt(stored.removeprefix(_SEALED).encode()).decode()
        except InvalidToken:
            raise TokensUnreadable("they were encrypted with another SECRET_KEY") from None


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)

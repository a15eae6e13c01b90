"""Fernet (AES-128-CBC and HMAC-SHA256) with keys of any form."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from carquery.adapters.amocrm.ports import TokensUnreadable

_PURPOSE = b"carquery: tokens at rest"


def encrypted(secret: str, keys: tuple[str, ...]) -> str:
    """With the first key."""
    return _fernet(keys).encrypt(secret.encode()).decode()


def decrypted(secret: str, keys: tuple[str, ...]) -> str:
    """With whichever key fits. Raises TokensUnreadable: none does."""
    try:
        return _fernet(keys).decrypt(secret.encode()).decode()
    except InvalidToken:
        raise TokensUnreadable("they were encrypted with another SECRET_KEY") from None


@cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)

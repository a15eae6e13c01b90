"""Secrets at rest: sealed with keys from the environment.

The cryptography library is imported when a secret is sealed or opened, which many processes never do.
"""

from collections.abc import Sequence

from carquery.adapters.amocrm.ports import TokensUnreadable

_SEALED, _PLAIN = "fernet:", "plain:"


class Seal:
    """Seals with the first key and opens with any of them; without keys, nothing is hidden.

    Args:
        secret_keys: of any form, with as much chance in them as a key needs: they are not stretched.
    """

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = tuple(secret_keys)

    def close(self, secret: str) -> str:
        """The secret as it is stored."""
        if not self._keys:
            return _PLAIN + secret
        from carquery.adapters.sql.fernet import encrypted

        return _SEALED + encrypted(secret, self._keys)

    def open(self, stored: str) -> str:
        """The secret that was stored. Raises TokensUnreadable: it was sealed with another key."""
        if stored.startswith(_PLAIN):
            return stored.removeprefix(_PLAIN)
        if not self._keys:
            raise TokensUnreadable("they are encrypted, and SECRET_KEY is not set")
        from carquery.adapters.sql.fernet import decrypted

        return decrypted(stored.removeprefix(_SEALED), self._keys)

"""Codes, access tokens and refresh tokens: what each is good for, and until when."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from carquery_emulators.kit.json_types import Json

CODE_SECONDS = 20 * 60
ACCESS_SECONDS = 24 * 3600
REFRESH_SECONDS = 90 * 24 * 3600
LONG_LIVED_SECONDS = 5 * 365 * 24 * 3600
"""The longest that can be chosen. Source: Kommo, long-lived tokens."""


@dataclass(slots=True)
class Code:
    issued_at: float
    is_of_this_account: bool
    is_used: bool = False


@dataclass(slots=True)
class Token:
    """`family`: all tokens that came of one authorisation; `client_id`: the integration it was given to."""

    ends_at: float
    family: int
    client_id: str
    is_revoked: bool = False
    is_long_lived: bool = False


class Tokens:
    """What was issued. `claims`: what else is written into an access token, a JWT."""

    def __init__(self, *, client_id: str, claims: Callable[[], Json], clock: Callable[[], float]) -> None:
        self._client_id = client_id
        self._claims = claims
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._families = count(1)
        self._numbers = count(1)
        self.codes: dict[str, Code] = {}
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def new_code(self, *, is_of_this_account: bool) -> str:
        """Good once, for 20 minutes."""
        code = f"def502{secrets.token_hex(60)}"
        self.codes[code] = Code(self._clock(), is_of_this_account)
        return code

    def new_pair(self, *, client_id: str | None = None, family: int | None = None) -> tuple[str, str]:
        """An access and a refresh token, of a new authorisation unless a family is given."""
        family = next(self._families) if family is None else family
        owner = self._client_id if client_id is None else client_id
        now = self._clock()
        access = self._jwt(now + ACCESS_SECONDS)
        refresh = f"def502{secrets.token_hex(320)}"
        self.access[access] = Token(now + ACCESS_SECONDS, family, owner)
        self.refresh[refresh] = Token(now + REFRESH_SECONDS, family, owner)
        return access, refresh

    def new_long_lived(self) -> str:
        ends_at = self._clock() + LONG_LIVED_SECONDS
        token = self._jwt(ends_at)
        self.access[token] = Token(ends_at, next(self._families), self._client_id, is_long_lived=True)
        return token

    def is_good(self, access: str) -> bool:
        """Whether the API lets it in."""
        token = self.access.get(access)
        return token is not None and not token.is_revoked and self._clock() < token.ends_at

    def revoke_family(self, family: int) -> None:
        for token in (*self.access.values(), *self.refresh.values()):
            if token.family == family:
                token.is_revoked = True

    def revoke_access(self, family: int) -> None:
        for token in self.access.values():
            if token.family == family:
                token.is_revoked = True

    def revoke_all(self) -> None:
        for token in (*self.access.values(), *self.refresh.values()):
            token.is_revoked = True

    def expire_access(self) -> None:
        """Those that live for a day; a long-lived one goes on."""
        for token in self.access.values():
            if not token.is_long_lived:
                token.ends_at = self._clock()

    def now(self) -> float:
        return self._clock()

    def is_over(self, moment: float) -> bool:
        return self._clock() >= moment

    def _jwt(self, ends_at: float) -> str:
        now = int(self._clock())
        claims = {
            "aud": self._client_id,
            "jti": f"{next(self._numbers):064x}",
            "iat": now,
            "nbf": now,
            "exp": int(ends_at),
            **self._claims(),
        }
        signed = ".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "HS256"}, claims))
        return f"{signed}.{_base64(hmac.digest(self._key, signed.encode(), hashlib.sha256))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

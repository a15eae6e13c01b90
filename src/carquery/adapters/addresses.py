"""Addresses with credentials in them, as people write them: `scheme://user:password@host:port/path?name=value`.

Read here, before any library sees them: libraries quote in their errors what they could not read, and that is mostly a
piece of a password in which a character was not escaped. Source: RFC 3986, 2.1 and 3.2.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote

HIDDEN: Final = "••••"

_WRITTEN: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_PARTS: Final = re.compile(r"(?P<authority>[^/?]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?")
_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[\w.-]*|%2[Ff][^:]*)(?::(?P<port>[0-9]{1,5}))?")
_LONE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNPRINTABLE: Final = re.compile(r"[\s\x00-\x1f\x7f]")
_QUOTES: Final = (('"', '"'), ("'", "'"), ("«", "»"), ("“", "”"), ("`", "`"), ("<", ">"))
_HOST_IN_THE_QUERY: Final = re.compile(r"@.*[/:]")
"""The password had a question mark in it, and all that follows was taken for the query."""
_SECRET_NAMES: Final = re.compile(r"(?i)pass|secret|token|key")

MUST_BE_ESCAPED: Final = (
    "a character of the user name, the password or what follows must be escaped "
    "(@ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25, a space as %20)"
)


class AddressUnreadable(ValueError):
    """An address that can't be read; the text says why, and holds no part of it."""


@dataclass(frozen=True, slots=True)
class Host:
    """A machine, or the folder of a socket. `port`: None: the usual one."""

    name: str
    port: int | None = None

    def written(self) -> str:
        name = quote(self.name, safe="") if "/" in self.name else self.name
        shown = f"[{name}]" if ":" in name else name
        return shown if self.port is None else f"{shown}:{self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """Everything as it is meant, nothing escaped. `path`: with its slash, or empty."""

    scheme: str
    hosts: tuple[Host, ...] = ()
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    path: str = ""
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, typed: str) -> "Address":
        """Read what somebody typed or pasted.

        Raises:
            AddressUnreadable: no address, or a character in it was to be escaped.
        """
        written = _WRITTEN.fullmatch(typed)
        if written is None:
            raise AddressUnreadable("not an address such as scheme://host")
        rest = written["rest"]
        if _UNPRINTABLE.search(rest) or "#" in rest or _LONE_PERCENT.search(rest):
            raise AddressUnreadable(MUST_BE_ESCAPED)
        parts = _PARTS.fullmatch(rest)
        if parts is None:  # the three parts take whatever there is
            raise AddressUnreadable(MUST_BE_ESCAPED)
        credentials, _, hosts = parts["authority"].rpartition("@")
        path, query = parts["path"] or "", parts["query"] or ""
        if "@" in credentials or "@" in path or _HOST_IN_THE_QUERY.search(query):
            raise AddressUnreadable(MUST_BE_ESCAPED)
        user, colon, password = credentials.partition(":")
        return cls(
            scheme=written["scheme"].lower(),
            hosts=tuple(_host(one) for one in hosts.split(",")) if hosts else (),
            user=_meant(user) or None,
            password=_meant(password) if colon else None,
            path=_meant(path),
            query=_pairs(query),
        )

    @property
    def options(self) -> Mapping[str, str]:
        """What stands behind the question mark; of two with one name, the last."""
        return dict(self.query)

    def written(self) -> str:
        """The address with everything escaped that has to be."""
        return self._joined(self.password, self.query)

    def shown(self) -> str:
        """The address for people to see: whatever may be a secret is hidden."""
        query = tuple((name, HIDDEN if _SECRET_NAMES.search(name) else value) for name, value in self.query)
        return self._joined(None if self.password is None else HIDDEN, query)

    def _joined(self, password: str | None, query: tuple[tuple[str, str], ...]) -> str:
        credentials = _escaped(self.user or "")
        if password is not None:
            credentials += f":{_escaped(password)}"
        authority = ",".join(host.written() for host in self.hosts)
        if credentials:
            authority = f"{credentials}@{authority}"
        asked = "&".join(f"{_escaped(name)}={_escaped(value, safe='/')}" for name, value in query)
        return f"{self.scheme}://{authority}{_escaped(self.path, safe='/')}{f'?{asked}' if asked else ''}"


def unquoted(typed: str) -> str:
    """What was meant where somebody kept the quotes, the spaces or the invisible marks around it."""
    text = typed.strip().strip("\ufeff\u200b\u2060").strip()
    for opening, closing in _QUOTES:
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing):
            return text[1:-1].strip()
    return text


def _host(typed: str) -> Host:
    match = _HOST.fullmatch(typed)
    if match is None or not match["name"]:
        raise AddressUnreadable(MUST_BE_ESCAPED)
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 1 <= port <= 65_535:
        raise AddressUnreadable("the port is none, 1 … 65535, or " + MUST_BE_ESCAPED)
    return Host(_meant(match["name"]).strip("[]"), port)


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        if not equals or not re.fullmatch(r"[\w.-]+", name):
            raise AddressUnreadable(MUST_BE_ESCAPED)
        pairs.append((name, _meant(value.replace("+", " "))))
    return tuple(pairs)


def _meant(escaped: str) -> str:
    try:
        meant = unquote(escaped, errors="strict")
    except UnicodeDecodeError as error:
        raise AddressUnreadable("a % escape in it is no UTF-8 text; " + MUST_BE_ESCAPED) from error
    if "\0" in meant:
        raise AddressUnreadable("it has %00 in it, which nothing can be called")
    return meant


def _escaped(meant: str, *, safe: str = "") -> str:
    return HIDDEN.join(quote(part, safe=safe) for part in meant.split(HIDDEN))

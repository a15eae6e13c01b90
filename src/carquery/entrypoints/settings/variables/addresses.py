"""Addresses in the settings, as people write them. Each reader returns the one spelling that the program uses."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, SecretStr

from carquery.adapters.addresses import Address, Host

_POSTGRES: Final = re.compile(r"postgres(ql)?(\+[a-z0-9_]+)?")
_SQLITE: Final = re.compile(r"(?i)sqlite3?(\+[a-z0-9_]+)?:///(?P<path>.*)", re.DOTALL)
_REDIS: Final = {"redis": "redis", "rediss": "rediss", "unix": "unix", "valkey": "redis", "valkeys": "rediss"}
_REDIS_KIND: Final = re.compile(r"(?P<base>[a-z]+)(?:[+-](?P<kind>cluster|sentinel))?")
_SENTINEL_PATH: Final = re.compile(r"/(?P<service>[\w.-]*[^\W\d][\w.-]*)(?:/[0-9]{1,5})?/?", re.ASCII)
_REDIS_OPTIONS: Final = frozenset({"client_name", "db", "health_check_interval", "password", "protocol", "username"})
_SENTINEL_OPTIONS: Final = frozenset({"sentinel_password", "sentinel_username"})
_TLS_OPTIONS: Final = frozenset(
    {"ssl_ca_certs", "ssl_ca_path", "ssl_cert_reqs", "ssl_certfile", "ssl_check_hostname", "ssl_keyfile"}
)
_TLS_VERIFIES: Final = frozenset({"none", "optional", "required"})
_PROXIES: Final = {"http": "http", "socks5": "socks5", "socks5h": "socks5"}
"""Names are looked up by the proxy in any case, which is what the «h» asks for."""
_BARE_HOST: Final = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w.-])|(?:localhost|127\.0\.0\.1)(?![\w.-])")
_SSL_MODES: Final = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_ROLES: Final = frozenset({"any", "primary", "standby", "read-write", "read-only", "prefer-standby"})


def read_database(typed: str) -> str:
    """`postgresql://…` with everything escaped, or `sqlite:///…` with the home folder written out."""
    if (sqlite := _SQLITE.fullmatch(typed)) is not None:
        return f"sqlite:///{_sqlite_file(sqlite['path'])}"
    if typed.lower().startswith("sqlite"):
        raise ValueError("an SQLite address has three slashes, and a fourth before an absolute path")
    if not _POSTGRES.fullmatch(typed.partition("://")[0].lower()) or "://" not in typed:
        raise ValueError("not a database that CarQuery knows")
    address = Address.read(typed)
    if not address.hosts and not address.path.strip("/") and not address.query:
        raise ValueError("it names no host and no database")
    if "/" in address.path.removeprefix("/"):
        raise ValueError("there is a / in the database's name; as part of a password it is written %2F")
    options = address.options
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise ValueError(f"sslmode is none of {', '.join(sorted(_SSL_MODES))}")
    if options.get("target_session_attrs", "any") not in _ROLES:
        raise ValueError(f"target_session_attrs is none of {', '.join(sorted(_ROLES))}")
    return Address("postgresql", address.hosts, address.user, address.password, address.path, address.query).written()


def _sqlite_file(path: str) -> str:
    name = path.partition("?")[0]
    if not name or ":memory:" in name or "mode=memory" in path:
        raise ValueError("leads must outlive the process, so SQLite needs a file")
    if name.startswith("file:"):
        raise ValueError("SQLite's file is given by its path, not as a URI")
    if "\0" in name:
        raise ValueError("no file can be called that")
    if name.endswith("/") or name in {".", "..", "~"}:
        raise ValueError("that is a folder, and SQLite needs a file")
    if not name.startswith("~"):
        return path
    try:
        return f"{Path(name).expanduser()}{path[len(name) :]}"
    except RuntimeError as unknown:
        raise ValueError("there is no such home folder") from unknown


def read_redis(typed: str) -> str:
    """`redis://`, `rediss://` or `unix://`; `redis+cluster://` and `redis+sentinel://`, with several hosts."""
    scheme = _REDIS_KIND.fullmatch(typed.partition("://")[0].lower())
    if scheme is None or scheme["base"] not in _REDIS or "://" not in typed:
        raise ValueError("not a Redis address")
    base, kind = _REDIS[scheme["base"]], scheme["kind"]
    address = Address.read(typed)
    _redis_options(address, base, kind)
    if base == "unix" and kind is None:
        return address.written()
    if base == "unix":
        raise ValueError("a socket has one Redis behind it, no cluster and no Sentinels")
    if kind is None and len(address.hosts) != 1:
        raise ValueError("it names no host, or several: one is right; redis+cluster:// and redis+sentinel:// take more")
    if not address.hosts:
        raise ValueError("it names no host")
    if kind == "sentinel" and not _SENTINEL_PATH.fullmatch(address.path):
        raise ValueError("of Sentinels the name of the service stands behind the first /, then the database")
    if kind == "cluster" and address.path.strip("/") not in {"", "0"}:
        raise ValueError("a cluster has one database, 0: nothing may stand behind the last /")
    if kind is None and address.path.strip("/") and not re.fullmatch(r"/[0-9]{1,5}/?", address.path, re.ASCII):
        raise ValueError("the number of the database, behind the last /, is none")
    if address.user is not None and address.password is None:
        raise ValueError("there is a user but no password; a password alone has a colon before it")
    written = f"{base}+{kind}" if kind else base
    path = "" if kind == "cluster" else address.path.rstrip("/")
    return Address(written, address.hosts, address.user, address.password, path, address.query).written()


def _redis_options(address: Address, base: str, kind: str | None) -> None:
    known = _REDIS_OPTIONS | (_TLS_OPTIONS if base == "rediss" else frozenset())
    known = known - {"db"} if kind == "cluster" else known | _SENTINEL_OPTIONS if kind == "sentinel" else known
    options = address.options
    if not options.keys() <= known or not re.fullmatch("[0-9]{1,5}", options.get("db", "0"), re.ASCII):
        raise ValueError(f"something behind the ? is wrong: there may stand {', '.join(sorted(known))}")
    if options.get("ssl_cert_reqs", "none") not in _TLS_VERIFIES:
        raise ValueError(f"ssl_cert_reqs is none of {', '.join(sorted(_TLS_VERIFIES))}")


def read_proxy(typed: str) -> str:
    """`http://` or `socks5://`, with a host and a port."""
    scheme = typed.partition("://")[0].lower()
    if scheme not in _PROXIES or "://" not in typed:
        raise ValueError("not a URL that begins with http://, socks5:// or socks5h://")
    address = Address.read(typed)
    if len(address.hosts) != 1 or address.hosts[0].port is None:
        raise ValueError("it needs one host and its port")
    if address.path.strip("/") or address.query:
        raise ValueError("nothing may follow the port")
    return Address(_PROXIES[scheme], address.hosts, address.user, address.password).written()


def read_web(typed: str) -> str:
    """An address whose scheme may be missing: https then, or http on this machine."""
    address = _with_scheme(typed)
    _web(address)
    return address.rstrip("/")


def read_page(typed: str) -> str:
    """An address that somebody else is given: to the letter."""
    _web(typed)
    return typed


def read_account(typed: str) -> str:
    """The address of an amoCRM account, from that of any page of it."""
    address = _web(_with_scheme(typed))
    host = address.hosts[0]
    if "." not in host.name and not _is_here(host.name):
        raise ValueError("not the whole of a host's name")
    is_usual = (address.scheme, host.port) in {("https", 443), ("http", 80)}
    usual = Host(host.name.lower(), None if is_usual else host.port)
    return _private(Address(address.scheme, (usual,)).written())


def read_private(typed: str) -> str:
    """An address that keys travel to: in the open only within this machine."""
    return _private(read_web(typed))


def read_webhook(typed: str) -> str:
    """Where Telegram brings updates: to the letter."""
    return _private(read_page(_with_scheme(typed)))


def read_secure_webhook(typed: str) -> str:
    """Where MAX brings updates: by https, on port 443, which is not written. Any port and http within this machine."""
    address = read_webhook(typed)
    read = Address.read(address.partition("#")[0])
    if not _is_here(read.hosts[0].name) and read.hosts[0].port is not None:
        raise ValueError("names a port, and MAX comes to 443 alone")
    return address


def _with_scheme(typed: str) -> str:
    if "://" in typed or not _BARE_HOST.match(typed):
        return typed
    return f"{'http' if typed.startswith(('localhost', '127.')) else 'https'}://{typed}"


def _web(typed: str) -> Address:
    if typed.partition("://")[0].lower() not in {"http", "https"} or "://" not in typed:
        raise ValueError("not a URL that begins with https:// or http://")
    address = Address.read(typed.partition("#")[0])
    if len(address.hosts) != 1:
        raise ValueError("it names no host")
    if address.user is not None or address.password is not None:
        raise ValueError("it has a user or a password in it")
    return address


def _private(address: str) -> str:
    read = Address.read(address.partition("#")[0])
    if read.scheme == "http" and not _is_here(read.hosts[0].name):
        raise ValueError("begins with http://, and keys would travel there in the open")
    return address


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_by(read: Callable[[str], str]) -> BeforeValidator:
    def reading(value: object) -> object:
        typed = value.get_secret_value() if isinstance(value, SecretStr) else value
        return read(typed) if isinstance(typed, str) else typed

    return BeforeValidator(reading)


DatabaseAddress: TypeAlias = Annotated[SecretStr, _read_by(read_database)]
RedisAddress: TypeAlias = Annotated[SecretStr, _read_by(read_redis)]
ProxyAddress: TypeAlias = Annotated[str, _read_by(read_proxy)]
WebAddress: TypeAlias = Annotated[str, _read_by(read_web)]
PageAddress: TypeAlias = Annotated[str, _read_by(read_page)]
AccountAddress: TypeAlias = Annotated[str, _read_by(read_account)]
PrivateAddress: TypeAlias = Annotated[str, _read_by(read_private)]
WebhookAddress: TypeAlias = Annotated[str, _read_by(read_webhook)]
SecureWebhookAddress: TypeAlias = Annotated[str, _read_by(read_secure_webhook)]

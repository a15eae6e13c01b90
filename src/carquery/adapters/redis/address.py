"""What `REDIS_URL` says, once it was read: one server, a cluster, or a master that Sentinels name."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from carquery.adapters.addresses import Address, Host
from carquery.adapters.redis.access import Endpoint, ServerAccess
from carquery.adapters.redis.cluster import Cluster
from carquery.adapters.redis.refused import RedisRefused
from carquery.adapters.redis.sentinels import Sentinels
from carquery.adapters.redis.server import Server

PORT: Final = 6379
SENTINEL_PORT: Final = 26_379

_VERIFY: Final = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}
_NO: Final = frozenset({"0", "f", "false", "n", "no"})


class RedisAddress:
    """An address such as `read_redis` of the settings writes it. Raises RedisRefused: a certificate can't be read."""

    def __init__(self, redis_url: str) -> None:
        self._address = address = Address.read(redis_url)
        base, _, self._kind = address.scheme.partition("+")
        self.is_tls: Final = base == "rediss"
        self.is_cluster: Final = self._kind == "cluster"
        self._access = ServerAccess(
            username=address.user or address.options.get("username"),
            password=address.password if address.password is not None else address.options.get("password"),
            database=self._database(),
            client_name=address.options.get("client_name"),
            tls=_tls(address.options) if self.is_tls else None,
        )

    def opened(self) -> Server | Cluster:
        """What takes commands; nothing is connected yet."""
        if self.is_cluster:
            return Cluster([_endpoint(host, PORT) for host in self._address.hosts], self._access)
        if self._kind == "sentinel":
            sentinels = self._sentinels()
            return Server(sentinels.master, self._access, describe=sentinels.described)
        place = self._address.path if self._address.scheme == "unix" else _endpoint(self._address.hosts[0], PORT)
        return Server.at(place, self._access)

    def _sentinels(self) -> Sentinels:
        options = self._address.options
        access = ServerAccess(options.get("sentinel_username"), options.get("sentinel_password"), tls=self._access.tls)
        service = self._address.path.split("/")[1]
        return Sentinels(service, access, [_endpoint(host, SENTINEL_PORT) for host in self._address.hosts])

    def _database(self) -> int:
        number = self._address.options.get("db")
        if number is None and self._address.scheme != "unix":
            number = self._address.path.rstrip("/").rpartition("/")[2]
        return int(number) if number and number.isdecimal() else 0


def _endpoint(host: Host, usual: int) -> Endpoint:
    return Endpoint(host.name, host.port or usual)


def _tls(options: Mapping[str, str]) -> ssl.SSLContext:
    """As the options say, which are called as in other clients."""
    try:
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"), capath=options.get("ssl_ca_path"))
        verify = _VERIFY[options.get("ssl_cert_reqs", "required")]
        context.check_hostname = verify is not ssl.CERT_NONE and options.get("ssl_check_hostname", "yes") not in _NO
        context.verify_mode = verify
        if "ssl_certfile" in options:
            context.load_cert_chain(Path(options["ssl_certfile"]), options.get("ssl_keyfile"))
    except OSError as error:
        raise RedisRefused(
            "a file that one of the ssl_… behind the ? names can't be read, or is no certificate"
        ) from error
    return context

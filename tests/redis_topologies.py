"""Redis of several servers: a cluster, and a master with a replica that a Sentinel watches."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from redis import Redis

from tests.patience import slowness, wait_until
from tests.ports import free_port
from tests.servers import RedisServer

SERVICE: Final = "carquery"
SLOTS: Final = 16_384
BUS: Final = 10_000
"""How far a cluster's own port is from that of its clients. Source: Redis cluster specification."""
NEVER: Final = 3_600_000
"""Milliseconds after which a silent server is taken for dead, where none is to be."""

_AT_ONCE: Final = ("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0")


def soon() -> int:
    """Milliseconds after which a silent server is taken for dead: one that lives is heard earlier on this machine."""
    return round(1000 * slowness())


@dataclass(frozen=True, slots=True)
class RedisCluster:
    """Servers that share the slots, and copies of the first of them."""

    masters: tuple[RedisServer, ...]
    replicas: tuple[RedisServer, ...]

    @property
    def url(self) -> str:
        """Two of the masters, as one would write it; the others are found."""
        return "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in self.masters[:2])

    @property
    def servers(self) -> tuple[RedisServer, ...]:
        return (*self.masters, *self.replicas)

    def master_of(self, key: str) -> RedisServer:
        """Who has the key as long as no slot has moved."""
        slot = asked(self.masters[0], "CLUSTER", "KEYSLOT", key)
        return self.masters[int(slot) * len(self.masters) // SLOTS]


@contextmanager
def a_redis_cluster(*, replicas: int = 0, node_timeout: int = NEVER) -> Iterator[RedisCluster]:
    """Three masters, and so many replicas of the first. `node_timeout`: in milliseconds."""
    settings = (
        *("--cluster-enabled", "yes", "--cluster-node-timeout", f"{node_timeout}"),
        *("--cluster-require-full-coverage", "no", "--cluster-replica-validity-factor", "0", *_AT_ONCE),
    )
    servers = tuple(RedisServer(*settings, port=_port_of_a_node()) for _ in range(3 + replicas))
    cluster = RedisCluster(servers[:3], servers[3:])
    try:
        for server in servers:
            server.start()
        _join(cluster)
        yield cluster
    finally:
        for server in servers:
            server.remove()


def _join(cluster: RedisCluster) -> None:
    first, number = cluster.masters[0], len(cluster.masters)
    for place, master in enumerate(cluster.masters):
        asked(master, "CLUSTER", "SET-CONFIG-EPOCH", place + 1)
        slots = [slot for slot in range(SLOTS) if slot * number // SLOTS == place]
        asked(master, "CLUSTER", "ADDSLOTS", *slots)
    for other in cluster.servers[1:]:
        asked(first, "CLUSTER", "MEET", "127.0.0.1", other.port)
    _until_all_say(cluster, f"cluster_known_nodes:{len(cluster.servers)}")
    name = asked(first, "CLUSTER", "MYID")
    for replica in cluster.replicas:
        asked(replica, "CLUSTER", "REPLICATE", name)
        wait_until(partial(_follows, replica), "a replica to have all that its master has")
    _until_all_say(cluster, "cluster_state:ok")
    wait_until(partial(_know_all_replicas, cluster), "all servers of the cluster to know its replicas")


def _until_all_say(cluster: RedisCluster, line: str) -> None:
    def say() -> bool:
        return all(line in asked(server, "CLUSTER", "INFO").splitlines() for server in cluster.servers)

    wait_until(say, f"all servers of the cluster to say {line}")


def _know_all_replicas(cluster: RedisCluster) -> bool:
    known = [asked(server, "CLUSTER", "NODES").count("slave ") for server in cluster.servers]
    return known == [len(cluster.replicas)] * len(known)


@dataclass(frozen=True, slots=True)
class WatchedRedis:
    """A master and its replica; the Sentinel names the other one once the first is dead."""

    master: RedisServer
    replica: RedisServer
    sentinel: RedisServer

    @property
    def url(self) -> str:
        """With a Sentinel that is away."""
        return f"redis+sentinel://127.0.0.1:1,127.0.0.1:{self.sentinel.port}/{SERVICE}/0"

    @property
    def named(self) -> int:
        """The port of the master that the Sentinel names."""
        return int(asked(self.sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", SERVICE)[1])


@contextmanager
def a_watched_redis(*, down_after: int = NEVER) -> Iterator[WatchedRedis]:
    """`down_after`: in milliseconds."""
    master = RedisServer(*_AT_ONCE)
    replica = RedisServer("--replicaof", "127.0.0.1", str(master.port), *_AT_ONCE)
    sentinel = RedisServer(
        sentinel=f"sentinel monitor {SERVICE} 127.0.0.1 {master.port} 1\n"
        f"sentinel down-after-milliseconds {SERVICE} {down_after}\n"
        f"sentinel failover-timeout {SERVICE} {max(down_after, 1000) * 4}\n"
    )
    try:
        for server in (master, replica):
            server.start()
        wait_until(partial(_follows, replica), "the replica to have all that its master has")
        sentinel.start()
        wait_until(partial(_knows_a_heir, sentinel), "the Sentinel to know both")
        yield WatchedRedis(master, replica, sentinel)
    finally:
        for server in (sentinel, replica, master):
            server.remove()


def _knows_a_heir(sentinel: RedisServer) -> bool:
    """Whether the Sentinel has heard of a replica that it could make the master."""
    return any(replica["master-link-status"] == "ok" for replica in asked(sentinel, "SENTINEL", "REPLICAS", SERVICE))


def asked(server: RedisServer, *command: str | int) -> Any:
    """What a server says."""
    with Redis(port=server.port, decode_responses=True) as redis:
        return redis.execute_command(*command)


def _follows(replica: RedisServer) -> bool:
    role = asked(replica, "ROLE")
    return bool(role[0] == "slave" and role[3] == "connected")


def _port_of_a_node() -> int:
    """One whose bus port is free as well."""
    while True:
        port = free_port()
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port + BUS))
            except OSError:
                continue
        return port

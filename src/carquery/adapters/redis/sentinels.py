"""The master that Sentinels name: who asks them finds the new one after a failover."""

from dataclasses import dataclass, field
from typing import Any, Final

from carquery.adapters.redis.access import Endpoint, ServerAccess, enter
from carquery.adapters.redis.failures import ErrorReply, MasterUnknown, NotLetIn, NotRedis, NotSentinel

_UNUSABLE: Final = (OSError, TimeoutError, NotRedis, NotSentinel, NotLetIn, ErrorReply)


@dataclass(slots=True)
class Sentinels:
    """Where each Sentinel is. The one that has answered last is asked first.

    Attributes:
        service: what they call the master and its replicas.
        access: as whom they are entered.
    """

    service: str
    access: ServerAccess
    places: list[Endpoint] = field(default_factory=list)

    async def master(self) -> Endpoint:
        """The server that is the master now, as the first Sentinel says that answers.

        Raises:
            MasterUnknown: those that answer know no master of that name.
            OSError, TimeoutError, NotRedis, NotSentinel, NotLetIn, ErrorReply: none answers; of the last one.
        """
        failure: Exception | None = None
        is_unknown = False
        for place in tuple(self.places):
            try:
                named = await self._ask(place, "GET-MASTER-ADDR-BY-NAME")
            except _UNUSABLE as error:
                failure = error
                continue
            if named is not None:
                self.places.remove(place)
                self.places.insert(0, place)
                return Endpoint(named[0].decode(), int(named[1]))
            is_unknown = True
        if failure is None or is_unknown:
            raise MasterUnknown(self.service) from failure
        raise failure

    async def described(self) -> str:
        """How many Sentinels and replicas there are. Raises as `master`."""
        await self.master()
        others, replicas = [len(await self._ask(self.places[0], asked)) for asked in ("SENTINELS", "REPLICAS")]
        return f"a master with {replicas} replicas, watched by {others + 1} Sentinels"

    async def _ask(self, place: Endpoint, question: str) -> Any:  # noqa: ANN401  # whatever it replies
        pipeline = await enter(place, self.access)
        try:
            return await pipeline.send("SENTINEL", question, self.service)
        except ErrorReply as refusal:
            if refusal.code == "ERR":  # such as: unknown command
                raise NotSentinel from refusal
            raise
        finally:
            pipeline.close()

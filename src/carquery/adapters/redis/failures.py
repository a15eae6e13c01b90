"""How a Redis fails, before `words` says it to people."""

import re
from typing import Final

_OF_A_SCRIPT: Final = re.compile(r"ERR .*: -([A-Z]+) ", re.DOTALL)
"""Before version 7: «ERR Error running script (…): @user_script:3: -OOM command not allowed …»."""


class ErrorReply(Exception):
    """An error that a Redis replies. `code`: its first word, such as `READONLY`; of a script's, that of its command."""

    def __init__(self, reply: str) -> None:
        super().__init__(reply)
        inner = _OF_A_SCRIPT.match(reply)
        self.code: Final = inner[1] if inner is not None else reply.partition(" ")[0]


class NotLetIn(Exception):
    """It refuses the password, the user or the database; waiting would change nothing. The cause is the refusal."""


class NotRedis(Exception):
    """What answers there does not speak as a Redis does."""


class ConnectionLost(ConnectionError):
    """It ended the connection; nobody knows what became of commands that were not answered yet."""


class NotSentinel(Exception):
    """What answers there is a Redis, or something else that knows no SENTINEL."""


class MasterUnknown(Exception):
    """No Sentinel that answers knows a master of that name."""


class SlotsUncovered(Exception):
    """No server of the cluster has the key now: a master is away, and no replica has taken its place yet."""

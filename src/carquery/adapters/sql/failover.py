"""What a database that was demoted, or shut down, leaves behind: connections that will never work again.

After a failover behind one address the old server goes on answering, on the connections that are open, and refuses
every write. New connections reach the new server. So the first such refusal ends them all.
"""

from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

_DEMOTED: Final = frozenset({"25006", "57P01", "57P02", "57P03"})
"""May only be read; shut down by an administrator, after a crash; can't connect now. Source: PostgreSQL, appendix A."""


def leave_when_demoted(engine: Engine) -> None:
    """Drop the pool's connections when one of them finds that its server takes no more writes."""
    event.listen(engine, "handle_error", _leave)


def _leave(context: ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlstate", None) in _DEMOTED:
        context.is_disconnect = True

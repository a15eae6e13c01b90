"""What becomes of a connection that can't be prepared for use."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine.interfaces import DBAPIConnection


@contextmanager
def closed_if_it_fails(connection: DBAPIConnection) -> Iterator[None]:
    """The pool forgets such a connection, and its thread, or the server's session, would go on."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            connection.close()
        raise

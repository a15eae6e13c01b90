"""The drivers' own errors, told by name: only the driver that the database needs is ever imported."""


def is_asyncpg(error: BaseException | None, name: str) -> bool:
    """Whether it is asyncpg's error of that name, or a kind of it."""
    kinds = type(error).__mro__
    return any(kind.__name__ == name and kind.__module__.partition(".")[0] == "asyncpg" for kind in kinds)

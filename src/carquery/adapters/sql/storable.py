"""Words from outside, made fit for a database."""


def storable(words: str) -> str:
    """The words without what no database takes (NUL, half a surrogate pair): one odd text would fail every pass."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()

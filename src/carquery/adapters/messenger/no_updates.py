"""When customers are not heard."""


class NoUpdates(Exception):
    """They do not come in; in a few words, without addresses."""

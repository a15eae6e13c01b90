"""What stops a start; told without the client library, for whoever has no Redis."""


class RedisRefused(Exception):
    """Redis can't be used as configured: it is not there, or refuses the password."""

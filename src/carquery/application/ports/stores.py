"""What every store may answer instead of a result."""


class StoreUnavailable(Exception):
    """The store can't be reached, or did not answer in time.

    Of a write it is unknown whether it was done; load before trying again.
    """


class StoreRefused(StoreUnavailable):
    """The store is there and does not let us in: a wrong password, no such database. Waiting changes nothing."""

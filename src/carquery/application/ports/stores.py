"""What every store may answer instead of a result."""


class StoreUnavailable(Exception):
    """The store can't be reached, or did not answer in time.

    Of a write it is unknown whether it was done; load before trying again.
    """

"""What things are called in Redis.

What belongs to one customer has one tag in braces, that of the customer's bucket, so that it stays together in a
cluster, with what a bucket's customers share.
"""

from binascii import crc32
from typing import Final

from carquery.adapters.stored.before_channels import number_of
from carquery.domain.ids import Channel, CustomerId

BUCKETS: Final = 64
"""Enough to be spread over some masters; few enough to be looked through one by one."""


def bucket_of(customer: CustomerId) -> int:
    """The customer's bucket, always the same one."""
    return crc32(str(customer).encode()) % BUCKETS


def visit_key(customer: CustomerId) -> str:
    """Of the hash that is the customer's visit."""
    return f"carquery:{{{bucket_of(customer)}}}:{customer.channel}:{customer.number}:visit"


def visit_key_before(customer: CustomerId) -> str | None:
    """What the version before calls the visit of a customer whom it knows; it can't run on a cluster."""
    number = number_of(customer)
    return None if number is None else f"carquery:{{{number}}}:visit"


def aside_key(customer: CustomerId) -> str:
    """Of the hash that has what was set aside of the customer's inputs."""
    return f"carquery:{{{bucket_of(customer)}}}:{customer.channel}:{customer.number}:aside"


def owed_key(customer: CustomerId) -> str:
    """Of the sorted set in which this customer is while something is owed."""
    return _owed_key(customer.channel, bucket_of(customer))


def owed_keys(channel: Channel) -> list[str]:
    """All such sets of a channel's customers."""
    return [_owed_key(channel, bucket) for bucket in range(BUCKETS)]


def _owed_key(channel: Channel, bucket: int) -> str:
    return f"carquery:{{{bucket}}}:{channel}:owed"

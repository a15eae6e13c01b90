"""Identities. Each is a type of its own, so that one can't be passed for another."""

import re
from dataclasses import field
from typing import Final, NewType

from carquery.domain.values import dataclass

Channel = NewType("Channel", str)
"""The short name of a messenger, which its adapter has given it: 1 … 16 of `a-z0-9_`, a letter first."""

_CHANNEL: Final = re.compile(r"[a-z][a-z0-9_]{0,15}", re.ASCII)
_NUMBER: Final = re.compile(r"[!-z|~]{1,64}", re.ASCII)
"""What can be seen, without spaces; no braces, which have a meaning in the names of stored things."""


class NotACustomer(ValueError):
    """What was read is not the id of a customer; it is not quoted."""

    def __init__(self) -> None:
        super().__init__("a customer is a channel, a colon and the customer's number there, such as chat:123")


@dataclass(frozen=True, slots=True)
class CustomerId:
    """A customer: the same number in two channels is two customers. Written `channel:number`.

    Attributes:
        number: what the channel calls the customer: 1 … 64 visible ASCII characters but braces, opaque to all others.

    Raises:
        NotACustomer: it can't be one.
    """

    channel: Channel
    number: str
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (_CHANNEL.fullmatch(self.channel) and _NUMBER.fullmatch(self.number)):
            raise NotACustomer
        object.__setattr__(self, "_hash", hash((self.channel, self.number)))

    def __hash__(self) -> int:
        """Made once: an update looks for its customer in some thirty places."""
        return self._hash

    @classmethod
    def read(cls, written: str) -> "CustomerId":
        """Read what `str` wrote. Raises NotACustomer."""
        channel, _, number = written.partition(":")
        return cls(Channel(channel), number)

    def __str__(self) -> str:
        return f"{self.channel}:{self.number}"


DialogId = NewType("DialogId", str)
"""13 characters of Crockford's base 32: 65 random bits, so that a button's dialog can't be guessed."""

LeadId = NewType("LeadId", str)
"""A lead has the id of the dialog it was collected in: a second tap on «Отправить» finds the first lead."""

AmendmentId = NewType("AmendmentId", str)
"""An amendment has the id of the dialog it was made in, a cancellation that of its lead: made twice, it is one."""

MessageId = NewType("MessageId", str)
"""13 characters of Crockford's base 32 for one free message: its row in the journal, and the form offered after it."""

InputId = NewType("InputId", str)
"""What the customer's channel calls one input; a repeat carries the same one. Opaque to all others."""

MessageToken = NewType("MessageToken", str)
"""By it, the customer's channel finds the message that shows the current screen. Opaque to all others."""

FileId = NewType("FileId", str)
"""What the customer's channel calls a photo or another file that it keeps. Opaque to all others."""

Reference = NewType("Reference", str)
"""`CQ-` and six characters of Crockford's base 32, unique; what customers and managers call a lead by."""

Source = NewType("Source", str)
"""Where the customer came from: a deep link's payload, 1 … 64 characters of `A-Za-z0-9_-`."""

StaffId = NewType("StaffId", str)
"""A member of the staff chat: 1 … 20 digits, by which the messenger that it is in knows them."""

CrmPipelineId = NewType("CrmPipelineId", int)
"""The CRM's number for a pipeline. Opaque to all others, as the next two."""

CrmStatusId = NewType("CrmStatusId", int)
"""The CRM's number for a stage of a pipeline."""

CrmUserId = NewType("CrmUserId", int)
"""The CRM's number for one who works in it."""

"""Ids and chances from the operating system's source of chance."""

import secrets

from carquery.domain.ids import DialogId, MessageId, Reference
from carquery.domain.reference import CROCKFORD

ID_LENGTH = 13
REFERENCE_LENGTH = 6


class SystemRandomness:
    """Draws what can't be guessed."""

    def dialog_id(self) -> DialogId:
        return DialogId(_drawn(ID_LENGTH))

    def message_id(self) -> MessageId:
        return MessageId(_drawn(ID_LENGTH))

    def reference(self) -> Reference:
        return Reference(f"CQ-{_drawn(REFERENCE_LENGTH)}")

    def chance(self) -> float:
        return secrets.randbelow(1 << 53) / (1 << 53)


def _drawn(length: int) -> str:
    """Of chance that is asked for at once: a call of the system costs more than a letter."""
    return "".join(CROCKFORD[byte % len(CROCKFORD)] for byte in secrets.token_bytes(length))  # 32 divides 256

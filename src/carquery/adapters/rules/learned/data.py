"""What ships to be learned from: files of messages, what the menu's forms say that customers say, kinds of words."""

import hashlib
from pathlib import Path
from typing import Final

from carquery.adapters.rules.learned.kin import KIN
from carquery.domain.forms.catalogue import ON_THE_MENU
from carquery.domain.forms.form import Service

MESSAGES: Final = Path(__file__).parents[1] / "data" / "messages"
"""A folder of JSON lines; its README says who wrote what."""


def message_files() -> list[Path]:
    """The files of messages that ship."""
    return sorted(MESSAGES.glob("*.jsonl"))


def phrases_of_wishes() -> list[tuple[Service, str]]:
    """The phrases of the wishes, with their services."""
    return [(form.service, phrase) for form in ON_THE_MENU for phrase in form.wish.said]


def hash_of_data() -> str:
    """The SHA-256 of it all; line ends don't matter."""
    content = hashlib.sha256()
    for service, phrase in phrases_of_wishes():
        content.update(f"{service} {phrase}\n".encode())
    for file in (*message_files(), KIN):
        content.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return content.hexdigest()

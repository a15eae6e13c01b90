"""What a person did in a chat, in order: what a recording of it is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

ActKind: TypeAlias = Literal["text", "press", "contact", "photos", "voice", "video", "file", "other", "edit"]


@dataclass(frozen=True, slots=True)
class CustomerAct:
    """One thing that was done.

    Attributes:
        text: what was written, the button's label, the file's name.
        caption: the words under photos or a file.
        count: of photos.
        message: what was written, or edited, has this id; 0 if it is no message.
    """

    kind: ActKind
    text: str = ""
    caption: str = ""
    count: int = 0
    message: int | str = 0

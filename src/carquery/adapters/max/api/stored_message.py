"""A message as MAX keeps it: what we need when we ask for it again."""

from msgspec import Raw, Struct
from msgspec.json import Decoder


class _Contents(Struct, frozen=True):
    text: str | None = None
    attachments: list[Raw] | None = None


class _ForwardedContents(Struct, frozen=True):
    message: _Contents | None = None


class StoredMessage(Struct, frozen=True):
    """Of one that forwards another, that one's contents stand in `link`."""

    body: _Contents | None = None
    link: _ForwardedContents | None = None

    @property
    def text(self) -> str:
        return (self.body and self.body.text) or ""

    def attachment(self, index: int, *, is_forwarded: bool) -> "StoredAttachment | None":
        """The one at that place; `None`: there is none that can be had."""
        forwarded = None if self.link is None else self.link.message
        contents = forwarded if is_forwarded else self.body
        attachments = (contents and contents.attachments) or []
        if index >= len(attachments):
            return None
        try:
            return _ATTACHMENTS.decode(attachments[index])
        except ValueError:
            return None


class AttachmentAddress(Struct, frozen=True):
    url: str | None = None
    token: str | None = None


class StoredAttachment(Struct, frozen=True):
    """A photo, a file, a video, a voice; `payload` says where its content is, for a while. `size`: bytes, of a file."""

    payload: AttachmentAddress
    size: object = None


_ATTACHMENTS = Decoder(StoredAttachment)

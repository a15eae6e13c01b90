"""What a message of a customer gives: words, photos and files, a voice, a contact card, or nothing of use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from mimetypes import MimeTypes
from typing import Final, TypeAlias

from carquery.adapters.max.channel import AttachmentKind, AttachmentPlace
from carquery.adapters.max.updates.wire import AttachmentPayload, MaxAttachment, MaxMessage, MessageBody
from carquery.adapters.messenger.uploaded_files import IMAGE_ENDINGS, LARGEST_FILE, ending_of, kept_name
from carquery.domain.answers import Unexpected
from carquery.domain.attachments import Parcel, SentFile
from carquery.domain.ids import FileId
from carquery.domain.typed_text import clean

CONTACT: Final = "contact"

_KINDS: Final = {str(kind): kind for kind in AttachmentKind}
_VOICE: Final = "голосовое сообщение"
_VOICES: Final = "audio/ogg"
_UNKNOWN: Final = "application/octet-stream"
_UNNAMED: Final = {
    AttachmentKind.FILE: ("файл", _UNKNOWN),
    AttachmentKind.VIDEO: ("видео.mp4", "video/mp4"),
    AttachmentKind.AUDIO: (f"{_VOICE}.ogg", _VOICES),
}
"""What each kind is called, and what it is, if MAX does not say, which tells names of files alone."""
_ENDINGS: Final = MimeTypes()
"""The language's own table: those of machines differ."""
_NO_FOLDERS: Final = str.maketrans("/\\", "  ")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A voice message that MAX has written down. `recording`: itself; its name says what was heard."""

    text: str
    recording: SentFile


@dataclass(frozen=True, slots=True)
class Card:
    """A contact card, unread."""

    payload: AttachmentPayload


Content: TypeAlias = str | Parcel | Spoken | Card | Unexpected


def content_of(message: MaxMessage) -> Content:
    """What a message gives. Several attachments are one parcel, with the text as its words."""
    text = text_of(message)
    for _, one in _attached(message):
        if one.type == CONTACT and one.payload is not None:
            return Card(one.payload)
    files = list(_files(message))
    if not text and (spoken := _spoken(files)) is not None:
        return spoken
    parcel = _parcel(files, text)
    if parcel.photos or parcel.files or parcel.too_large:
        return parcel
    return text or Unexpected()


def text_of(message: MaxMessage) -> str:
    """Its own words, and those of the message that it sends on; empty: none that say anything."""
    written = (part.text for part in (message.body, message.forwarded) if part is not None)
    return "\n".join(text for text in written if text and clean(text))


def holds_files(message: MaxMessage) -> bool:
    """Whether its words stand under photos or files."""
    return any(True for _ in _files(message))


def _attached(message: MaxMessage) -> Iterator[tuple[tuple[MessageBody, int], MaxAttachment]]:
    """Each attachment, with the part of the message that it belongs to and its number there."""
    for part in (message.body, message.forwarded):
        if part is not None:
            for index, one in enumerate(part.attachments or ()):
                if one is not None:
                    yield (part, index), one


def _files(message: MaxMessage) -> Iterator[tuple[AttachmentPlace, MaxAttachment]]:
    """Each photo and file, and where it stands."""
    own = None if message.body is None else message.body.mid
    for (part, index), one in _attached(message):
        kind, asked_for = _KINDS.get(one.type), own or part.mid
        if kind is not None and asked_for:
            is_forwarded = part is message.forwarded and own is not None
            yield AttachmentPlace(kind, asked_for, index, is_forwarded=is_forwarded), one


def _spoken(files: Sequence[tuple[AttachmentPlace, MaxAttachment]]) -> Spoken | None:
    match files:
        case [(AttachmentPlace(kind=AttachmentKind.AUDIO) as place, MaxAttachment(transcription=str(heard)))]:
            said = clean(heard, multiline=True)
            name = kept_name(f"{_VOICE}, распознано «{said}».ogg".translate(_NO_FOLDERS))
            return Spoken(said, SentFile(place.file, name, _VOICES)) if said else None
        case _:
            return None


def _parcel(files: Sequence[tuple[AttachmentPlace, MaxAttachment]], text: str) -> Parcel:
    photos: list[FileId] = []
    others: list[SentFile] = []
    words = [text] if text else []
    too_large = 0
    for place, one in files:
        if one.transcription and clean(one.transcription):
            words.append(one.transcription)
        if (one.size or 0) > LARGEST_FILE:
            too_large += 1
            continue
        file = _file(place, one)
        if place.kind is AttachmentKind.IMAGE or file.content_type in IMAGE_ENDINGS.values():
            photos.append(file.id)
        else:
            others.append(file)
    return Parcel(tuple(photos), tuple(others), too_large, tuple(words))


def _file(place: AttachmentPlace, attachment: MaxAttachment) -> SentFile:
    usual_name, usual_type = _UNNAMED.get(place.kind, ("", _UNKNOWN))
    name = kept_name(attachment.filename or "")
    if not name:
        return SentFile(place.file, usual_name, usual_type)
    known = IMAGE_ENDINGS.get(ending_of(name)) or _ENDINGS.guess_type(name)[0]
    return SentFile(place.file, name, known or usual_type)

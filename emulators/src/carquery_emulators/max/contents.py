"""What people send besides text, as MAX describes it."""

import hashlib
import hmac
from typing import Literal, TypeAlias, get_args

from carquery_emulators.kit.json_types import Json
from carquery_emulators.max.files import FileKind, MaxFile, MaxFiles
from carquery_emulators.max.state import Attachment

Hash: TypeAlias = Literal["valid", "wrong", "missing"]
MaxKind: TypeAlias = Literal["sticker", "voice", "audio", "video", "location", "share", "contact", "unknown"]
"""`contact` is somebody else's card, out of the address book; `unknown` is a type that came after this was written."""
KINDS: tuple[MaxKind, ...] = get_args(MaxKind)
MaxUploadKind: TypeAlias = Literal["audio", "voice", "video"]


def file_attachment(file: MaxFile) -> Attachment:
    """A picture, a video, a recording or a document."""
    match file.kind:
        case "image":
            return Attachment({"type": "image"}, file)
        case "file":
            return Attachment({"type": "file", "filename": file.name, "size": file.size}, file)
        case "video":
            return Attachment({"type": "video", "width": 640, "height": 480, "duration": 5}, file)
        case "audio":
            return Attachment({"type": "audio", "transcription": None}, file)
        case "sticker":
            return Attachment({"type": "sticker", "payload": {"code": "car"}, "width": 512, "height": 512}, file)


def voice_attachment(file: MaxFile, transcription: str | None) -> Attachment:
    return Attachment({"type": "audio", "transcription": transcription}, file)


def contact_attachment(
    phone: str, name: str, owner: Json | None, *, token: str, proof: Hash, literal_breaks: bool = False
) -> Attachment:
    """A card.

    Args:
        owner: the platform's User, if the person is in MAX.
        token: the bot's; the hash is made with it.
        literal_breaks: write the card's line breaks as a backslash and a letter. The hash is of the real ones.
    """
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"TEL;TYPE=cell:{phone.lstrip('+')}", f"FN:{name}", "END:VCARD", "")
    card = "\r\n".join(lines)
    payload: Json = {"vcf_info": card.replace("\r\n", r"\r\n") if literal_breaks else card, "max_info": owner}
    if proof != "missing":
        key = token if proof == "valid" else f"not {token}"
        payload["hash"] = hmac.new(key.encode(), card.encode(), hashlib.sha256).hexdigest()
    return Attachment({"type": "contact", "payload": payload})


def content_of(kind: MaxKind, files: MaxFiles) -> Attachment:
    """An attachment of this kind."""
    match kind:
        case "voice" | "audio":
            return file_attachment(_made(files, "audio"))
        case "video" | "sticker":
            return file_attachment(_made(files, kind))
        case "location":
            return Attachment({"type": "location", "latitude": 55.751244, "longitude": 37.618423})
        case "share":
            shared = {"url": "https://example.org/car", "token": "f9LHodShare"}
            return Attachment({"type": "share", "payload": shared, "title": "Лада", "description": None})
        case "contact":
            return contact_attachment("+79035550101", "Пётр Иванов", None, token="", proof="missing")
        case "unknown":
            return Attachment({"type": "hologram", "payload": {"token": "f9LHodHologram"}})


def _made(files: MaxFiles, kind: FileKind) -> MaxFile:
    return files.add(b"\0" * 16, kind)

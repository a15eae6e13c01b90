"""Photos and other files of the deal: fetched from the messenger, uploaded to the account's drive, attached."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from carquery.adapters.amocrm.batches import Outcomes
from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.notes_and_tasks import Notes
from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AmoReason
from carquery.adapters.amocrm.wire import AttachedRow, DriveRow, FileRow, SessionRow, UnreadableAnswer, read_as, rows_as
from carquery.application.leads import crm_texts
from carquery.application.ports.crm import (
    CrmBusy,
    CrmFailure,
    CrmMade,
    CrmOutcome,
    CrmRefused,
    Permit,
)
from carquery.application.ports.sent_files import FileContent, FileGone, FilesAway, SentFiles
from carquery.domain.attachments import SentFile
from carquery.domain.effects import NOTHING_TO_MAKE, CrmId, Effect
from carquery.domain.ids import FileId, LeadId
from carquery.domain.lead import Lead
from carquery.domain.reason import Reason

EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
}
USUAL_PICTURE: Final = "image/jpeg"
"""Telegram makes a JPEG of nearly every photo."""

_ITS_FAULT: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""What amoCRM answers where it does not want one kind of file."""


@dataclass(frozen=True, slots=True)
class _Attachment:
    """One photo or file of a lead.

    Attributes:
        mark: how its name in the CRM begins; by it, it is known again.
        number: counted from 1, among the photos or among the files.
        sent: what its sender said of it; `None` if it is a photo.
    """

    file: FileId
    mark: str
    number: int
    sent: SentFile | None = None

    def named(self, found: FileContent) -> tuple[str, str]:
        """Its name in the CRM, and its content type."""
        if self.sent is not None:
            return f"{self.mark}{self.sent.name}", self.sent.content_type
        kind = found.picture_type or USUAL_PICTURE
        return f"{self.mark}{EXTENSIONS.get(kind, 'jpg')}", kind

    def left_out(self, why: Reason) -> Reason:
        """It can't be attached."""
        if self.sent is not None:
            return AmoReason.FILE(why, name=self.sent.name)
        return AmoReason.PHOTO(why, number=self.number)

    def is_among(self, names: Sequence[str]) -> bool:
        return any(name.startswith(self.mark) for name in names)


@dataclass(frozen=True, slots=True)
class _Uploads:
    """What was uploaded, and why the rest was not."""

    uuids: list[str] = field(default_factory=list)
    left_out: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Files:
    """A file is known by its name, which holds the reference: whatever is attached already is not uploaded again.

    Attributes:
        notes: where it is said what could not be attached; `None`: whoever attaches it says it.
    """

    client: AmoCrmClient
    sent_files: SentFiles
    notes: Notes | None

    async def make(self, leads: Sequence[Lead], permit: Permit) -> Outcomes:
        """Attach each lead's photos and files. Raises StoreUnavailable."""
        return {lead.id: await self._outcome(lead, permit) for lead in leads}

    async def find(self, leads: Sequence[Lead]) -> Mapping[LeadId, CrmId]:
        """The deals of those whose photos and files are all attached. Raises CrmFailure."""
        found: dict[LeadId, CrmId] = {}
        try:
            for lead in leads:
                if not lead.attached:
                    found[lead.id] = NOTHING_TO_MAKE
                    continue
                drive, attached = await self._drive(), await self._attached(lead)
                names = [await self._name(drive, uuid) for uuid in attached]
                if all(attachment.is_among(names) for attachment in _attachments(lead)):
                    found[lead.id] = lead.made[Effect.LEAD]
        except Refusal as refusal:
            raise CrmBusy(refusal.reason) from refusal
        except UnreadableAnswer as unreadable:
            raise CrmBusy(AmoReason.ODD_ANSWER(path="/v1.0/files", found=unreadable)) from unreadable
        return found

    async def _outcome(self, lead: Lead, permit: Permit) -> CrmOutcome:
        if not lead.attached:
            return CrmMade(NOTHING_TO_MAKE)
        try:
            return await self._attach(lead, permit)
        except CrmFailure as failure:
            return failure
        except FilesAway as away:
            return CrmBusy(AmoReason.MESSENGER_AWAY(found=away))
        except UnreadableAnswer as unreadable:
            return CrmBusy(AmoReason.ODD_ANSWER(path="/v1.0/files", found=unreadable))
        except Refusal as refusal:
            return CrmRefused(refusal.reason)

    async def _attach(self, lead: Lead, permit: Permit) -> CrmMade:
        deal = lead.made[Effect.LEAD]
        attached = await self._attached(lead)
        uploads = await self._upload_missing(lead, attached, permit)
        if uploads.uuids:
            # Those that are attached already too: right whether amoCRM adds or replaces.
            body = [{"file_uuid": uuid} for uuid in (*attached, *uploads.uuids)]
            await self.client.write("PUT", _path(lead), body, permit=permit)
        made = CrmMade(deal, tuple(uploads.left_out))
        if made.left_out:
            await self._say_in_note(lead, made, permit)
        return made

    async def _upload_missing(self, lead: Lead, attached: Sequence[str], permit: Permit) -> _Uploads:
        uploads = _Uploads()
        try:
            drive = await self._drive()
            names = [await self._name(drive, uuid) for uuid in attached]
            for attachment in _attachments(lead):
                if not attachment.is_among(names):
                    await self._upload_one(drive, lead, attachment, uploads, permit)
        except Refusal as refusal:
            if not refusal.is_scope:
                raise
            uploads.left_out.append(AmoReason.NO_ACCESS_TO_FILES(*_all_of(lead)))
        return uploads

    async def _upload_one(
        self, drive: str, lead: Lead, attachment: _Attachment, uploads: _Uploads, permit: Permit
    ) -> None:
        """A file that can't be had, or that amoCRM does not want, is left out: it must not cost the others."""
        try:
            found = await self._read(lead, attachment)
            uploads.uuids.append(await self._upload(drive, attachment, found, permit))
        except FileGone:
            uploads.left_out.append(attachment.left_out(AmoReason.NOT_IN_MESSENGER()))
        except Refusal as refusal:
            if attachment.sent is None or refusal.is_scope or refusal.status not in _ITS_FAULT:
                raise
            uploads.left_out.append(attachment.left_out(refusal.reason))

    async def _read(self, lead: Lead, attachment: _Attachment) -> FileContent:
        if lead.customer is None:
            raise FileGone  # whoever was erased meanwhile
        return await self.sent_files.read(lead.customer.channel, attachment.file)

    async def _attached(self, lead: Lead) -> Sequence[str]:
        return [row.file_uuid for row in rows_as(AttachedRow, await self.client.read(_path(lead)), "files")]

    async def _drive(self) -> str:
        account = await self.client.read("/api/v4/account", params={"with": "drive_url"})
        return read_as(DriveRow, account).drive_url.rstrip("/")

    async def _name(self, drive: str, uuid: str) -> str:
        """What a file that is attached is called; nothing if it is gone from the drive."""
        try:
            file = await self.client.read(f"{drive}/v1.0/files/{uuid}")
        except Refusal as refusal:
            if refusal.status != HTTPStatus.NOT_FOUND:
                raise
            return ""
        return "" if file is None else read_as(FileRow, file).name

    async def _upload(self, drive: str, attachment: _Attachment, found: FileContent, permit: Permit) -> str:
        name, content_type = attachment.named(found)
        asked = {"file_name": name, "file_size": len(found.content), "content_type": content_type}
        session = read_as(SessionRow, await self.client.write("POST", f"{drive}/v1.0/sessions", asked, permit=permit))
        url, answer = session.upload_url, None
        for start in range(0, len(found.content), session.max_part_size):
            part = found.content[start : start + session.max_part_size]
            answer = await self.client.upload(url, part, content_type, permit=permit)
            url = answer.get("next_url", url) if isinstance(answer, dict) else url
        return read_as(FileRow, answer).uuid

    async def _say_in_note(self, lead: Lead, made: CrmMade, permit: Permit) -> None:
        if self.notes is None:
            return
        with suppress(Refusal):  # whoever runs the bot hears of what was left out anyway
            await self.notes.rewrite(lead.with_made(Effect.FILES, made.id, left_out=made.left_out), permit)


def _path(lead: Lead) -> str:
    return f"/api/v4/leads/{lead.made[Effect.LEAD]}/files"


def _attachments(lead: Lead) -> Iterator[_Attachment]:
    for number, photo in enumerate(lead.photos, start=1):
        yield _Attachment(photo, crm_texts.photo_mark(lead, number), number)
    for number, sent in enumerate(lead.files, start=1):
        yield _Attachment(sent.id, crm_texts.file_mark(lead, number), number, sent)


def _all_of(lead: Lead) -> Iterator[Reason]:
    if lead.photos:
        yield AmoReason.PHOTOS(count=len(lead.photos))
    if lead.files:
        yield AmoReason.FILES(count=len(lead.files))

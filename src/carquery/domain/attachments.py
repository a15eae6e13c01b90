"""What customers send besides words: photos and other files, kept with the lead."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from carquery.domain.ids import FileId
from carquery.domain.values import dataclass

MOST_PHOTOS = 10
MOST_FILES = 5

TOO_MANY_PHOTOS = f"Можно приложить до {MOST_PHOTOS} фото: первые {MOST_PHOTOS} сохранены, остальные не добавлены"
TOO_MANY_FILES = f"Можно приложить до {MOST_FILES} файлов: первые {MOST_FILES} сохранены, остальные не добавлены"
TOO_LARGE = "Файл больше 20 МБ приложить не получится: пришлите файл поменьше, например короткое видео или обычное фото"
"""One that the messenger would not give us."""

Sent = TypeVar("Sent")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that is no photo: a video, a voice message, a document.

    Attributes:
        name: what its sender called it, or what it is, on one line; with its ending, where that is known.
        content_type: such as `video/mp4`.
    """

    id: FileId
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What came in one message, or in the messages of one album.

    Attributes:
        too_large: how many files the messenger would not give us.
        words: what was written under each, in their order; none of them blank.
    """

    photos: tuple[FileId, ...] = ()
    files: tuple[SentFile, ...] = ()
    too_large: int = 0
    words: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All the words."""
        return "\n".join(self.words)


@dataclass(frozen=True, slots=True)
class Attachments:
    """Photos and other files that stand beside the answers, in the order they came."""

    photos: tuple[FileId, ...] = ()
    files: tuple[SentFile, ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Title and number of what there is, as people read them."""
        photos = (("Фотографии", f"{len(self.photos)} фото"),) if self.photos else ()
        files = (("Файлы", str(len(self.files))),) if self.files else ()
        return (*photos, *files)

    def with_parcel(self, parcel: Parcel) -> tuple["Attachments", str]:
        """These and those of a parcel, as far as there is room; and why the rest is not taken, if any."""
        photos = Gathering.of(self.photos, parcel.photos, most=MOST_PHOTOS)
        files = Gathering.of(self.files, parcel.files, most=MOST_FILES)
        refused = told(
            TOO_MANY_PHOTOS if photos.refused else "",
            TOO_MANY_FILES if files.refused else "",
            TOO_LARGE if parcel.too_large else "",
        )
        return Attachments(photos.kept, files.kept), refused


NOTHING_ATTACHED = Attachments()


@dataclass(frozen=True, slots=True)
class Gathering(Generic[Sent]):
    """What is kept after more of a kind was sent. `refused`: how many there was no room for."""

    kept: tuple[Sent, ...]
    refused: int

    @classmethod
    def of(cls, kept: Sequence[Sent], sent: Sequence[Sent], *, most: int) -> "Gathering[Sent]":
        """Add what was not sent before, as far as there is room."""
        new = [one for one in sent if one not in kept]
        room = max(most - len(kept), 0)
        return cls((*kept, *new[:room]), len(new[room:]))


def told_of_photos(sent: int, photos: Gathering[FileId]) -> str:
    """What became of photos that nobody had asked for just then."""
    if not sent or photos.refused:
        return TOO_MANY_PHOTOS if photos.refused else ""
    return f"Фото приложим к заявке ({len(photos.kept)} из {MOST_PHOTOS})"


def told_of_files(sent: int, files: Gathering[SentFile]) -> str:
    """What became of files."""
    if not sent or files.refused:
        return TOO_MANY_FILES if files.refused else ""
    which = "Файл" if sent == 1 else "Файлы"
    return f"{which} приложим к заявке ({len(files.kept)} из {MOST_FILES})"


def told(*sentences: str) -> str:
    """Several sentences, none of which ends in a full stop, as one remark; empty ones are left out."""
    return ". ".join(sentence for sentence in sentences if sentence)

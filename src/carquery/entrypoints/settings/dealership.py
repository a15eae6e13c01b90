"""What the dealership says of itself: a file that its owner writes."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from carquery.adapters.dealership_file.file import DealershipFile
from carquery.adapters.dealership_file.reading import WrongFile
from carquery.entrypoints.settings.part import SettingsPart
from carquery.entrypoints.settings.variables.complaints import Complaint


def _usual() -> Path | None:
    path = Path("dealership.toml")
    return path if path.is_file() else None


class DealershipSettings(SettingsPart):
    """Where that file is."""

    dealership_file: Path | None = Field(
        default_factory=_usual, description="a file like dealership.example.toml, or nothing for dealership.toml"
    )

    def contradictions(self) -> Iterator[Complaint]:
        yield from super().contradictions()
        try:
            DealershipFile(self.dealership_file)
        except WrongFile as wrong:
            for mistake in wrong.mistakes:
                said = ": ".join(filter(None, (str(self.dealership_file), mistake.where, mistake.what)))
                yield Complaint(("dealership_file",), said, mistake.expected)

"""The dealership's file, and what it told when it was read last."""

from pathlib import Path

from carquery.adapters.dealership_file.reading import read_dealership
from carquery.domain.dealership.dealership import NEUTRAL, Dealership


class DealershipFile:
    """`path`: None: there is no file, and nothing is told. Raises WrongFile."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._told = self._read()

    def __call__(self) -> Dealership:
        """As `ToldOfDealership` promises."""
        return self._told

    def reload(self) -> None:
        """Read the file again. Raises WrongFile: what was told before stands."""
        self._told = self._read()

    def _read(self) -> Dealership:
        return NEUTRAL if self._path is None else read_dealership(self._path)

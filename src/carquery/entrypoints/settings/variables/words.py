"""Words in the settings, in any case."""

from typing import Final

from pydantic import BeforeValidator

IN_CAPITALS: Final = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
IN_SMALL_LETTERS: Final = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)

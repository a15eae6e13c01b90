"""What people read of a failure."""

import re
from collections.abc import Callable

from carquery.adapters.amocrm.problems import Refusal
from carquery.adapters.amocrm.reasons import AMOCRM
from carquery.application.ports.crm import CrmFailure


def in_russian(failure: BaseException) -> str:
    """What the staff reads; of a store's failure, what it says."""
    return AMOCRM.reasons.russian(failure.reason) if isinstance(failure, CrmFailure | Refusal) else str(failure)


def saying(words: str) -> Callable[[BaseException], bool]:
    """For `pytest.raises`: the staff reads these words, a regular expression."""
    return lambda failure: re.search(words, in_russian(failure)) is not None

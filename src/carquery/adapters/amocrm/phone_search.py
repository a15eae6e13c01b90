"""Finding the contact with a phone, whether amoCRM's search compares digits or what was written.

Its documentation does not say which. Users describe a plain substring search over stored values, to which
«8 (916) 111-00-02» does not contain 9161110002.
"""

import re
from collections.abc import Iterator
from typing import Final

from carquery.adapters.amocrm.client import AmoCrmClient
from carquery.adapters.amocrm.linked_deals import LinkedDeals
from carquery.adapters.amocrm.listing import PAGE, rows_of
from carquery.adapters.amocrm.wire import ContactRow
from carquery.domain.contact import Phone
from carquery.domain.manager_phones import is_number_of

PATH: Final = "/api/v4/contacts"

_NO_DIGIT: Final = re.compile(r"[^0-9]")

SEARCHED_DIGITS: Final = 10
"""«8999…» and «+7999…» are different strings to amoCRM: without the country's code they are one."""


class PhoneSearch:
    """What is found is trusted only if its phone is the one sought: the search looks into every field.

    Attributes:
        compares_digits: amoCRM has found a number that is written otherwise than it was asked for; from then on it is
            asked once only.
    """

    def __init__(self, client: AmoCrmClient, linked: LinkedDeals | None = None) -> None:
        self._client = client
        self._linked = linked
        self.compares_digits = False
        self._is_learnt = False

    async def learn(self) -> None:
        """Find out whether it compares digits, by a contact that stands there: two requests, once.

        Worth it before many are sought who are all new, as in a backlog. Raises CrmFailure.
        """
        if self.compares_digits or self._is_learnt:
            return
        params = {"limit": str(PAGE), "order[id]": "desc"}
        newest = await rows_of(self._client, ContactRow, PATH, "contacts", params)
        for row in reversed(newest):  # the search may not know the newest yet
            if (query := _digits_not_written(row)) is not None:
                found = await rows_of(self._client, ContactRow, PATH, "contacts", {"query": query, "limit": str(PAGE)})
                self.compares_digits = any(one.id == row.id for one in found)
                break
        self._is_learnt = True

    async def oldest(self, phone: Phone, *, is_thorough: bool) -> ContactRow | None:
        """The oldest contact with that phone: managers know it longest, and everyone who asks gets the same.

        Args:
            is_thorough: ask for rarer spellings too; each costs a request.

        Raises:
            CrmFailure.
        """
        also = {} if self._linked is None else self._linked.asked_for
        for query in _queries(phone, is_thorough=is_thorough):
            params = {"query": query, "limit": str(PAGE), "order[id]": "asc"}
            rows = await rows_of(self._client, ContactRow, PATH, "contacts", {**params, **also})
            theirs = [row for row in rows if is_of(phone, row)]
            self.compares_digits |= any(not _says(row, query) for row in theirs)
            if theirs or self.compares_digits:
                return min(theirs, key=lambda row: row.id, default=None)
        return None


def is_of(phone: Phone | None, row: ContactRow) -> bool:
    """Whether it is the phone of that contact, and the contact was not deleted."""
    return phone is not None and not row.is_deleted and any(is_number_of(phone, written) for written in row.phones)


def _queries(phone: Phone, *, is_thorough: bool) -> Iterator[str]:
    """The number as sites and telephony store it, then its end as people write it, the commonest spelling first."""
    yield phone.e164[-SEARCHED_DIGITS:]
    last = phone.e164[-7:-4], phone.e164[-4:-2], phone.e164[-2:]
    yield "-".join(last)
    if is_thorough:
        yield " ".join(last)
        yield "".join(last)


def _digits_not_written(row: ContactRow) -> str | None:
    """The digits of a phone of the contact in which they are parted by other signs."""
    numbers = (_NO_DIGIT.sub("", written)[-SEARCHED_DIGITS:] for written in row.phones if not row.is_deleted)
    return next((digits for digits in numbers if len(digits) == SEARCHED_DIGITS and not _says(row, digits)), None)


def _says(row: ContactRow, query: str) -> bool:
    """Whether those very characters stand in it."""
    values = (value.words for field in row.custom_fields_values for value in field.values)
    return any(query in words for words in (row.name or "", *values))

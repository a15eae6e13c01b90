"""Secrets at rest."""

import pytest

from carquery.adapters.amocrm.ports import TokensUnreadable
from carquery.adapters.sql.seal import Seal

OLD, NEW = "the key that was", "the key that is"


def test_what_is_sealed_shows_nothing_and_opens() -> None:
    sealed = Seal((NEW,)).close("def50200secret")

    assert "def50200secret" not in sealed
    assert Seal((NEW,)).open(sealed) == "def50200secret"


def test_a_new_key_beside_the_old_one_opens_what_the_old_one_sealed() -> None:
    assert Seal((NEW, OLD)).open(Seal((OLD,)).close("secret")) == "secret"


def test_the_first_key_seals() -> None:
    assert Seal((NEW,)).open(Seal((NEW, OLD)).close("secret")) == "secret"


@pytest.mark.parametrize("keys", [(NEW,), ()], ids=["another", "none"])
def test_without_its_key_it_stays_shut_and_says_which_variable(keys: tuple[str, ...]) -> None:
    with pytest.raises(TokensUnreadable, match="SECRET_KEY"):
        Seal(keys).open(Seal((OLD,)).close("secret"))


def test_what_was_stored_before_there_was_a_key_is_read() -> None:
    assert Seal((NEW,)).open(Seal(()).close("secret")) == "secret"

"""Which addresses get the bearer."""

import pytest

from carquery.adapters.amocrm.hosts import is_this_machine, may_have_bearer

DEALER = "https://dealer.amocrm.ru"
LOCAL = "http://127.0.0.1:8090"


@pytest.mark.parametrize(
    "url",
    [
        "https://dealer.amocrm.ru/api/v4/account",
        "https://DEALER.amocrm.RU/api/v4/account",
        "https://drive-b.amocrm.ru/v1.0/sessions?x=1",
        "https://api-a.amocrm.ru/oauth2/account/current/subdomain",
        "https://drive-c.kommo.com/v1.0/files",
        "https://dealer.amocrm.com",
        "https://dealer.amocrm.ru:443/",
    ],
)
def test_amocrm_s_own_hosts_get_it(url: str) -> None:
    assert may_have_bearer(url, DEALER)


@pytest.mark.parametrize(
    "url",
    [
        "http://dealer.amocrm.ru/",
        "https://evil.example/",
        "https://evilamocrm.ru/",
        "https://dealer.amocrm.ru.evil.example/",
        "https://dealer.amocrm.ru@evil.example/",
        "https://evil.example/dealer.amocrm.ru",
        "https://evil.example#dealer.amocrm.ru",
        "https://evil.example?dealer.amocrm.ru",
        "http://127.0.0.1/",
        "https://localhost/",
        "//dealer.amocrm.ru/",
        "dealer.amocrm.ru",
        "ftp://dealer.amocrm.ru/",
        "https://[dealer.amocrm.ru",
        "https://",
        "",
    ],
)
def test_others_do_not(url: str) -> None:
    assert not may_have_bearer(url, DEALER)


def test_an_account_at_an_address_of_its_own_gets_it_and_its_neighbours_do_not() -> None:
    assert may_have_bearer("https://crm.dealer.co.uk/api", "https://crm.dealer.co.uk")
    assert may_have_bearer("https://drive-b.amocrm.ru/", "https://crm.dealer.co.uk")
    assert not may_have_bearer("https://evil.co.uk/", "https://crm.dealer.co.uk")
    assert not may_have_bearer("https://10.0.66.5/", "https://10.0.0.5")


@pytest.mark.parametrize("url", [LOCAL, "http://127.0.0.1:9999/v1.0", "http://localhost/", "https://[::1]/"])
def test_this_machine_gets_it_of_an_account_on_this_machine(url: str) -> None:
    assert may_have_bearer(url, LOCAL)


@pytest.mark.parametrize("url", ["https://evil.example/", "https://drive-b.amocrm.ru/", "http://192.168.0.1/"])
def test_nobody_else_gets_the_token_of_an_account_on_this_machine(url: str) -> None:
    assert not may_have_bearer(url, LOCAL)


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("0.0.0.0", False),  # noqa: S104  # every interface, as a name of a host
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_names(host: str, *, is_ours: bool) -> None:
    assert is_this_machine(host) is is_ours

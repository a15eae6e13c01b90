"""The text that customers consent to."""

from carquery.domain.consent import BUILT_IN_TEXT, BUILT_IN_VERSION, ConsentTerms

BUILT_IN = ConsentTerms(BUILT_IN_VERSION, BUILT_IN_TEXT, "https://example.org/policy")


def test_the_built_in_text_names_the_messenger_of_whoever_reads_it() -> None:
    assert "идентификатора в Telegram." in BUILT_IN.naming("Telegram").text
    assert "идентификатора в MAX." in BUILT_IN.naming("MAX").text


def test_who_agreed_to_the_built_in_text_of_version_2_is_not_asked_again() -> None:
    fingerprint = BUILT_IN.naming("Telegram").fingerprint

    assert fingerprint == "442a97f18bd0b434884bf1e5bfedf83f0b1adcc67fe4d2b6e4eab5326b840c21"


def test_a_text_of_the_dealership_s_own_stays_as_it_is() -> None:
    own = ConsentTerms("own.txt", "Согласен на всё {сразу}", "https://example.org/policy")

    assert own.naming("Telegram") == own

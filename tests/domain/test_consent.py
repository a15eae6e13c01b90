"""The text that customers consent to."""

from carquery.domain.consent import BUILT_IN_TEXT, BUILT_IN_VERSION, ConsentTerms

BUILT_IN = ConsentTerms(BUILT_IN_VERSION, BUILT_IN_TEXT, "https://example.org/policy")


def test_the_built_in_text_names_the_operator_where_it_is_told() -> None:
    named, unnamed = BUILT_IN.naming("MAX", operator="ООО «Ветер»"), BUILT_IN.naming("MAX")

    assert "я даю оператору (ООО «Ветер») согласие" in named.text
    assert "я даю автосалону, которому направляю заявку, согласие" in unnamed.text
    assert named.fingerprint != unnamed.fingerprint

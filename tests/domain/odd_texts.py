"""Texts that no customer would think of, for properties that hold for every text."""

from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters(), max_size=60) | st.text(
    st.characters(categories=["Cs", "Cf", "Mn", "Nd", "No", "So"])
)
"""Every code point, lone surrogates too, and the ones that parsers stumble over more often."""

_FIGURES = "0 1 2 5 7 8 9 10 18 99 120 500 916 1950 2018 000 1_0 ½ ² Ⅷ ٣ ５ 0x1 e9 - – + . , ' : / ( ) № ~ $ € ₽"
_WORDS = (
    "тыс т к k м млн лям ляма миллион миллиона тысяч пол полтора два двух сто двести двадцать с половиной руб р км mi "
    "до около не больше г год года г.в. восемнадцатый две тысячи VIN вин XTA О O I Х доб ext тел Анна <b> {0}"
)
_UNSEEN = "\u200b \u200d \u200c \u202e \u00ad \ufe0f \u20e3 \u0301 \u094d क م 👩 🏴 \u2800 \u3164 \ud83d \x00 \u2028"
_PIECES = " ".join((_FIGURES, _WORDS, _UNSEEN)).split(" ")


def typed_pieces() -> st.SearchStrategy[str]:
    """Pieces of real answers, joined with spaces, without, and with odd characters in between."""
    separators = st.sampled_from(["", " ", "\u00a0", "\n", "-", "."])
    pieces = st.lists(st.tuples(st.sampled_from(_PIECES), separators), max_size=8)
    return pieces.map(lambda parts: "".join(piece + separator for piece, separator in parts))


_REPEATED = [
    "9",
    "1 ",
    "1,",
    "1.000",
    "1.250к",
    "1,250 тыс ",
    " ",
    "а",
    "млн ",
    "1 млн ",
    "сто ",
    "тысяч ",
    "с ",
    "год ",
    "2018 ",
    "VIN ",
]
_REPEATED_SIGNS = ["(", "+", "+(", "-", "'", "\n", "<b>", "\u0301", "\u0315\u0301", "а\u0301", "\u0344", "क्\u200d"]
_REPEATED_ODDITIES = ["👩\u200d", "\u200b", "\ufdfa", "\ud83d", "9\u20e3"]
WORST_LONG_TEXTS = [
    piece * (length // len(piece))
    for piece in _REPEATED + _REPEATED_SIGNS + _REPEATED_ODDITIES
    for length in (4096, 1000, 250, 200, 60)
]
"""Up to a whole message of what a careless parser would go back over; the shorter ones pass a check of the length."""

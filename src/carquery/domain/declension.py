"""The cases of Russian nouns that end as their ending says: names, cars.

It knows no exceptions and no gender: of a noun in -ь it gives the forms of both.
"""

from typing import Final

_SOFTENING: Final = "гкхжчшщ"
"""After these, и is written for ы."""

_ENDINGS: Final = (
    ("ия", ("ии", "ию", "ией")),
    ("ий", ("ия", "ию", "ием", "ии", "его", "ему", "им", "ем")),
    ("ый", ("ого", "ому", "ым", "ом")),
    ("ой", ("ого", "ому", "ым", "ом", "оя", "ою", "оем", "ое")),
    ("ая", ("ой", "ую")),
    ("ей", ("ея", "ею", "еем", "ее")),
    ("ай", ("ая", "аю", "аем", "ае")),
    ("уй", ("уя", "ую", "уем", "уе")),
    ("ь", ("я", "ю", "ем", "е", "и", "ью")),
    ("я", ("и", "е", "ю", "ей")),
)
_HARD_ENDINGS: Final = ("а", "у", "ом", "е", "ов")


def declined(noun: str) -> frozenset[str]:
    """Its other cases, most of them real; none, if it is not declined or not Russian. Lower case, «е» for «ё»."""
    if len(noun) < 3 or not "а" <= noun[-1] <= "я":
        return frozenset()
    for ending, others in _ENDINGS:
        if noun.endswith(ending):
            return frozenset(noun.removesuffix(ending) + other for other in others)
    plural = "и" if noun.rstrip("а")[-1:] in _SOFTENING else "ы"
    if noun.endswith("а"):
        return frozenset(noun[:-1] + other for other in (plural, "е", "у", "ой", "ей"))
    if noun[-1] in "оуеиюэы":
        return frozenset()
    return frozenset(noun + other for other in (*_HARD_ENDINGS, plural, *(("ем",) if noun[-1] in "жчшщц" else ())))

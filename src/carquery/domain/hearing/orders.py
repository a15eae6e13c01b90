"""What a bot is told to do, in the forms in which orders are given: «поменяйте», «давай исправим», «убрать»."""

from typing import Final


def ordered(stems: str) -> str:
    """Verbs of those stems, parted by spaces, as a regular expression: to somebody, of «us», or in the infinitive.

    What was done («поменяли») or is being done by others («меняют») is no order.
    """
    return rf"(?:{'|'.join(stems.split())}){_ORDERED}"


_ORDERED: Final = r"\w{0,5}(?:(?<!н[иы])й|(?<!л)и|ь|[йиь]те|[еи]м)(?:с[яь])?(?:-ка)?(?!\w)"

PUTS: Final = ordered("постав став запис запиш впис впиш указ укаж напис напиш сдела внес внос занес переведи")
"""Into an answer."""
CHANGES: Final = ordered(
    "поменя меня смен замен измен исправ поправ переправ перепис перепиш передела переключ перестав перенес"
    " коррект скоррект обнов подним подня опус сниз увелич уменьш"
)
"""An answer into another."""
DROPS: Final = ordered("убер убир убра вычеркн")

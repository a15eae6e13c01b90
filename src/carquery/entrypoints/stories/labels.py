"""The labels of buttons, as stories name them."""


def without_emoji(label: str) -> str:
    """From its first letter or figure on."""
    start = next((place for place, sign in enumerate(label) if sign.isalnum()), 0)
    return label[start:]

"""JSON that a strict reader refuses, although all but a letter of it can be read."""

import json


def mended(content: bytes) -> bytes | None:
    """The same JSON without what no text may hold: bytes that are no UTF-8, surrogates that stand alone, NaN.

    None: it is no JSON, or nested beyond reading.
    """
    try:
        value = json.loads(content.decode(errors="replace"), parse_constant=lambda _: None)
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore").encode()

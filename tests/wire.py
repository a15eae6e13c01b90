"""HTTP answers as the lines of a data file put them, in bytes."""

from collections.abc import Mapping
from typing import Any


def in_bytes(answer: Mapping[str, Any]) -> bytes:
    """`raw`, or `status`, `type` and `body`; `times`: so often, one behind the other."""
    times: int = answer.get("times", 1)
    if "raw" in answer:
        return str(answer["raw"]).encode() * times
    body = (str(answer["body"]) * times).encode(errors="surrogatepass")
    head = (
        f"HTTP/1.1 {answer['status']} ?\r\nContent-Type: {answer['type']}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"  # else a client that is slow to see the end takes the connection once more
    )
    return head.encode() + body

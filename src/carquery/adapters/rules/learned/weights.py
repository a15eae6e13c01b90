"""What was learned, as a file: a line of JSON, then bytes.

After the line, for each model in turn: a byte for each bucket's importance, then a byte for each class and bucket. No
compression: the same data make the same bytes with every version of every library.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from carquery.adapters.rules.learned.model import LinearModel
from carquery.domain.values import dataclass

FORMAT: Final = 1
_LONGEST_HEADER: Final = 100_000


class UnreadableWeights(Exception):
    """The file is damaged, or of another version; says which."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a message wants, and if it wants no form, what it is about.

    Attributes:
        data: the SHA-256 of the messages of the project that it was learned from.
        added: how many others it was learned from.
    """

    data: str
    added: int
    intents: LinearModel
    topics: LinearModel


def to_bytes(learned: Learned) -> bytes:
    """The file's content."""
    models = {"intents": learned.intents, "topics": learned.topics}
    body = b"".join(part for model in models.values() for part in (model.importance, *model.weights))
    header = {
        "format": FORMAT,
        "data": learned.data,
        "added": learned.added,
        "sha256": hashlib.sha256(body).hexdigest(),
        "models": {name: _header(model) for name, model in models.items()},
    }
    return json.dumps(header).encode() + b"\n" + body


def from_bytes(content: bytes) -> Learned:
    """What was learned. Raises UnreadableWeights: the content is none of ours, or was changed."""
    line, _, body = content[:_LONGEST_HEADER].partition(b"\n")
    body = content[len(line) + 1 :]
    try:
        header = json.loads(line)
        if header["format"] != FORMAT:
            raise UnreadableWeights(f"format {header['format']}, and this version reads {FORMAT}")
        if header["sha256"] != hashlib.sha256(body).hexdigest():
            raise UnreadableWeights("damaged: its content is not what its first line says")
        intents, rest = _model(header["models"]["intents"], body)
        topics, _ = _model(header["models"]["topics"], rest)
        return Learned(str(header["data"]), int(header["added"]), intents, topics)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableWeights("not a file of weights: its first line is no header of one") from error


def _header(model: LinearModel) -> Mapping[str, Any]:
    return {
        "classes": model.classes,
        "buckets": model.buckets,
        "units": model.units,
        "biases": model.biases,
        "temperature": model.temperature,
    }


def _model(header: Mapping[str, Any], body: bytes) -> tuple[LinearModel, bytes]:
    buckets, classes = int(header["buckets"]), tuple(map(str, header["classes"]))
    units, biases = (tuple(map(float, header[name])) for name in ("units", "biases"))
    size = buckets * (1 + len(classes))
    if len(body) < size or not classes or not len(classes) == len(units) == len(biases):
        raise UnreadableWeights("damaged: its parts do not fit one another")
    rows = [body[start : start + buckets] for start in range(0, size, buckets)]
    return LinearModel(classes, rows[0], tuple(rows[1:]), units, biases, float(header["temperature"])), body[size:]

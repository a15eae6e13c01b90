"""What was learned, as a file: a line of JSON, then bytes.

After the line, for each model in turn: the steps from each known bucket to the next (255 is 255, and go on), a byte for
each one's importance, then a byte for each class and bucket. No compression: the same data make the same bytes with
every version of every library.

In format 1, of earlier versions, a model has no steps: it knows each of its buckets.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from itertools import accumulate, compress
from typing import Any, Final

from carquery.adapters.rules.learned.model import LinearModel
from carquery.adapters.rules.learned.vocabulary import Vocabulary, of_buckets
from carquery.domain.values import dataclass

FORMAT: Final = 2
_ALL_BUCKETS_KNOWN: Final = 1
_LONGEST_HEADER: Final = 100_000
_LONGEST_STEP: Final = 255


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
    steps = {name: _steps(model.vocabulary) for name, model in models.items()}
    body = b"".join(
        part for name, model in models.items() for part in (steps[name], model.vocabulary.importance, *model.weights)
    )
    header = {
        "format": FORMAT,
        "data": learned.data,
        "added": learned.added,
        "sha256": hashlib.sha256(body).hexdigest(),
        "models": {name: _header(model, len(steps[name])) for name, model in models.items()},
    }
    return json.dumps(header).encode() + b"\n" + body


def from_bytes(content: bytes) -> Learned:
    """What was learned. Raises UnreadableWeights: the content is none of ours, or was changed."""
    line, _, body = content[:_LONGEST_HEADER].partition(b"\n")
    body = content[len(line) + 1 :]
    try:
        header = json.loads(line)
        if header["format"] not in (_ALL_BUCKETS_KNOWN, FORMAT):
            raise UnreadableWeights(f"format {header['format']}, and this version reads {FORMAT}")
        if header["sha256"] != hashlib.sha256(body).hexdigest():
            raise UnreadableWeights("damaged: its content is not what its first line says")
        intents, rest = _model(header["models"]["intents"], body)
        topics, _ = _model(header["models"]["topics"], rest)
        return Learned(str(header["data"]), int(header["added"]), intents, topics)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableWeights("not a file of weights: its first line is no header of one") from error


def _header(model: LinearModel, steps: int) -> Mapping[str, Any]:
    return {
        "classes": model.classes,
        "buckets": model.vocabulary.buckets,
        "known": len(model.vocabulary.importance),
        "steps": steps,
        "units": model.units,
        "biases": model.biases,
        "temperature": model.temperature,
    }


def _model(header: Mapping[str, Any], body: bytes) -> tuple[LinearModel, bytes]:
    buckets, classes = int(header["buckets"]), tuple(map(str, header["classes"]))
    units, biases = (tuple(map(float, header[name])) for name in ("units", "biases"))
    known, steps = int(header.get("known", buckets)), int(header.get("steps", 0))
    size = known * (1 + len(classes))
    places = _places(body[:steps]) if steps else range(buckets)
    if len(body) < steps + size or not classes or not len(classes) == len(units) == len(biases) or len(places) != known:
        raise UnreadableWeights("damaged: its parts do not fit one another")
    importance, *weights = (body[start : start + known] for start in range(steps, steps + size, known))
    vocabulary = of_buckets(buckets, places, importance)
    return LinearModel(vocabulary, classes, tuple(weights), units, biases, float(header["temperature"])), body[
        steps + size :
    ]


def _steps(vocabulary: Vocabulary) -> bytes:
    return bytes(_in_steps(vocabulary.known_buckets))


def _in_steps(buckets: Iterable[int]) -> Iterable[int]:
    at = 0
    for bucket in buckets:
        whole, rest = divmod(bucket - at, _LONGEST_STEP)
        yield from (_LONGEST_STEP,) * whole
        yield rest
        at = bucket


def _places(steps: bytes) -> list[int]:
    return list(compress(accumulate(steps), (step < _LONGEST_STEP for step in steps)))

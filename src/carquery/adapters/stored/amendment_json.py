"""What a customer changed of a lead, as JSON: what SQL and the memory adapter keep."""

from typing import Any

from carquery.adapters.stored.answer_json import (
    Json,
    UnreadableJson,
    answers_from_json,
    answers_to_json,
    attachments_from_json,
    attachments_to_json,
)
from carquery.domain.amendment import Amendment


def amendment_to_json(amendment: Amendment) -> Json:
    """What it says, without how far it has come."""
    return {
        "before": answers_to_json(amendment.before),
        "after": answers_to_json(amendment.after),
        "added": attachments_to_json(amendment.added),
        "said": list(amendment.said),
    }


def amendment_from_json(body: Json) -> dict[str, Any]:
    """The fields of an amendment that were written so. Raises UnreadableJson."""
    try:
        return {
            "before": answers_from_json(body["before"]),
            "after": answers_from_json(body["after"]),
            "added": attachments_from_json(body["added"]),
            "said": tuple(map(str, body["said"])),
        }
    except (KeyError, TypeError) as error:
        raise UnreadableJson(f"an amendment: {type(error).__name__}") from error

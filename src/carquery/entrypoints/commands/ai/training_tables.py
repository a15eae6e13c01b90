"""What a training says of itself: tables on a terminal, JSON for machines."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from carquery.adapters.rules.learned.labelled import Labelled
from carquery.adapters.rules.learned.learning import INTENT_NAMES, Lesson
from carquery.adapters.rules.learned.validation import (
    FOLDS,
    Judged,
    Offers,
    accuracy,
    calibration_error,
    confusion,
    likeliest_label_errors,
    offers,
)
from carquery.domain.understanding import SURE_ENOUGH

_LONGEST = 100


def lesson_tables(lesson: Lesson, messages: Sequence[Labelled], *, shown: int) -> Iterator[Table]:
    """Accuracy, confusion, topics, and the messages whose labels look wrong."""
    yield _whole(lesson)
    yield _confusion(lesson.judged_intents)
    yield _per_class("Topics of messages without a form", lesson.judged_topics)
    doubtful = Table("Label", "Rather", "Sure", "Message", title="Labels that look wrong", title_justify="left")
    for judged in likeliest_label_errors(lesson.judged_intents, most=shown):
        sure = f"{judged.probabilities[judged.best]:.0%}"
        doubtful.add_row(judged.label, judged.best, sure, escape(messages[judged.number].text[:_LONGEST]))
    yield doubtful


def lesson_as_dict(lesson: Lesson, messages: Sequence[Labelled]) -> dict[str, object]:
    """The same figures as JSON shows them; shares of 1."""
    counts = confusion(lesson.judged_intents)
    return {
        "messages": len(messages),
        "accuracy": accuracy(lesson.judged_intents),
        "calibration_error": calibration_error(lesson.judged_intents),
        "temperature": lesson.intents.temperature,
        "offers": _offers_as_dict(offers(lesson.judged_intents, sure=SURE_ENOUGH)),
        "recall": _recalls(lesson.judged_intents),
        "confusion": {label: {best: counts[label, best] for best in INTENT_NAMES} for label in INTENT_NAMES},
        "topics": {
            "messages": len(lesson.judged_topics),
            "accuracy": accuracy(lesson.judged_topics),
            "recall": _recalls(lesson.judged_topics),
        },
        "kept_apart": {
            name: {
                "messages": len(judged),
                "accuracy": accuracy(judged),
                "offers": _offers_as_dict(offers(judged, sure=SURE_ENOUGH)),
            }
            for name, judged in lesson.apart.items()
        },
        "gap": accuracy(lesson.judged_intents) - _mean_accuracy(lesson.apart),
        "likeliest_label_errors": [
            {"text": messages[judged.number].text, "label": judged.label, "rather": judged.best}
            for judged in likeliest_label_errors(lesson.judged_intents, most=len(messages))
        ],
    }


def _whole(lesson: Lesson) -> Table:
    judged = lesson.judged_intents
    offered = offers(judged, sure=SURE_ENOUGH)
    table = Table(title=f"{FOLDS} folds, each judged by a model of the others", show_header=False, title_justify="left")
    table.add_row("Messages", str(len(judged)))
    table.add_row("Intent accuracy", f"{accuracy(judged):.1%}")
    table.add_row("Calibration error", f"{calibration_error(judged):.1%}")
    table.add_row(f"Offered at {SURE_ENOUGH} or more", _offers_in_words(offered))
    table.add_row("Topic accuracy", f"{accuracy(lesson.judged_topics):.1%} of {len(lesson.judged_topics)}")
    for name, its in lesson.apart.items():
        words = _offers_in_words(offers(its, sure=SURE_ENOUGH))
        table.add_row(f"{name}, kept apart", f"{accuracy(its):.1%} of {len(its)}; {words}")
    gap = 100 * (accuracy(judged) - _mean_accuracy(lesson.apart))
    table.add_row("Gap between folds and files kept apart", f"{gap:.1f} points")
    return table


def _confusion(judged: Sequence[Judged]) -> Table:
    counts, recalls = confusion(judged), _recalls(judged)
    table = Table("said ▸\nmeant ▾", *INTENT_NAMES, "right", title="Intents", title_justify="left")
    for label in INTENT_NAMES:
        cells = (str(counts[label, best] or "·") for best in INTENT_NAMES)
        table.add_row(label, *cells, f"{recalls.get(label, 0):.1%}")
    return table


def _per_class(title: str, judged: Sequence[Judged]) -> Table:
    table = Table("", "Messages", "Right", "Mostly taken for", title=title, title_justify="left")
    labels, recalls = Counter(each.label for each in judged), _recalls(judged)
    for label, count in labels.most_common():
        wrong = Counter(each.best for each in judged if each.label == label and not each.is_right).most_common(2)
        table.add_row(label, str(count), f"{recalls[label]:.0%}", ", ".join(f"{name} ({n})" for name, n in wrong))
    return table


def _recalls(judged: Sequence[Judged]) -> dict[str, float]:
    labels = Counter(each.label for each in judged)
    right = Counter(each.label for each in judged if each.is_right)
    return {label: right[label] / count for label, count in labels.items()}


def _mean_accuracy(apart: Mapping[str, Sequence[Judged]]) -> float:
    return sum(map(accuracy, apart.values())) / max(1, len(apart))


def _offers_in_words(offered: Offers) -> str:
    return f"{offered.wrong:.1%} of offers wrong, {offered.reach:.1%} of wishes offered rightly"


def _offers_as_dict(offered: Offers) -> dict[str, object]:
    return {"offered": offered.count, "wrong": offered.wrong, "reach": offered.reach}

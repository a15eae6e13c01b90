"""An answer whose message the customer has edited."""

from carquery.domain.dialog import Dialog, Revision
from carquery.domain.hearing.hear import hear
from carquery.domain.hearing.heard import Heard, NotTaken, Taken
from carquery.domain.hearing.message import Interprets
from carquery.domain.hearing.several import put_right
from carquery.domain.ids import MessageToken
from carquery.domain.values import replace


def hear_edited(dialog: Dialog, message: MessageToken | None, typed: str, interpreter: Interprets) -> Heard | None:
    """What the new text makes of the answers that the message gave; `None`: it gave none that stands.

    The dialog stays where it stands, whatever was put right.
    """
    steps = [step.name for step in dialog.form.steps if dialog.given_in.get(step.name, "") == message]
    if not steps:
        return None
    others = {name: answer for name, answer in dialog.answers.items() if name not in steps}
    heard = hear(replace(dialog, answers=others).at_step(steps[0]), typed, interpreter)
    if not isinstance(heard, Taken):
        return heard
    answers = {**dialog.answers, **heard.dialog.answers}
    if heard.dialog.readings:
        answers[steps[0]] = heard.dialog.readings[0]
    changed = [step for step in dialog.form.steps if answers.get(step.name) != dialog.answers.get(step.name)]
    if not changed:
        return NotTaken("")
    ahead = tuple(name for name in heard.dialog.ahead if name != dialog.at)
    return Taken(
        replace(
            dialog,
            answers=answers,
            asides=heard.dialog.asides,
            ahead=ahead,
            remark=put_right(dialog, {step.name: answers[step.name] for step in changed}),
            revision=Revision(dialog.revision + 1),
        )
    )

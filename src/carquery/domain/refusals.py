"""What the domain refuses, and the sentence the customer reads then."""


class AnswerRefused(ValueError):
    """An answer that a step can't take. Nothing entered so far is lost; the step is asked again.

    Attributes:
        hint: one Russian sentence for the customer: what is expected, with an example.
        aside: words that answer nothing, but are worth keeping beside the answers.
    """

    def __init__(self, hint: str, *, aside: str = "") -> None:
        super().__init__(hint)
        self.hint = hint
        self.aside = aside

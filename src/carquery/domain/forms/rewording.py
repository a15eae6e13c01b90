"""A form in a dealership's own words. What its steps mean, and how answers are read, stays as it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field

from carquery.domain.answers import Option
from carquery.domain.forms.form import Form
from carquery.domain.steps import ByChoice, Step
from carquery.domain.values import dataclass, replace


class CannotReword(ValueError):
    """`key`: which of the words; the text: what is wrong; `expected`: what would be right."""

    def __init__(self, key: str, what: str, expected: str) -> None:
        super().__init__(what)
        self.key = key
        self.expected = expected


def choices_of(step: Step) -> tuple[Option, ...]:
    """The ready answers whose buttons may be worded otherwise; years are not among them."""
    kind = step.kind
    if not isinstance(kind, ByChoice):
        return ()
    return kind.choices if kind.own is None else (*kind.choices, kind.own)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """What is said otherwise; what is empty stays.

    Attributes:
        asked: names of the optional steps that are asked; None: all.
        prompts, examples: by step name.
        choices: by step name, for the code of a choice what its button says.
    """

    title: str = ""
    button: str = ""
    asked: Collection[str] | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, form: Form) -> Form:
        """The form in these words. Raises CannotReword: the first of `mistakes_in`."""
        for mistake in self.mistakes_in(form):
            raise mistake
        steps = tuple(self._step(step) for step in form.steps if self._is_asked(step))
        return replace(form, title=self.title or form.title, button=self.button or form.button, steps=steps)

    def mistakes_in(self, form: Form) -> Iterator[CannotReword]:
        """Everything that can't be said of that form."""
        names = ", ".join(step.name for step in form.steps)
        optional = [step.name for step in form.steps if step.optional]
        for name in self.asked or ():
            if name not in optional:
                yield CannotReword("steps", f"«{name}» is none of its optional steps", ", ".join(optional) or "nothing")
        for key, table in (("prompts", self.prompts), ("examples", self.examples), ("choices", self.choices)):
            for name in table:
                if all(step.name != name for step in form.steps):
                    yield CannotReword(f"{key}.{name}", "there is no such step", f"one of {names}")
        for step in form.steps:
            codes = [choice.code for choice in choices_of(step)]
            for code in self.choices.get(step.name, ()):
                if code not in codes:
                    expected = f"one of {', '.join(codes)}" if codes else "no choices: this step is typed"
                    yield CannotReword(f"choices.{step.name}.{code}", "there is no such choice", expected)

    def _is_asked(self, step: Step) -> bool:
        return not step.optional or self.asked is None or step.name in self.asked

    def _step(self, step: Step) -> Step:
        kind = step.kind
        if isinstance(kind, ByChoice):
            said = self.choices.get(step.name, {})
            own = None if kind.own is None else _said(kind.own, said)
            kind = replace(kind, choices=tuple(_said(choice, said) for choice in kind.choices), own=own)
        return replace(
            step,
            prompt=self.prompts.get(step.name, step.prompt),
            example=self.examples.get(step.name, step.example),
            kind=kind,
        )


def _said(option: Option, said: Mapping[str, str]) -> Option:
    return replace(option, shown=said.get(option.code, option.shown))

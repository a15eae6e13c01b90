"""Any walk through any form: hypothesis presses and types at random, and the promises of a dialog hold."""

from collections.abc import Callable, Mapping
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from carquery.domain.answers import Given, Picked, SharedContact, Typed, Unexpected, Value
from carquery.domain.attachments import MOST_FILES, MOST_PHOTOS, Parcel
from carquery.domain.dialog import NO_ROOM, NOTED, PASSED_ON, Dialog, NotOffered
from carquery.domain.forms.catalogue import FORMS
from carquery.domain.forms.form import Service
from carquery.domain.ids import DialogId, FileId
from carquery.domain.meaning import Meaning
from carquery.domain.refusals import AnswerRefused
from tests.builders import a_file
from tests.domain.answers_by_step import GOOD_ANSWERS, answered_well

anything_typed = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["120", "900", "1,2 млн", "2018", "18", "Анна", "+7 916 123-45-67", "Другое", "полный", "назад"]),
).map(Typed)
anything_given: st.SearchStrategy[Given] = st.one_of(
    anything_typed,
    st.sampled_from(["own", "earlier", "any", "to1m", "2024", "automatic", "nonsense"]).map(Picked),
    st.builds(SharedContact, st.sampled_from(["79161234567", "+888000", ""]), own=st.booleans()),
    st.just(Unexpected()),
)


class DialogWalk(RuleBasedStateMachine):
    """Every rule either returns the next dialog or refuses and leaves this one."""

    dialog: Dialog
    given: dict[str, Value]

    @initialize(service=st.sampled_from(list(Service)))
    def open(self, service: Service) -> None:
        self.dialog = Dialog.open(FORMS[service], dialog_id=DialogId("0123456789ABC"), on=date(2026, 6, 15))
        self.given = {}

    @rule(given=anything_given)
    def answer_anything(self, given: Given) -> None:
        try:
            moved = self.dialog.answer(given)
        except AnswerRefused as refused:
            hint = refused.hint
        else:
            self._go_to(moved)
            return
        assert hint.strip()

    @precondition(lambda walk: walk.dialog.at is not None)
    @rule()
    def answer_well(self) -> None:
        assert self.dialog.at is not None
        before = self.dialog
        after = answered_well(before)
        self._go_to(after)
        if not before.editing and after.at != before.at:
            assert after.back().at == before.at

    @rule(reading=st.integers(-1, 2))
    def choose(self, reading: int) -> None:
        self._offered(reading in range(len(self.dialog.readings)), lambda: self.dialog.choose(reading))

    @rule()
    def keep(self) -> None:
        self._offered(self.dialog.known is not None, lambda: self.dialog.keep())

    @rule()
    def skip(self) -> None:
        self._offered(self.dialog.can_skip, lambda: self.dialog.skip())

    @rule()
    def back(self) -> None:
        self._offered(self.dialog.can_go_back, lambda: self.dialog.back())

    @rule(step=st.sampled_from([*sorted(GOOD_ANSWERS), "photos"]))
    def edit(self, step: str) -> None:
        has_step = step in {known.name for known in self.dialog.form.steps}
        self._offered(self.dialog.is_at_summary and has_step, lambda: self.dialog.edit(step))

    @rule()
    def clear(self) -> None:
        cleared = self.dialog.at
        if self.dialog.can_clear and cleared is not None:
            del self.given[cleared]
        self._offered(self.dialog.can_clear, lambda: self.dialog.clear())

    @rule(numbers=st.lists(st.integers(0, 40), max_size=12), too_large=st.integers(0, 1))
    def send_files(self, numbers: list[int], too_large: int) -> None:
        photos = tuple(FileId(f"photo-{number}") for number in numbers)
        files = tuple(a_file(f"{number}.pdf") for number in numbers)
        before, after = self.dialog.attachments, self.dialog.enclose(Parcel(photos, files, too_large))
        self._go_to(after)
        assert after.attachments.files[: len(before.files)] == before.files
        assert after.attachments.photos[: len(before.photos)] == before.photos
        assert bool(after.remark) or not (files or too_large)

    @rule(words=st.text("яю ", min_size=1, max_size=400))
    def say_aside(self, words: str) -> None:
        self._go_to(self.dialog.say_aside(words))
        assert self.dialog.remark in {NOTED, PASSED_ON, NO_ROOM}

    def _offered(self, offered: bool, move: Callable[[], Dialog]) -> None:  # noqa: FBT001  # the two belong together
        try:
            moved = move()
        except NotOffered:
            assert not offered
        else:
            assert offered
            self._go_to(moved)

    def _go_to(self, moved: Dialog) -> None:
        assert moved.revision > self.dialog.revision
        self.given |= _changed(self.dialog.answers, moved.answers)
        self.dialog = moved

    @invariant()
    def no_answer_is_ever_lost(self) -> None:
        assert dict(self.dialog.answers) == self.given

    @invariant()
    def no_more_is_attached_than_there_is_room_for(self) -> None:
        assert len(self.dialog.attachments.files) <= MOST_FILES
        assert len(self.dialog.attachments.photos) <= MOST_PHOTOS

    @invariant()
    def at_the_summary_what_was_said_aside_is_in_the_comment_as_far_as_it_fits(self) -> None:
        step = self.dialog.form.step_for(Meaning.COMMENT)
        if self.dialog.is_at_summary and step is not None and self.dialog.asides:
            answer = self.dialog.answers[step.name].shown
            assert all(len(answer) + 1 + len(aside) > 1000 for aside in self.dialog.asides)

    @invariant()
    def it_stands_at_a_step_of_its_form_or_at_the_summary(self) -> None:
        assert self.dialog.is_at_summary or self.dialog.step in self.dialog.form.steps

    @invariant()
    def the_summary_has_every_required_answer(self) -> None:
        if self.dialog.is_at_summary:
            required = {step.name for step in self.dialog.form.steps if not step.optional}
            assert required <= set(self.dialog.answers)

    @invariant()
    def readings_are_offered_at_a_step_only(self) -> None:
        assert not (self.dialog.readings and self.dialog.is_at_summary)


def _changed(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in after.items() if before.get(name) != value}


TestDialogWalk = DialogWalk.TestCase
TestDialogWalk.settings = settings(max_examples=150, stateful_step_count=40)

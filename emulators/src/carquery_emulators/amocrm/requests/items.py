"""Reading one item of a request, and saying everything that is wrong with it.

The codes NotSupportedChoice, InvalidType and FieldNotExpected were seen in real answers. FieldMissing, TooLong and
TooManyElements are guesses: no real answer to a missing or too long value was found.
"""

from collections.abc import Container, Mapping, Sequence
from typing import Any, TypeGuard

from carquery_emulators.amocrm.account.world import World
from carquery_emulators.kit.json_types import Json

ROBOT = 0
"""As `created_by`: nobody. Source: API v4, adding leads."""


class Item:
    """One item; what it lacks or has wrong collects in `errors`, with paths into the item.

    Attributes:
        request_id: the caller's name for it, or its place in the request.
        is_orphan: what it is to hang on does not exist.
    """

    def __init__(self, body: Mapping[str, Any], place: int, world: World, user_id: int) -> None:
        self.body = body
        self.world = world
        self.user_id = user_id
        self.request_id = str(body.get("request_id", place))
        self.errors: list[Json] = []
        self.is_orphan = False

    def not_a_choice(self, path: str) -> None:
        self._wrong("NotSupportedChoice", path, "The value you selected is not a valid choice.")

    def wrong_type(self, path: str, wanted: str) -> None:
        self._wrong("InvalidType", path, f"This value should be of type {wanted}.")

    def not_expected(self, path: str) -> None:
        self._wrong("FieldNotExpected", path, "This field was not expected.")

    def missing(self, path: str) -> None:
        self._wrong("FieldMissing", path, "This field is missing.")

    def too_long(self, path: str, most: int) -> None:
        self._wrong("TooLong", path, f"This value is too long. It should have {most} characters or less.")

    def too_many(self, path: str, most: int) -> None:
        self._wrong("TooManyElements", path, f"This collection should contain {most} elements or less.")

    def has(self, name: str) -> bool:
        return self.body.get(name) is not None

    def text(self, name: str, *, is_needed: bool = False) -> str | None:
        """The string there, None if there is none."""
        given = self.body.get(name)
        if isinstance(given, str) and (given or not is_needed):
            return given
        if given is None or given == "":
            if is_needed:
                self.missing(name)
        else:
            self.wrong_type(name, "string")
        return None

    def number(self, name: str, *, is_needed: bool = False) -> int | None:
        """The whole number there, None if there is none; «5.0» is one too, as clients send it for times."""
        given = self.body.get(name)
        if is_number(given) and (isinstance(given, int) or given.is_integer()):
            return int(given)
        if given is not None:
            self.wrong_type(name, "int")
        elif is_needed:
            self.missing(name)
        return None

    def is_known(self, given: object, known: Container[int]) -> bool:
        """Whether it is one of these ids; whatever else JSON can hold is none."""
        return isinstance(given, int) and given in known

    def user(self, name: str, *, is_robot_welcome: bool = False) -> int | None:
        """The id of somebody who works here."""
        given = self.number(name)
        if given is None or (is_robot_welcome and given == ROBOT):
            return given
        user = self.world.users.get(given)
        if user is None or not user.is_active:
            self.not_a_choice(name)
            return None
        return given

    def embedded(self, name: str) -> Sequence[Mapping[str, Any]] | None:
        """The objects in `_embedded.<name>`; None if nothing is said about them."""
        embedded = self.body.get("_embedded")
        if embedded is None:
            return None
        if not isinstance(embedded, dict):
            self.wrong_type("_embedded", "array")
            return None
        return self.objects(embedded.get(name), f"_embedded.{name}")

    def objects(self, given: object, path: str) -> Sequence[Mapping[str, Any]] | None:
        """`given` as a list of objects; None if nothing is given."""
        if given is None:
            return None
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.wrong_type(path, "array")
            return None
        return given

    def to_problem(self) -> Json:
        """As it stands among an answer's `validation-errors`."""
        return {"request_id": self.request_id, "errors": self.errors}

    def _wrong(self, code: str, path: str, detail: str) -> None:
        self.errors.append({"code": code, "path": path, "detail": detail})


def is_number(given: object) -> TypeGuard[int | float]:
    """JSON's true is not one, though Python's is."""
    return isinstance(given, int | float) and not isinstance(given, bool)

"""What the answer to a step says, whatever the step is called in its form."""

from enum import StrEnum, auto


class Meaning(StrEnum):
    """What others than the form itself do something with: suggestions, the CRM's fields, titles.

    A form asks for each at most once. Nobody finds a step by its name: that is for storage and buttons alone.
    """

    CAR = auto()
    """Make and model, or what the customer calls them. Names the deal."""
    YEAR = auto()
    """The model year, or the oldest that will do."""
    MILEAGE = auto()
    PRICE = auto()
    """What one who sells wants."""
    BUDGET = auto()
    """What one who buys can spend."""
    VIN = auto()
    PHOTOS = auto()
    """Photos of the car. A form that doesn't ask for them keeps those that come as attachments."""
    SITUATION = auto()
    """What happened, in the customer's own words: a whole free message may be it."""
    NAME = auto()
    PHONE = auto()
    COMMENT = auto()
    """Whatever else there is to say; what comes beside other answers, such as the words under a photo, is added."""

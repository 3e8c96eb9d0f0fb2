"""What can come of a line, and why a number had no result."""

from enum import StrEnum


class Outcome(StrEnum):
    """What the person asking sees of one line."""

    HIT = "HIT"
    NON_RESULT = "NON_RESULT"
    MALFORMED = "MALFORMED"
    DUPLICATE = "DUPLICATE"


class Cause(StrEnum):
    """Why there was no result: staff see it, the person asking never does (decision A2)."""

    NOT_IN_SERVICE = "NOT_IN_SERVICE"
    NO_CONSENT = "NO_CONSENT"


class Coverage(StrEnum):
    """How much of a target interval the current customer covers (decision A3)."""

    WHOLE = "WHOLE"
    PART = "PART"
    NONE = "NONE"

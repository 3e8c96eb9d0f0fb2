"""How acts on a production are refused; several operations share these."""

from tecum.kernel.refusals import Refused


class CannotPrepare(Refused):
    """What was given cannot become a production; the text says why."""


class CannotRelease(Refused):
    """The production cannot be let go as it is."""


class NotReleased(Refused):
    """Nothing is handed over that two people have not released."""


class NotAReceiver(Refused):
    """Two people released it for others than this one."""


class CannotRecall(Refused):
    """Somebody has it already, or it never left."""


class CannotFetch(Refused):
    """It was fetched as often as allowed, its time ran out, or it was taken back."""


class CodeNotGood(Refused):
    """The link or the code is not good: always the same sentence."""

    def __init__(self) -> None:
        super().__init__(
            "This link and this code do not open anything. A link is good for a short time and a few tries; a newer one "
            "replaces it. Call the carrier at the number that you know, and ask for a new one."
        )

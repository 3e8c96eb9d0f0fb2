"""What a lane is: one kind of work, in a rhythm of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of work: what it is, how to do what there is now, how long to rest between two looks."""

    name: str
    says: str
    step: Callable[[Clock], int]
    rest: timedelta

"""What is done with rosters and escalations: one function per verb."""

from tecum.oncall.operations.answering import (
    CannotAnswer,
    acknowledge,
    acknowledge_by_link,
    call_back,
    read_caller,
)
from tecum.oncall.operations.climbing import begin, climb, page_failed
from tecum.oncall.operations.rostering import CannotRoster, add_shift, remove_shift, set_ways

__all__ = [
    "CannotAnswer", "CannotRoster", "acknowledge", "acknowledge_by_link", "add_shift", "begin", "call_back", "climb", "page_failed",
    "read_caller", "remove_shift", "set_ways",
]  # fmt: skip

"""What is done with rosters and escalations: one function per verb."""

from tecum.oncall.operations.answering import (
    CannotAnswer,
    acknowledge,
    acknowledge_by_link,
    call_back,
    called_back_about,
    read_caller,
    stand_down,
)
from tecum.oncall.operations.calling import Call, CannotEscalate, caller_says, take_call
from tecum.oncall.operations.climbing import begin, climb, page_failed
from tecum.oncall.operations.drilling import end_drill, start_drill
from tecum.oncall.operations.rostering import (
    CannotRoster,
    add_shift,
    enter_rotation,
    remove_shift,
    set_ways,
)
from tecum.oncall.operations.watching import watch_roster

__all__ = [
    "Call", "CannotAnswer", "CannotEscalate", "CannotRoster", "acknowledge", "acknowledge_by_link", "add_shift", "begin",
    "call_back", "called_back_about", "caller_says", "climb", "end_drill", "enter_rotation", "page_failed", "read_caller", "remove_shift",
    "set_ways", "stand_down", "start_drill", "take_call", "watch_roster",
]  # fmt: skip

"""What can be asked about surveillances: only what its reader may know of (assurance control 8)."""

from tecum.kernel.invariants import Broken
from tecum.surveillance.queries.board import (
    BoardLine,
    MismatchLine,
    SwitchLine,
    TurnLine,
    WorkLine,
    board,
    differences,
    kind_of,
    switches,
    turns,
    work,
)
from tecum.surveillance.queries.reading import (
    ActView,
    SurveillanceView,
    TapView,
    act,
    acts,
    authority,
    named,
    of_case,
    readable,
    surveillance,
)
from tecum.surveillance.queries.watching import (
    EmergencyOn,
    broken,
    counts,
    emergencies_on,
    first_on,
    undeclared,
    unseen,
)

__all__ = [
    "BoardLine", "MismatchLine", "SwitchLine", "TurnLine", "WorkLine", "board", "differences", "kind_of", "switches", "turns", "work",
    "Broken", "EmergencyOn", "broken", "counts", "emergencies_on", "first_on", "undeclared", "unseen",
    "ActView", "SurveillanceView", "TapView", "act", "acts", "authority", "named", "of_case", "readable", "surveillance",
]  # fmt: skip

"""What can be asked about emergencies."""

from tecum.exigent.queries.board import BoardLine, board, waiting
from tecum.exigent.queries.doubting import warnings
from tecum.exigent.queries.figures import Figures, figures
from tecum.exigent.queries.following import Moment, ladder, moments, score_of
from tecum.exigent.queries.lasting import Later, later
from tecum.exigent.queries.reading import (
    CallView,
    DecisionView,
    FollowUpView,
    RequestView,
    calls_since,
    lacking,
    of_case,
    pathway_of,
    readable,
)

__all__ = [
    "BoardLine",
    "Figures",
    "Later",
    "later",
    "Moment",
    "figures",
    "board",
    "ladder",
    "moments",
    "score_of",
    "waiting",
    "warnings",
    "CallView",
    "DecisionView",
    "FollowUpView",
    "RequestView",
    "calls_since",
    "lacking",
    "of_case",
    "pathway_of",
    "readable",
]

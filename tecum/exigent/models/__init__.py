"""The tables of emergencies."""

from tecum.exigent.models.acts import ExigentDecision, ExigentGathering, ExigentPing
from tecum.exigent.models.requests import (
    ExigentCall,
    ExigentFollowUp,
    ExigentMark,
    ExigentRequest,
    ExigentSource,
)

__all__ = [
    "ExigentCall",
    "ExigentDecision",
    "ExigentFollowUp",
    "ExigentGathering",
    "ExigentMark",
    "ExigentPing",
    "ExigentRequest",
    "ExigentSource",
]

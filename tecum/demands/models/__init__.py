"""The tables of legal demands, and of form C."""

from tecum.demands.models.demands import (
    Demand,
    DemandDraft,
    DemandHold,
    DemandScope,
    DemandSearch,
    DemandSubmission,
    DraftPaper,
    Preservation,
    SavedView,
    WorkOrder,
)
from tecum.demands.models.forms import Reach, SurveillanceForm
from tecum.demands.models.notices import CustomerOwed

__all__ = [
    "CustomerOwed",
    "Demand",
    "DemandDraft",
    "DemandHold",
    "DemandScope",
    "DemandSearch",
    "DemandSubmission",
    "DraftPaper",
    "Preservation",
    "Reach",
    "SavedView",
    "SurveillanceForm",
    "WorkOrder",
]

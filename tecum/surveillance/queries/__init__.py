"""What can be asked about surveillances: only what its reader may know of (assurance control 8)."""

from tecum.surveillance.queries.reading import (
    ActView,
    SurveillanceView,
    TapView,
    act,
    acts,
    authority,
    of_case,
    readable,
    surveillance,
)

__all__ = [
    "ActView", "SurveillanceView", "TapView", "act", "acts", "authority", "of_case", "readable", "surveillance",
]  # fmt: skip

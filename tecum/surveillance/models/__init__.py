"""The tables of surveillance, by what they are about."""

from tecum.surveillance.models.authorities import (
    Authority,
    AuthorityTurn,
    EndNotice,
    Surveillance,
    SurveillanceAct,
)
from tecum.surveillance.models.switches import Mismatch, SwitchOrder, SwitchReading
from tecum.surveillance.models.taps import EndRequest, Tap, TapTarget, TapTurn

__all__ = [
    "Authority", "AuthorityTurn", "EndNotice", "EndRequest", "Mismatch", "Surveillance", "SurveillanceAct", "SwitchOrder",
    "SwitchReading", "Tap", "TapTarget", "TapTurn",
]  # fmt: skip

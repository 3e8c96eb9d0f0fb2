"""The tables of surveillance, by what they are about."""

from tecum.surveillance.models.authorities import (
    Authority,
    AuthorityTurn,
    EndNotice,
    Surveillance,
    SurveillanceAct,
)
from tecum.surveillance.models.certifications import (
    Certification,
    CertificationSheet,
    CertifiedRun,
    CompromiseReport,
)
from tecum.surveillance.models.orders import CourtOrder, OrderReceipt
from tecum.surveillance.models.switches import Mismatch, SwitchOrder, SwitchReading
from tecum.surveillance.models.taps import EndRequest, Tap, TapTarget, TapTurn
from tecum.surveillance.models.trouble import AccountWarning, TroubleStep, TroubleTicket
from tecum.surveillance.models.visits import SiteVisit, VisitorEntry

__all__ = [
    "SiteVisit", "VisitorEntry",
    "AccountWarning", "TroubleStep", "TroubleTicket",
    "Authority", "AuthorityTurn", "Certification", "CertificationSheet", "CertifiedRun", "CompromiseReport", "CourtOrder", "EndNotice", "EndRequest", "Mismatch", "OrderReceipt", "Surveillance",
    "SurveillanceAct", "SwitchOrder",
    "SwitchReading", "Tap", "TapTarget", "TapTurn",
]  # fmt: skip

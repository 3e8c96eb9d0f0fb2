"""Who the parts of the house are for, and where each can go: at most six entries, as data. A page adds its line here."""

from tecum.web.audiences.desk import AUDITOR, DESK, OVERSIGHT
from tecum.web.audiences.entries import MOST, Audience, Entry
from tecum.web.audiences.outside import CUSTOMER, FOOT, PORTAL, PUBLIC, SUPERVISOR
from tecum.web.audiences.reports import REPORTS
from tecum.web.audiences.response import BILLING, EXIGENT, ONCALL, ORDERS, RESPONSE, SWITCHES

__all__ = ["AUDIENCES", "DESK", "FOOT", "MOST", "OVERSIGHT", "PUBLIC", "Audience", "Entry"]

AUDIENCES: dict[str, Audience] = {
    audience.name: audience
    for audience in (
        PUBLIC,
        PORTAL,
        SUPERVISOR,
        RESPONSE,
        ORDERS,
        ONCALL,
        EXIGENT,
        BILLING,
        SWITCHES,
        DESK,
        CUSTOMER,
        OVERSIGHT,
        AUDITOR,
        REPORTS,
    )
}

"""What people on call are told: a reference and a link, never a caller, a number or what it is about."""

from tecum.guide.model.guide import Guide
from tecum.notices.messages import declare

ONCALL_PAGE = declare(
    "oncall_page",
    "whoever is on call, and then the NOC, that somebody waits for a call-back (R-085 to R-088)",
    "reference",
    "kind",
    "step",
    "received",
    "waits",
    "taken",
    "link",
    secret=True,
    urgent=True,
)
ONCALL_ALARM = declare(
    "oncall_alarm",
    "whoever is on call, and then the NOC, that something which must hold at every moment does not (control 3)",
    "reference",
    "step",
    "received",
    "waits",
    "taken",
    "link",
    secret=True,
    urgent=True,
)
ONCALL_GAPS = declare(
    "oncall_gaps",
    "whoever keeps the roster that nobody is on call at some time of the next seven days, or that a drill is due",
    "gaps",
    "drill",
    "page",
)

BOXES = ("emergency", "orders", "demands", "portal", "activation", "other")


def box(guide: Guide) -> str:
    """Return the mailbox that pages by mail come from, "" where the guide has none."""
    for purpose in BOXES:
        for each in guide.mailboxes:
            if each.purpose == purpose:
                return each.id
    return ""

"""What an agency hears about the end of its surveillance, and the desk about what needs a person: references alone."""

from tecum.guide.model.guide import Guide
from tecum.notices.messages import declare

SURVEILLANCE_ENDS = declare(
    "surveillance_ends",
    "an agency, in writing, when access will be disabled, when its authority ends and why then (R-127)",
    "case",
    "expires",
    "expires_utc",
    "cut",
    "cut_utc",
    "because",
)
SURVEILLANCE_ENDED = declare(
    "surveillance_ended",
    "an agency that access was disabled, and when",
    "case",
    "ended",
    "ended_utc",
    "because",
)
SURVEILLANCE_DESK = declare(
    "surveillance_desk",
    "the desk that a surveillance needs a person, by reference alone",
    "about",
    "what",
    "by_when",
)


def box(guide: Guide) -> str:
    """Return the mailbox that letters about surveillance come from, or nothing: the letter then goes by hand."""
    for purpose in ("orders", "demands", "portal", "other"):
        for each in guide.mailboxes:
            if each.purpose == purpose and not each.no_reply:
                return each.id
    return ""

"""What the desk and an agency hear about an emergency: references and times alone, never a number or a name."""

from tecum.guide.model.guide import Guide
from tecum.notices.messages import declare

EXIGENT_DESK = declare(
    "exigent_desk",
    "the desk, or counsel, that an emergency needs a person, by reference alone",
    "about",
    "what",
    "by_when",
)
EXIGENT_FOLLOWS = declare(
    "exigent_follows",
    "an agency what must follow its emergency request, until when, and what happens otherwise (R-097, R-098, R-180)",
    "case",
    "what",
    "due",
    "due_utc",
    "otherwise",
)


def box(guide: Guide) -> str:
    """Return the mailbox that letters about emergencies come from, or nothing: the letter then goes by hand."""
    for purpose in ("emergency", "demands", "portal", "other"):
        for each in guide.mailboxes:
            if each.purpose == purpose and not each.no_reply:
                return each.id
    return ""

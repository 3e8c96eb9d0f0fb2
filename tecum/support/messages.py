"""What somebody who asked for support hears, and what the desk hears about it."""

from tecum.notices.messages import declare

SUPPORT_RECEIVED = declare(
    "support_received", "somebody who asked for support that the request arrived", "reference", portal=True
)
SUPPORT_MISDIRECTED = declare(
    "support_misdirected",
    "somebody who asked for support at the wrong address that the request arrived, and the right address",
    "reference",
    "address",
    portal=True,
)
SUPPORT_ANSWER = declare(
    "support_answer",
    "somebody who asked for support what a person answers",
    "reference",
    "answer",
    portal=True,
)
SUPPORT_LATE = declare(
    "support_late",
    "the desk that a support request waits longer than the guide says",
    "reference",
    "window",
    portal=True,
)

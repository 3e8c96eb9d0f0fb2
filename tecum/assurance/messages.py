"""What those are told who watch over the trail and the invariants."""

from tecum.notices.messages import declare

TRAIL_DAMAGED = declare(
    "trail_damaged",
    "whoever may verify the trail that a check of it found something",
    "when",
    "verdict",
    "page",
)
TRAIL_UNVERIFIED = declare(
    "trail_unverified",
    "whoever may verify the trail that no check found it good for too long",
    "since",
    "page",
)
INVARIANT_BROKEN = declare(
    "invariant_broken",
    "whoever watches over the invariants that one of them does not hold; again until it does",
    "invariant",
    "words",
    "about",
    "since",
    "page",
)
WATCH_SILENT = declare(
    "watch_silent",
    "whoever watches over the invariants that nobody looks after them any more",
    "since",
    "page",
)

"""What those who may verify the trail are told."""

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

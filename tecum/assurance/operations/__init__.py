"""What assurance does: it checks the trail, and it watches the invariants. Each tells who must know."""

from tecum.assurance.operations.checking import ask_check, ask_nightly, check_one, unverified
from tecum.assurance.operations.waking import wake
from tecum.assurance.operations.watching import begin, expect, fell_silent, look, page, stop

__all__ = [
    "ask_check", "ask_nightly", "check_one", "unverified",
    "begin", "expect", "fell_silent", "look", "page", "stop", "wake",
]  # fmt: skip

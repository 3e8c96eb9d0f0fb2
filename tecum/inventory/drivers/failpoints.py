"""Places where a crash test may kill this process, to show that nothing is lost or half done (assurance T1)."""

import os
import signal

POINTS = (
    "staged",
    "intended",
    "while_building",
    "before_commit",
    "after_commit",
    "before_swap",
    "before_rename",
    "after_swap",
    "applied",
)


def reach(point: str) -> None:
    """Die here, as by a power cut, if a crash test asked for it."""
    if os.environ.get("TECUM_TEST_FAIL_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)

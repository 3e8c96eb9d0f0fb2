"""Places where a crash test may kill this process, to show that nothing is lost or half done (assurance T1)."""

import os
import signal

POINTS = ("staged", "placed_some", "placed", "committed", "removed_some", "removed")


def reach(point: str) -> None:
    """Die here, as by a power cut, if a crash test asked for it."""
    if os.environ.get("TECUM_TEST_FAIL_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)

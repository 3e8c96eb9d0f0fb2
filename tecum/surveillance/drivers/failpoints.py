"""Places where a crash test may kill this process, to show that nothing starts without an end and no end is lost."""

import os
import signal

POINTS = (
    "proposed", "before_approved", "approved", "claimed_on", "written", "before_settled", "settled", "before_expired",
    "expired", "claimed_off", "removed", "before_ended", "ended",
)  # fmt: skip


def reach(point: str) -> None:
    """Die here, as by a power cut, if a crash test asked for it."""
    if os.environ.get("TECUM_TEST_FAIL_AT") == f"tap.{point}":
        os.kill(os.getpid(), signal.SIGKILL)

"""Places where a crash test may kill this process, to show that nothing is half done and nothing leaves twice (T1)."""

import os
import signal

POINTS = (
    "hashed",
    "before_receipt",
    "receipted",
    "printed",
    "packed",
    "before_made",
    "made",
    "before_release",
    "released",
    "before_handover",
    "handed",
    "before_fetch",
    "fetched",
)


def reach(point: str) -> None:
    """Die here, as by a power cut, if a crash test asked for it."""
    if os.environ.get("TECUM_TEST_FAIL_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)

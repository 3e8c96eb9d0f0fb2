"""Places where a crash test may kill this process, to show that a search that died leaves nothing and begins again."""

import os
import signal

POINTS = ("answered", "before_kept", "kept")


def reach(point: str) -> None:
    """Die here, as by a power cut, if a crash test asked for it."""
    if os.environ.get("TECUM_TEST_FAIL_AT") == f"search.{point}":
        os.kill(os.getpid(), signal.SIGKILL)

"""The one clock. Doors read it; everything below takes `now` (poster, rule 2)."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """
    Return the present instant in UTC.

    Crash tests shift it through the file named by TECUM_TEST_CLOCK (seconds to add), which a
    system check refuses outside test settings.
    """
    real = datetime.now(UTC)
    shift = os.environ.get("TECUM_TEST_CLOCK")
    if shift is None:
        return real
    return real + timedelta(seconds=float(Path(shift).read_text().strip() or 0))

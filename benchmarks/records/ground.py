"""What every bar stands on: a guide, a database, folders, and clocks of wall and processor."""

import argparse
import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

DAYS = 30
LAST = date(2026, 9, 7)
NOW = datetime(2026, 9, 8, 12, 0, tzinfo=UTC)
TICKS = os.sysconf("SC_CLK_TCK")
GUIDE = """
[guide]
name = "bench"
version = "1"
effective_from = 2020-01-01
[carrier]
name = "Bench"
zone = "UTC"
[[products]]
id = "fraud"
name = "Fraud"
[[record_stores]]
id = "fraud"
name = "Fraud"
products = ["fraud"]
keeps = "31 days"
[[switch_formats]]
id = "msc"
name = "Switches"
store = "fraud"
files = ["day-*"]
zone = "UTC"
columns = { record_id = "ID", calling = "A", called = "B", dialed = "B", start = "START", duration = "SECS", switch = "MSC", first_cell = "CELL", imei = "IMEI", imsi = "IMSI" }
[switch_formats.believable]
mean_factor = 1000
"""


def place(options: argparse.Namespace, rows: int = 0) -> Path:
    """Return the folder of a store of so many rows."""
    return Path(options.folder) / str(rows or options.rows)


def setup(options: argparse.Namespace) -> None:
    """Start Django on an application database of this benchmark."""
    folder = place(options)
    (folder / "guide").mkdir(parents=True, exist_ok=True)
    (folder / "guide" / "guide.toml").write_text(GUIDE)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tecum.config.settings",
        TECUM_DATA=str(folder),
        TECUM_DATABASE_URL=f"sqlite:{folder / 'app.sqlite'}",
        TECUM_GUIDE=str(folder / "guide"),
        TECUM_SECRET_KEY=secrets.token_hex(32),
        TECUM_INSECURE_LOOPBACK="1",
        TECUM_RECORDS_MEMORY=os.environ.get("TECUM_RECORDS_MEMORY", "3GB"),
        TECUM_LOG_LEVEL="ERROR",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


class Took(NamedTuple):
    """Seconds on the wall and of the processor."""

    wall: float
    cpu: float

    def over(self, other: "Took") -> str:
        """Say this against another, both ways."""
        return f"{self.wall / other.wall:.2f} by the wall, {self.cpu / max(other.cpu, 1e-3):.2f} by the processor"


def processor(*pids: int) -> float:
    """Return the processor seconds of this process, of its children that have ended, and of others that still live."""
    told = os.times()
    total = time.process_time() + told.children_user + told.children_system
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def clocked(do: Callable[[], Any], *pids: int) -> tuple[Took, Any]:
    """Do something and return what it took, here and in those processes, and what came of it."""
    wall, cpu = time.perf_counter(), processor(*pids)
    found = do()
    return Took(time.perf_counter() - wall, processor(*pids) - cpu), found


def best(told: list[Took]) -> Took:
    """Return the best of several runs of the same."""
    return Took(min(each.wall for each in told), min(each.cpu for each in told))


def ours() -> Any:
    """Return who does it."""
    from tecum.kernel.actors import Actor

    return Actor.system("bench")

"""
A full list of subscribers, a million lines by default: first load, the same again, one per cent changed.

    python -m benchmarks.subscribers [LINES]

Prints seconds, the most memory of the process, and the ratio to reading the same file by `csv` and writing its rows to a
SQLite table in plain text: what sealing, comparing and being seen at once cost.
"""

import csv
import os
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HEADER = "number,account,name,address,services,since,until,status,market,imei,imsi,imei_since"
LINES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000


def write(path: Path, changed: int) -> None:
    """Write a list; each hundredth line differs from list to list."""
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for at in range(LINES):
            number = f"{292 + at // 8_000_000}{2_000_000 + at % 8_000_000}"
            name = f"Person{changed if at % 100 == 0 else 0} Of Line {at}"
            file.write(
                f"{number},A-{at},{name},{at} Oak Street Fennimore Falls OH 45000,voice;data,2020-01-31,,A,OH,"
                f"{490154200000000 + at},{316010000000000 + at},\n"
            )


def plain(path: Path, folder: Path) -> float:
    """Read the file and write its rows to a table, unsealed, in one transaction."""
    began = time.monotonic()
    link = sqlite3.connect(folder / "plain.sqlite3")
    link.execute("CREATE TABLE t (n PRIMARY KEY, a, b, c, d, e, f, g, h, i, j, k)")
    with path.open() as file:
        rows = csv.reader(file)
        next(rows)
        link.executemany(f"INSERT INTO t VALUES ({','.join('?' * 12)})", rows)
    link.commit()
    return time.monotonic() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tecum.config.settings", "TECUM_DATA": name, "TECUM_SECRET_KEY": "x" * 50,
            "TECUM_INSECURE_LOOPBACK": "1", "TECUM_LOG_LEVEL": "ERROR",
        }  # fmt: skip
        import django

        django.setup()
        from django.core.management import call_command

        from tecum.kernel.actors import Actor
        from tecum.records.operations import subscribers
        from tecum.secrecy.drivers import keyring

        call_command("migrate", verbosity=0)
        keyring.create(folder / "sealing.key")
        now = datetime(2026, 9, 8, 16, tzinfo=UTC)
        base = 0.0
        for step, (what, changed) in enumerate(
            (("first load", 0), ("the same again", 0), ("1 % changed", 1))
        ):
            path = folder / f"list{step}.csv"
            write(path, changed)
            base = base or plain(path, folder)
            began = time.monotonic()
            report = subscribers.load(
                by=Actor.system("benchmark"), now=now + timedelta(days=step), file=path, max_change=1.0
            )
            took = time.monotonic() - began
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{what:16} {LINES:,} lines: {took:6.1f} s ({took / base:4.1f} x plain), at most {memory:.0f} MiB;"
                f" +{report.added:,} ~{report.changed:,} -{report.ended:,} ={report.same:,}",
                flush=True,
            )
        size = (folder / "tecum.sqlite3").stat().st_size if (folder / "tecum.sqlite3").exists() else 0
        print(f"plain {base:.1f} s; database {size / max(LINES, 1):.0f} bytes per line")


if __name__ == "__main__":
    main()

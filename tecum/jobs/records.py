"""The lane of call-detail records: files that switches leave in a folder, and the upkeep of the stores."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.records import operations as records

Clock = Callable[[], datetime]
CLOCKWORK = Actor.system("jobs")
QUIET = timedelta(seconds=5)  # a file that was written to later than this may still be growing
ENDINGS = (".csv", ".csv.gz", ".parquet", ".txt", ".txt.gz")
LOADED, REFUSED = "loaded", "refused"
log = structlog.get_logger()


def step(clock: Clock) -> int:
    """Load what lies in the folder, oldest first, then purge and compact what is due; return how much was done."""
    done = sum(take(path, clock) for path in waiting(clock()))
    upkeep = records.maintain(by=CLOCKWORK, now=clock())
    return done + upkeep.purged + upkeep.compacted


def waiting(now: datetime) -> Iterator[Path]:
    """Yield the files that are whole, oldest first; a name that begins with a dot is not for us yet."""
    if not settings.TECUM_RECORDS_INBOX:
        return
    folder = Path(settings.TECUM_RECORDS_INBOX)
    found = [
        (path.stat().st_mtime, path)
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name.endswith(ENDINGS) and not path.name.startswith(".") and path.is_file()
    ]
    for changed, path in sorted(found):
        if datetime.fromtimestamp(changed, UTC) + QUIET <= now:
            yield path


def take(path: Path, clock: Clock) -> int:
    """
    Load one file and move it to `loaded`, or to `refused` beside a text that says why; tell whether it was done.

    A crash between the load and the move does no harm: the file is known then.
    """
    try:
        with_rejects = _folder(path, LOADED) / f"{path.name}.rejects.csv"
        report = records.load(path, by=CLOCKWORK, now=clock(), rejects=with_rejects, wait=False)
    except records.StoreBusy:
        return 0
    except Refused as refusal:
        target = _folder(path, REFUSED) / path.name
        target.with_name(f"{path.name}.why.txt").write_text(f"{refusal}\n")
        os.replace(path, target)
        log.warning("records.refused", file=path.name)
        return 1
    os.replace(path, _folder(path, LOADED) / path.name)
    log.info(
        "records.loaded", file=path.name, delivery=report.delivery, rows=report.rows, rejected=report.rejected
    )
    return 1


def _folder(path: Path, name: str) -> Path:
    folder = path.parent / name
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder

"""
Putting parts in their place and taking them away, so that a crash at any moment leaves nothing half done.

A work stages its parts in a folder of its own, writes down where they will go, moves them there, and only then enters them into the
manifest. What a dead work left is found by what it wrote down: whatever the manifest does not name goes.
"""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import Refused
from tecum.records.drivers import failpoints
from tecum.records.drivers.files import durable

PLAN = "plan.json"
PATIENCE = 600.0  # seconds; a whole month of a carrier loads longer, and then says so


class StoreBusy(Refused):
    """Another work holds the store's lock."""

    def __init__(self) -> None:
        super().__init__(
            "Another load, compaction or purge of this store is running; try again when it has ended."
        )


@contextlib.contextmanager
def lock(root: Path, store: str, *, wait: bool = True) -> Iterator[None]:
    """
    Be the only one who changes a store; searches go on meanwhile. A dead process holds nothing.

    :raises StoreBusy: when somebody else does, at once or after ten minutes
    """
    folder = root / store
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    end = time.monotonic() + (PATIENCE if wait else 0)
    with (folder / ".lock").open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise StoreBusy from None
                time.sleep(0.05)
        yield


Known = Callable[[Collection[str]], set[str]]


@contextlib.contextmanager
def workplace(root: Path, store: str, known: Known) -> Iterator[Path]:
    """Give an empty staging folder on the disk of the store; afterwards whatever the manifest does not know of it is gone."""
    folder = root / store / "staging" / unguessable()
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        _undo(root, folder, known)


def place(root: Path, folder: Path, parts: Mapping[str, str]) -> None:
    """Move staged parts (id → folder relative to the root) to where they belong, having written down where."""
    plan = folder / PLAN
    plan.write_text(json.dumps({part: f"{where}/{part}.parquet" for part, where in parts.items()}))
    durable(plan)
    durable(folder)
    failpoints.reach("staged")
    targets = set()
    for part, where in parts.items():
        target = root / where
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.rename(folder / f"{part}.parquet", target / f"{part}.parquet")
        targets.add(target)
        failpoints.reach("placed_some")
    for target in targets:
        durable(target)
    failpoints.reach("placed")


def left_behind(root: Path, store: str, known: Known) -> int:
    """Undo, under the lock, what dead works left; `known` says which parts the manifest names. Return how many there were."""
    folders = sorted((root / store / "staging").glob("*"))
    for folder in folders:
        _undo(root, folder, known)
    return len(folders)


def _undo(root: Path, folder: Path, known: Known) -> None:
    plan: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):  # not there, or not whole: then nothing was moved
        plan = json.loads((folder / PLAN).read_text())
    entered = known(plan.keys()) if plan else set()
    for part, where in plan.items():
        if part not in entered:
            (root / where).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def remove(paths: Iterable[Path]) -> None:
    """Remove files, then the folders that became empty: of a bucket, and of a day."""
    buckets: dict[Path, None] = {}
    for path in paths:
        path.unlink(missing_ok=True)
        buckets[path.parent] = None
        failpoints.reach("removed_some")
    days = dict.fromkeys(bucket.parent for bucket in buckets)
    for folder in (*buckets, *days):
        with contextlib.suppress(OSError):
            folder.rmdir()

"""From a file to what it would change: the parent's side of the worker process."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from tecum.inventory.drivers.engine import Outcome, RawRun, day_of
from tecum.inventory.rules.files import SHORT_HEADER, SNAPSHOT_HEADER, CannotRead, head
from tecum.inventory.rules.runs import Edit, Run, differences

Progress = Callable[[str, float | None], None]
PARQUET, GZIP = b"PAR1", b"\x1f\x8b"
CHUNK = 50_000
BLOCK = 1 << 20


@dataclass(frozen=True)
class File:
    """A file as it lay there when we looked: nothing else may be loaded under its hash."""

    path: Path
    format: str
    header: tuple[str, ...]
    identity: tuple[int, int, int]

    @property
    def name(self) -> str:
        return self.path.name

    def still(self) -> bool:
        """Tell whether it is still the same file."""
        return _identity(self.path) == self.identity


@dataclass(frozen=True)
class Staged:
    """A snapshot that was read, with what it holds and how it differs."""

    folder: Path
    sha256: str
    lines: int
    numbers: int
    runs: int
    rejected: int
    held: int
    compared: bool

    def new_runs(self) -> Iterator[list[RawRun]]:
        """Yield the snapshot's runs in chunks, in order."""
        with (self.folder / "new.tsv").open(encoding="utf-8") as file:
            while lines := list(islice(file, CHUNK)):
                yield [
                    (int(s), int(e), customer, int(day))
                    for s, e, customer, day in (line.split("\t") for line in lines)
                ]

    def edits(self) -> Iterator[Edit]:
        """Yield what the snapshot changes of what is loaded, in order."""
        return differences(_runs(self.folder / "o.tsv"), _runs(self.folder / "n.tsv"))

    def changes(self) -> tuple[Outcome, int]:
        """Count what it changes, and in how many edits; where nothing is loaded, everything is new."""
        if not self.compared:
            return Outcome(added=self.numbers), self.runs
        outcome, edits = Outcome(), 0
        for edit in self.edits():
            outcome.count((edit,))
            edits += 1
        return outcome, edits


def _runs(path: Path) -> Iterator[Run]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            s, e, customer, day = line.split("\t")
            yield Run(int(s), int(e), customer, day_of(int(day)))


def _identity(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def look_at(path: Path, *, headers: tuple[tuple[str, ...], ...] = (SNAPSHOT_HEADER, SHORT_HEADER)) -> File:
    """
    Find out what a file is from its first bytes, whatever its name.

    :raises CannotRead: if it is none of CSV, CSV.gz and Parquet with one of the headers
    """
    try:
        with path.open("rb") as file:
            raw = file.read(65_536)
        identity = _identity(path)
    except OSError as error:
        raise CannotRead(f"{path} cannot be opened: {error.strerror}.") from None
    if raw.startswith(PARQUET):
        return File(path, "parquet", headers[0], identity)
    if raw.startswith(GZIP):
        try:
            with gzip.open(path) as opened:
                raw = opened.read(65_536)
        except (OSError, EOFError, zlib.error):
            raise CannotRead(
                f"{path.name} is a truncated or damaged gzip file. Nothing was changed."
            ) from None
        return File(path, "csv.gz", head(raw, name=path.name, headers=headers), identity)
    return File(path, "csv", head(raw, name=path.name, headers=headers), identity)


class Hashing(threading.Thread):
    """Hashes a file while it is being read elsewhere, and checks a gzip file to its last byte (its own checksum)."""

    def __init__(self, file: File) -> None:
        super().__init__(daemon=True)
        self.file = file
        self.sound = True
        self._digest = hashlib.sha256()
        self.start()

    def run(self) -> None:
        """Read the file once."""
        inflate = zlib.decompressobj(wbits=31) if self.file.format == "csv.gz" else None
        with self.file.path.open("rb") as file:
            while block := file.read(BLOCK):
                self._digest.update(block)
                if inflate:
                    inflate = self._inflate(inflate, block)
        self.sound = self.sound and (inflate is None or inflate.eof)

    def _inflate(self, inflate: "zlib._Decompress", block: bytes) -> "zlib._Decompress":
        try:
            inflate.decompress(block)
            while inflate.eof and inflate.unused_data.strip(b"\0"):  # several gzip members in a row
                rest = inflate.unused_data
                inflate = zlib.decompressobj(wbits=31)
                inflate.decompress(rest)
        except zlib.error:
            self.sound = False
        return inflate

    def sha256(self) -> str:
        """
        Wait for the end and return the hash.

        :raises CannotRead: for a damaged gzip file
        """
        self.join()
        if not self.sound:
            raise CannotRead(f"{self.file.name} is a truncated or damaged gzip file. Nothing was changed.")
        return self._digest.hexdigest()


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """Give a folder for one load, empty, and take it away afterwards; what a crash left there goes first."""
    folder = parent / "staging"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stage(
    file: File, *, folder: Path, old: Path | None, rejects: Path, today: date, memory: str, progress: Progress
) -> Staged:
    """
    Read a snapshot in the worker process and compare it with the dumped runs of the inventory.

    :raises CannotRead: with the sentence of whatever is wrong with the file
    """
    hashing = Hashing(file)
    job = {
        "path": str(file.path.resolve()),
        "name": file.name,
        "format": file.format,
        "header": file.header,
        "folder": str(folder.resolve()),
        "old": str(old.resolve()) if old else "",
        "rejects": str(rejects.resolve()),
        "today": today.isoformat(),
        "memory": memory,
        "threads": os.cpu_count() or 1,
    }
    result = _work(job, progress)
    sha256 = hashing.sha256()
    if not file.still():
        raise CannotRead(f"{file.name} was changed while it was read. Nothing was changed; load it again.")
    return Staged(folder=folder, sha256=sha256, compared=old is not None, **result)


def _work(job: dict[str, object], progress: Progress) -> dict[str, int]:
    command = [sys.executable, "-m", "tecum.inventory.drivers.pipeline"]
    root = str(Path(__file__).resolve().parents[3])
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")]).rstrip(":"),
    }
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=str(job["folder"]),
    ) as worker:
        assert worker.stdin and worker.stdout  # noqa: S101
        worker.stdin.write(json.dumps(job))
        worker.stdin.close()
        for line in worker.stdout:
            message = json.loads(line)
            if "refused" in message:
                raise CannotRead(message["refused"])
            if "result" in message:
                return dict(message["result"])
            progress(message["stage"], message.get("share"))
    raise CannotRead(
        f"Reading {job['name']} ended unexpectedly (exit code {worker.returncode}), probably for want of memory. Nothing was changed."
    )

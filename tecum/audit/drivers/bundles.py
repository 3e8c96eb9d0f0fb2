"""Writes a bundle: a tar with a copy of the trail that `tecum-verify` checks without us (docs/reference/trail-format.md)."""

import base64
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tecum.audit.drivers.reading import Stored, blocks
from tecum.audit.models import TrailLog
from tecum.audit.rules import instant
from tecum_verify.bundles import CHECKPOINTS, FORMAT, GAP, HASHES, LEAVES, MANIFEST, PAYLOADS, WITHHELD

SHOWS = Callable[[Stored], bool]


def write(path: Path, *, log: TrailLog, notes: Sequence[str], shows: SHOWS, at: datetime) -> str:
    """
    Write the bundle of a log and return its SHA-256; entries that may not be shown are there as their hash.

    What lies in the table is copied as it lies, gaps and edits included: to judge it is the verifier's part.
    """
    size = log.size
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        folder = Path(scratch)
        with (
            (folder / LEAVES).open("wb") as leaves,
            (folder / HASHES).open("wb") as hashes,
            (folder / PAYLOADS).open("wb") as payloads,
        ):
            place = 0
            for row in (row for block in blocks(log, until=size) for row in block):
                for _ in range(row.position - place - 1):
                    leaves.write(GAP + b"\n")
                    hashes.write(bytes(32))
                place = row.position
                shown = shows(row)
                leaves.write((row.body if shown else WITHHELD + row.leaf_hash.hex().encode()) + b"\n")
                hashes.write(row.leaf_hash)
                if shown and row.payload is not None:
                    payloads.write(b"%d\t%s\n" % (row.position, base64.b64encode(row.payload)))
        manifest = {"format": FORMAT, "origin": log.origin, "entries": size, "made_at": instant(at)}
        (folder / MANIFEST).write_text(json.dumps(manifest) + "\n")
        (folder / CHECKPOINTS).write_text("".join(f"{json.dumps(note)}\n" for note in notes))
        _pack(path, [folder / name for name in (MANIFEST, CHECKPOINTS, LEAVES, HASHES, PAYLOADS)], at)
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _pack(path: Path, parts: Iterable[Path], at: datetime) -> None:
    """Put the parts into a tar that says nothing about this machine and its users."""
    with tarfile.open(path, "w:", format=tarfile.GNU_FORMAT) as tar:
        for part in parts:
            entry = tarfile.TarInfo(part.name)
            entry.size, entry.mtime, entry.mode = part.stat().st_size, int(at.timestamp()), 0o644
            with part.open("rb") as file:
                tar.addfile(entry, file)

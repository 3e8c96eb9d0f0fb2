"""A bundle: a folder, or a tar of it, that holds a copy of the trail (docs/reference/trail-format.md)."""

import binascii
import json
import tarfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tecum_verify import blocks
from tecum_verify.blocks import Computed, Span, lines_of
from tecum_verify.checking import Checker, Held, Kind, Verdict
from tecum_verify.notes import BadNote, PublicKey, checkpoint

FORMAT = "tecum-trail-bundle/1"
MANIFEST, LEAVES, HASHES, PAYLOADS, CHECKPOINTS = (
    "manifest.json",
    "leaves.jsonl",
    "hashes.bin",
    "payloads.tsv",
    "checkpoints.jsonl",
)
LARGEST_MANIFEST = 1 << 20
WITHHELD, GAP = b"=", b"-"
Sees = Callable[[int, bytes, bytes], None]


class BadBundle(Exception):
    """A bundle that cannot be read; the text says why."""


class Bundle:
    """The parts of a bundle, opened one at a time; nothing is unpacked to disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._tar = None if path.is_dir() else tarfile.open(path, "r:")  # noqa: SIM115  closed by close()
        except (OSError, tarfile.TarError) as fault:
            raise BadBundle(f"{path} is neither a folder nor a tar: {fault}") from None
        try:
            self.manifest = self._manifest()
        except BadBundle:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        if self._tar:
            self._tar.close()

    def __enter__(self) -> "Bundle":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def span(self, name: str) -> Span:
        """
        Return where one part lies, to read in pieces.

        :raises BadBundle: where it is not there
        """
        with self.open(name):
            pass
        if self._tar is None:
            return Span(self._path / name, 0, (self._path / name).stat().st_size)
        member = self._tar.getmember(name)
        if not member.isreg() or member.sparse:
            raise BadBundle(f"The part {name} of the bundle is no plain file.")
        return Span(self._path, member.offset_data, member.size)

    def open(self, name: str) -> IO[bytes]:
        """
        Return one part, to read.

        :raises BadBundle: where it is not there
        """
        try:
            if self._tar is None:
                return (self._path / name).open("rb")
            part = self._tar.extractfile(name)
        except (OSError, KeyError, tarfile.TarError):
            part = None
        if part is None:
            raise BadBundle(f"The bundle has no part {name}.")
        return part

    def _manifest(self) -> dict[str, Any]:
        with self.open(MANIFEST) as part:
            text = part.read(LARGEST_MANIFEST)
        try:
            manifest = json.loads(text)
        except ValueError:
            raise BadBundle("The bundle's manifest is not JSON.") from None
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise BadBundle(f"The bundle's format is not {FORMAT}.")
        if not isinstance(manifest.get("entries"), int):
            raise BadBundle("The bundle's manifest does not say how many entries it holds.")
        return manifest

    def checkpoints(self, key: PublicKey) -> tuple[list[Held], list[str]]:
        """Return the bundle's own checkpoints, and what is wrong with those that do not count."""
        found, faults = [], []
        with self.open(CHECKPOINTS) as part:
            for line in part:
                try:
                    mark = checkpoint(json.loads(line), key)
                except (BadNote, ValueError, TypeError, AttributeError) as fault:
                    faults.append(str(fault))
                    continue
                if mark.origin != self.manifest.get("origin"):
                    faults.append(f"it is of another log, {mark.origin}")
                found.append(Held(mark, "in the bundle", outside=False))
        return found, faults


class _Payloads:
    """The payloads of a bundle in the order of the entries."""

    def __init__(self, part: IO[bytes]) -> None:
        self._lines = iter(part)
        self.place, self._bytes = 0, b""
        self._step()

    def _step(self) -> None:
        line = next(self._lines, b"")
        if not line:
            self.place = 0
            return
        place, _, text = line.rstrip(b"\n").partition(b"\t")
        try:
            after, self._bytes = int(place), b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            raise BadBundle("A payload of the bundle cannot be read.") from None
        if after <= self.place:
            raise BadBundle("The payloads of the bundle are out of order.")
        self.place = after

    def until(self, last: int) -> dict[int, bytes]:
        """Return the payloads of the entries up to `last` that were not asked for yet."""
        found = {}
        while self.place and self.place <= last:
            found[self.place] = self._bytes
            self._step()
        return found


def check(bundle: Bundle, key: PublicKey, held: list[Held], sees: Sees | None = None) -> Verdict:
    """
    Recompute a bundle against checkpoints from outside and its own; `sees` is shown every entry.

    :raises BadBundle: where it cannot be read
    """
    origin = bundle.manifest.get("origin")
    for mark in held:
        if mark.checkpoint.origin != origin:
            raise BadBundle(
                f"The checkpoint {mark.place} is of another log: {mark.checkpoint.origin}, not {origin}."
            )
    own, faults = bundle.checkpoints(key)
    checker = Checker([*held, *own])
    leaves, hashes = bundle.span(LEAVES), bundle.span(HASHES)
    with bundle.open(PAYLOADS) as payloads:
        sealed = _Payloads(payloads)
        for computed in blocks.computed(leaves, hashes, checker.cuts):
            _take(checker, computed, sealed, sees)
    absent = max(hashes.length // 32, int(bundle.manifest["entries"])) - checker.position
    if absent > 0:
        checker.add_gap(absent, "missing at the end of the bundle")
    for fault in faults:
        words = f"a checkpoint in the bundle is worth nothing: {fault}"
        checker.find(Kind.INCONSISTENT, 1, max(checker.position, 1), words)
    return checker.finish()


def _take(checker: Checker, computed: Computed, payloads: _Payloads, sees: Sees | None) -> None:
    """Take one block: as it was computed where all lines are leaves, else line by line; then its payloads."""
    block, first = computed.block, checker.position + 1
    if computed.part is not None:
        checker.take(computed.part)
    sealed = payloads.until(first + block.count - 1)
    if computed.part is None or sealed or computed.sealed or checker.payloads.absent or sees is not None:
        lines, stored = lines_of(block.lines.read()), block.hashes.read()
        for offset, line in enumerate(lines):
            kept = stored[offset * 32 : offset * 32 + 32]
            if computed.part is None:
                _check_line(checker, line, kept)
            if first + offset in sealed or checker.payloads.wants(line):
                checker.payloads.look(first + offset, line, sealed.get(first + offset))
            if sees is not None:
                sees(first + offset, line, kept)


def _check_line(checker: Checker, line: bytes, stored: bytes) -> None:
    """Take one line: a leaf, the hash of one that is withheld, or a gap."""
    if line == GAP:
        checker.add_gap(1)
    elif line.startswith(WITHHELD):
        if line[1:].decode(errors="replace") != stored.hex():
            place = checker.position + 1
            checker.find(Kind.EDITED, place, place, "withheld, under another hash than it was sealed with")
        checker.add_withheld([stored.ljust(32, b"\0")])
    else:
        checker.add([line], stored)

"""A bundle: a folder, or a tar of it, that holds a copy of the trail (docs/reference/trail-format.md)."""

import binascii
import json
import tarfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from tecum_verify.checking import Checker, Held, Kind, Verdict, needs_a_look
from tecum_verify.notes import BadNote, PublicKey, checkpoint

FORMAT = "tecum-trail-bundle/1"
MANIFEST, LEAVES, HASHES, PAYLOADS, CHECKPOINTS = (
    "manifest.json",
    "leaves.jsonl",
    "hashes.bin",
    "payloads.tsv",
    "checkpoints.jsonl",
)
BLOCK = 1 << 20
LARGEST_MANIFEST = 1 << 20
LEAF, WITHHELD, GAP = b"{", b"=", b"-"
Sees = Callable[[int, bytes, bytes], None]


class BadBundle(Exception):
    """A bundle that cannot be read; the text says why."""


class Bundle:
    """The parts of a bundle, opened one at a time; nothing is unpacked to disk."""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        try:
            self._tar = None if self._folder else tarfile.open(path, "r:")  # noqa: SIM115  closed by close()
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

    def open(self, name: str) -> IO[bytes]:
        """
        Return one part, to read.

        :raises BadBundle: where it is not there
        """
        try:
            if self._folder:
                return (self._folder / name).open("rb")
            part = self._tar.extractfile(name) if self._tar else None
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


def _blocks(part: IO[bytes]) -> Iterator[bytes]:
    """Yield whole lines, about a mebibyte at a time, without the last newline."""
    rest = b""
    while block := part.read(BLOCK):
        whole, newline, tail = block.rpartition(b"\n")
        if not newline:
            rest += block
            continue
        yield rest + whole
        rest = tail
    if rest:
        yield rest


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
    with bundle.open(LEAVES) as leaves, bundle.open(HASHES) as hashes, bundle.open(PAYLOADS) as payloads:
        sealed = _Payloads(payloads)
        for block in _blocks(leaves):
            _check_block(checker, block, hashes, sealed, sees)
        left = len(hashes.read()) // 32
    absent = max(left, int(bundle.manifest["entries"]) - checker.position)
    if absent > 0:
        checker.add_gap(absent, "missing at the end of the bundle")
    for fault in faults:
        words = f"a checkpoint in the bundle is worth nothing: {fault}"
        checker.find(Kind.INCONSISTENT, 1, max(checker.position, 1), words)
    return checker.finish()


def _check_block(
    checker: Checker, block: bytes, hashes: IO[bytes], payloads: _Payloads, sees: Sees | None
) -> None:
    """Take one block of lines: quickly where all are leaves, line by line where some are withheld or missing."""
    lines = block.split(b"\n")
    stored = hashes.read(32 * len(lines))
    first = checker.position + 1
    if block.startswith(LEAF) and block.count(b"\n" + LEAF) == len(lines) - 1:
        checker.add(lines, stored)
    else:
        for offset, line in enumerate(lines):
            _check_line(checker, line, stored[offset * 32 : offset * 32 + 32])
    sealed = payloads.until(checker.position)
    if sealed or needs_a_look(block):
        for offset, line in enumerate(lines):
            if first + offset in sealed or needs_a_look(line):
                checker.payloads.look(first + offset, line, sealed.get(first + offset))
    if sees is not None:
        for offset, line in enumerate(lines):
            sees(first + offset, line, stored[offset * 32 : offset * 32 + 32])


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

"""What is found when a trail is recomputed: entry by entry, against checkpoints that others kept."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from itertools import pairwise
from typing import Any

from tecum_verify.merkle import Tree, subtrees
from tecum_verify.notes import Checkpoint

# Leaves that hold neither of these have no payload to look at; a quick look at the bytes spares the parsing.
SEALED = b',"sealed":{"epoch":"'
DESTROYED = b'payloads_destroyed"'
DESTROYED_EVENT = "trail.payloads_destroyed"


class Kind(IntEnum):
    """What is wrong; the number is the exit code, and the lowest is told."""

    EDITED = 2
    MISSING = 3
    INCONSISTENT = 4
    UNANCHORED = 5


@dataclass(frozen=True)
class Finding:
    """Something wrong with the entries first to last, counted from 1."""

    kind: Kind
    first: int
    last: int
    words: str

    @property
    def entries(self) -> str:
        """Return which entries, in words."""
        if self.first == self.last:
            return f"entry {self.first:,}"
        return f"entries {self.first:,} to {self.last:,}"

    def __str__(self) -> str:
        return f"{self.kind.name.lower()}: {self.entries}: {self.words}"


@dataclass(frozen=True)
class Held:
    """A checkpoint to check against, and where it came from; only one from outside anchors."""

    checkpoint: Checkpoint
    place: str
    outside: bool


@dataclass
class Verdict:
    """The outcome. `anchored` is the last entry that a checkpoint from outside covers."""

    entries: int
    root: bytes
    anchored: int
    findings: list[Finding]
    withheld: int = 0
    sealed: int = 0
    destroyed: int = 0

    @property
    def code(self) -> int:
        """Return the exit code: 0 good, else the lowest of the findings."""
        return min((int(finding.kind) for finding in self.findings), default=0)


@dataclass(frozen=True)
class Part:
    """What is computed of consecutive entries, apart from all others; `segments` end where a checkpoint stands."""

    count: int
    segments: list[list[tuple[int, bytes]]]
    edited: list[int] = field(default_factory=list)


def compute(first: int, leaves: Sequence[bytes], stored: bytes, cuts: Sequence[int]) -> Part:
    """
    Return the part of the entries after `first`; `stored` is the 32-byte hash of each as it was kept.

    Where the bytes of an entry no longer give its hash, the entry is named and the hash stands for it, so that the
    rest is judged too.
    """
    hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    edited: list[int] = []
    if b"".join(hashes) != stored:
        for offset, computed in enumerate(hashes):
            before = stored[offset * 32 : offset * 32 + 32]
            if before != computed:
                edited.append(offset)
                hashes[offset] = before if len(before) == 32 else computed
    return Part(len(hashes), _segments(first, hashes, cuts), edited)


def _segments(first: int, hashes: Sequence[bytes], cuts: Sequence[int]) -> list[list[tuple[int, bytes]]]:
    """Return the subtrees over leaf hashes, apart at each cut (an offset)."""
    edges = [0, *cuts, len(hashes)]
    return [subtrees(first + start, hashes[start:end]) for start, end in pairwise(edges)]


@dataclass
class Checker:
    """Takes the entries in their order and says at the end what it found."""

    held: Sequence[Held]
    findings: list[Finding] = field(default_factory=list)
    position: int = 0
    withheld: int = 0

    def __post_init__(self) -> None:
        self._tree = Tree()
        self._marks = sorted(self.held, key=lambda mark: mark.checkpoint.size)
        self._sizes = [mark.checkpoint.size for mark in self._marks]
        self._next = 0
        self._agreed = 0
        self._anchored = 0
        self._whole = True  # no gap so far, so the tree grows on
        self._comparable = True  # and no contradiction either: more of them would say nothing new
        self.payloads = Payloads(self)
        self._compare()

    def find(self, kind: Kind, first: int, last: int, words: str) -> None:
        """Keep a finding; one that continues the last is joined to it."""
        if self.findings:
            before = self.findings[-1]
            if (before.kind, before.words, before.last + 1) == (kind, words, first):
                self.findings[-1] = Finding(kind, before.first, last, words)
                return
        self.findings.append(Finding(kind, first, last, words))

    def cuts(self, first: int, count: int) -> list[int]:
        """Return where checkpoints stand among the entries after `first`, as offsets inside them."""
        begin, end = bisect_right(self._sizes, first), bisect_left(self._sizes, first + count)
        return sorted({size - first for size in self._sizes[begin:end]})

    def add(self, leaves: Sequence[bytes], stored: bytes) -> None:
        """Take leaves; `stored` is the hash of each as it was kept, one after another."""
        self.take(compute(self.position, leaves, stored, self.cuts(self.position, len(leaves))))

    def add_withheld(self, hashes: Sequence[bytes]) -> None:
        """Take entries of which only the hash is shown."""
        self.withheld += len(hashes)
        cuts = self.cuts(self.position, len(hashes))
        self.take(Part(len(hashes), _segments(self.position, hashes, cuts)))

    def add_gap(self, count: int, words: str = "missing where it should stand") -> None:
        """Take a place where entries should stand and do not."""
        self.find(Kind.MISSING, self.position + 1, self.position + count, words)
        self.position += count
        self._whole = self._comparable = False

    def take(self, part: Part) -> None:
        """Take the next entries as they were computed, and compare with every checkpoint among them."""
        first = self.position
        for offset in part.edited:
            place = first + offset + 1
            self.find(Kind.EDITED, place, place, "the bytes no longer give the hash they were sealed with")
        for segment in part.segments:
            for height, node in segment:
                self.position += 1 << height
                if self._whole:
                    self._tree.push(height, node)
            self._compare()

    def _compare(self) -> None:
        """Compare the root with every checkpoint of this size."""
        while self._next < len(self._marks) and self._sizes[self._next] <= self.position:
            mark = self._marks[self._next]
            self._next += 1
            if not self._comparable:
                continue
            if self._tree.root() == mark.checkpoint.root:
                self._agreed = self.position
                self._anchored = self.position if mark.outside else self._anchored
            else:
                self._comparable = False
                words = f"another history than the checkpoint of {mark.checkpoint.size:,} ({mark.place}) was signed over"
                self.find(Kind.INCONSISTENT, min(self._agreed + 1, self.position), self.position, words)

    def finish(self) -> Verdict:
        """Return what was found, once all entries were taken."""
        for mark in self._marks[self._next :][-1:]:
            size = mark.checkpoint.size
            words = (
                f"missing at the end, or copied before the checkpoint of {size:,} ({mark.place}) was signed"
            )
            self.find(Kind.MISSING, self.position + 1, size, words)
        self.payloads.finish()
        if not self.findings and self.position > self._anchored:
            words = "sound, but no checkpoint from outside covers them yet"
            self.find(Kind.UNANCHORED, self._anchored + 1, self.position, words)
        return Verdict(
            entries=self.position,
            root=self._tree.root() if self._whole else b"",
            anchored=self._anchored,
            findings=self.findings,
            withheld=self.withheld,
            sealed=self.payloads.present,
            destroyed=self.payloads.destroyed,
        )


class Payloads:
    """The sealed parts: present and whole, or destroyed with an entry that says so."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._absent: dict[str, list[int]] = {}
        self._ended: dict[str, int] = {}
        self.present = 0
        self.destroyed = 0

    @property
    def absent(self) -> bool:
        """Tell whether a payload was missed so far, so that an entry may still say that it was destroyed."""
        return bool(self._absent)

    def wants(self, leaf: bytes) -> bool:
        """Tell whether a leaf may have a sealed part, or may say that payloads missed before were destroyed."""
        return SEALED in leaf or (self.absent and DESTROYED in leaf)

    def look(self, position: int, leaf: bytes, ciphertext: bytes | None) -> None:
        """Compare one entry's sealed part with what the leaf says of it."""
        try:
            entry = json.loads(leaf)
        except ValueError:
            return  # the hash has already said whether these bytes were sealed
        self._ending(position, entry)
        sealed = entry.get("sealed") if isinstance(entry, dict) else None
        if not isinstance(sealed, dict):
            if ciphertext is not None:
                self._checker.find(
                    Kind.EDITED, position, position, "a payload stands beside it that it does not name"
                )
        elif ciphertext is None:
            self._absent.setdefault(str(sealed.get("epoch")), []).append(position)
        elif sha256(ciphertext).hexdigest() != sealed.get("sha256"):
            self._checker.find(
                Kind.EDITED, position, position, "the payload is not the one it was sealed with"
            )
        else:
            self.present += 1

    def _ending(self, position: int, entry: Any) -> None:
        """Remember the last entry that says an epoch's payloads were destroyed."""
        if (
            isinstance(entry, dict)
            and entry.get("event") == DESTROYED_EVENT
            and isinstance(entry.get("data"), dict)
        ):
            self._ended[str(entry["data"].get("epoch"))] = position

    def finish(self) -> None:
        """Tell destroyed payloads from those that are merely gone."""
        for epoch, positions in self._absent.items():
            for position in positions:
                if position < self._ended.get(epoch, 0):
                    self.destroyed += 1
                else:
                    self._checker.find(
                        Kind.MISSING,
                        position,
                        position,
                        "its payload is gone and no entry says it was destroyed",
                    )

"""Reads a bundle in blocks of whole lines, and computes them side by side where there is more than one processor."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tecum_verify.checking import SEALED, Part, compute

BLOCK = 1 << 20
WORTH_IT = 48 << 20  # below this many bytes, starting processes costs more than it saves
LEAF = b"{"
Cuts = Callable[[int, int], list[int]]


@dataclass(frozen=True)
class Span:
    """Bytes of a file, which may lie inside a tar."""

    path: Path
    start: int
    length: int

    def read(self) -> bytes:
        """Return the bytes."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.length)

    def within(self, start: int, length: int) -> "Span":
        """Return a span inside this one, cut off where this one ends."""
        begin = min(start, self.length)
        return Span(self.path, self.start + begin, max(0, min(length, self.length - begin)))


@dataclass(frozen=True)
class Block:
    """Some entries: their lines, their stored hashes, and how many came before."""

    lines: Span
    hashes: Span
    first: int
    count: int


@dataclass(frozen=True)
class Computed:
    """A block with what was computed of it; nothing where entries are withheld or missing, which go line by line."""

    block: Block
    part: Part | None
    sealed: bool


def blocks(leaves: Span, hashes: Span) -> Iterator[Block]:
    """Yield the blocks of a file of lines, about a mebibyte each."""
    first = start = 0
    with leaves.path.open("rb") as file:
        file.seek(leaves.start)
        while start < leaves.length:
            data = file.read(min(BLOCK, leaves.length - start))
            while data and not (data.endswith(b"\n") or start + len(data) >= leaves.length):
                more = file.readline()[: leaves.length - start - len(data)]
                data += more
                if not more:
                    break
            if not data:
                return
            count = data.count(b"\n") + (not data.endswith(b"\n"))
            yield Block(leaves.within(start, len(data)), hashes.within(32 * first, 32 * count), first, count)
            start, first = start + len(data), first + count


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of a block without their newlines."""
    return (data[:-1] if data.endswith(b"\n") else data).split(b"\n")


def compute_block(block: Block, cuts: list[int]) -> Computed:
    """Compute one block; works in a process of its own as well."""
    data = block.lines.read()
    lines = lines_of(data)
    if min(lines) < LEAF:  # both other kinds of line sort below a leaf
        return Computed(block, None, sealed=False)
    return Computed(block, compute(block.first, lines, block.hashes.read(), cuts), SEALED in data)


def computed(leaves: Span, hashes: Span, cuts: Cuts) -> Iterator[Computed]:
    """Yield every block, computed, in the order of the entries."""
    processors = os.cpu_count() or 1
    if processors == 1 or leaves.length < WORTH_IT:
        for block in blocks(leaves, hashes):
            yield compute_block(block, cuts(block.first, block.count))
        return
    with ProcessPoolExecutor(processors) as pool:
        waiting: deque[Future[Computed]] = deque()
        for block in blocks(leaves, hashes):
            waiting.append(pool.submit(compute_block, block, cuts(block.first, block.count)))
            if len(waiting) > 2 * processors:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

"""A list between reading and comparing: on the disk, sealed under the key of its matter, and gone afterwards."""

import csv
import io
import json
import secrets
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tecum.documents.spreadsheets import harmless
from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources.connector import Connector, Line
from tecum.records.rules.subscriber_lists import BadLine, Entry, read
from tecum.secrecy import operations as secrecy

MOST_REJECTS = 100_000
SAY_EVERY = 20_000


@dataclass
class Spool:
    """A list as it was read: good lines in a sealed file, bad ones with their reasons."""

    path: Path
    matter: str
    lines: int = 0
    good: int = 0
    rejected: int = 0
    twice: frozenset[str] = frozenset()
    held: set[str] = field(default_factory=set)
    sha256: str = ""
    _rejects: list[tuple[int, str, str, str]] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield the good lines, without those whose number stands in the list twice."""
        for at, entry in self._entries():
            if entry.number in self.twice:
                self.reject(at, entry.number, "This number stands in the list more than once.", "")
            else:
                yield entry

    def _entries(self) -> Iterator[tuple[int, Entry]]:
        held = b""
        with self.path.open("rb") as file:
            pieces = iter(lambda: file.read(1 << 20), b"")
            for piece in secrecy.read_stream(pieces, matter=self.matter, about=self._about):
                *lines, held = (held + piece).split(b"\n")
                for line in lines:
                    at, _, entry = line.partition(b" ")
                    yield int(at), Entry.loaded(entry)

    def fill(self, lines: Iterator[Line], source: SubscriberSource, say: Callable[[int], None]) -> None:
        """Read every line, keep the good ones sealed, and find the numbers that stand there twice."""
        numbers, digest = array("Q"), sha256()

        def taken() -> Iterator[bytes]:
            for line in lines:
                self.lines += 1
                if self.lines % SAY_EVERY == 0:
                    say(self.lines)
                entry = self._read(line, source)
                if entry is not None:
                    numbers.append(int(entry.number))
                    dumped = entry.dumped()
                    digest.update(dumped)
                    yield b"%d %s" % (line.at, dumped)

        with self.path.open("xb") as file:
            file.writelines(secrecy.seal_stream(taken(), matter=self.matter, about=self._about))
        self.good, self.sha256 = len(numbers), digest.hexdigest()
        ordered = sorted(numbers)
        self.twice = frozenset(str(a) for a, b in zip(ordered, ordered[1:], strict=False) if a == b)
        self.held |= self.twice

    def _read(self, line: Line, source: SubscriberSource) -> Entry | None:
        try:
            if line.fault:
                raise BadLine(line.fault)
            return read(line.columns, source)
        except BadLine as bad:
            if bad.number:
                self.held.add(bad.number)
            columns = json.dumps(dict(line.columns), ensure_ascii=False, default=str)
            self.reject(line.at, bad.number, bad.reason, columns.encode("utf-8", "replace").decode())
            return None

    def reject(self, at: int, number: str, reason: str, columns: str) -> None:
        """Lay one line aside."""
        self.rejected += 1
        if len(self._rejects) < MOST_REJECTS:
            self._rejects.append((at, number, reason, columns))

    def rejects(self) -> bytes:
        """Return the bad lines as a file: where, which number, why, and the line itself."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["line", "number", "reason", "columns"])
        writer.writerows(
            [str(at), number, reason, harmless(columns)]
            for at, number, reason, columns in sorted(self._rejects)
        )
        if self.rejected > len(self._rejects):
            writer.writerow(
                ["", "", f"{self.rejected - len(self._rejects):,} more are not written here.", ""]
            )
        return text.getvalue().encode()

    @property
    def _about(self) -> str:
        return f"subscriber spool {self.path.name}"

    def remove(self) -> None:
        """Take the file away."""
        self.path.unlink(missing_ok=True)


def new(folder: Path, *, source: str, matter: str) -> Spool:
    """Return an empty spool, after taking away those that a crash of this source left."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{source}.*.spool"):
        left.unlink()
    return Spool(folder / f"{source}.{secrets.token_hex(6)}.spool", matter)


def filled(spool: Spool, connector: Connector, source: SubscriberSource, say: Callable[[int], None]) -> Spool:
    """Read a whole list into a spool."""
    spool.fill(connector.lines(), source, say)
    return spool

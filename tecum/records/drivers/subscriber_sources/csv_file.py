"""A list in a file: CSV, plain or compressed by gzip."""

import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tecum.guide.model.subscribers import SubscriberSource
from tecum.records.drivers.subscriber_sources.connector import CannotList, Line

if TYPE_CHECKING:
    from _csv import Reader


class CsvFile:
    """A file that somebody laid down here."""

    etag = ""

    def __init__(self, path: Path, source: SubscriberSource) -> None:
        self.path, self.source = path, source
        self.name = path.name[-255:]
        self._identity = self._now()

    def header(self) -> list[str]:
        """Return the first line."""
        with self._opened() as file:
            return self._header(self._reader(file))

    def lines(self) -> Iterator[Line]:
        """Yield the lines after the first; a line that is cut or broken says so, and the rest goes on."""
        with self._opened() as file:
            reader = self._reader(file)
            header = self._header(reader)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    break
                except csv.Error as wrong:
                    yield Line(reader.line_num, {}, f"This is no line of CSV: {wrong}.")
                    continue
                if cells:
                    yield self._line(reader.line_num, header, cells)
        if self._now() != self._identity:
            raise CannotList(f"{self.name} was changed while it was read. Nothing was changed.")

    @staticmethod
    def _line(at: int, header: list[str], cells: list[str]) -> Line:
        if len(cells) != len(header):
            return Line(at, {}, f"This line has {len(cells)} columns, the first one has {len(header)}.")
        return Line(at, dict(zip(header, cells, strict=True)))

    def _reader(self, file: IO[str]) -> "Reader":
        return csv.reader(file, delimiter=self.source.delimiter, strict=False)

    def _header(self, reader: "Reader") -> list[str]:
        try:
            found = [name.strip() for name in next(reader)]
        except (StopIteration, csv.Error):
            raise CannotList(f"{self.name} is empty. Nothing was changed.") from None
        if len(set(found)) != len(found):
            raise CannotList(f"{self.name} names a column twice. Nothing was changed.")
        return found

    def _now(self) -> tuple[int, int, int]:
        try:
            stat = os.stat(self.path)
        except OSError as wrong:
            raise CannotList(f"{self.path} cannot be opened: {wrong.strerror}.") from None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    @contextmanager
    def _opened(self) -> Iterator[IO[str]]:
        try:
            with self.path.open("rb") as raw:
                packed = raw.read(2) == b"\x1f\x8b"
                raw.seek(0)
                stream = gzip.GzipFile(fileobj=raw) if packed else raw
                text = io.TextIOWrapper(
                    stream, encoding=self.source.encoding, errors="surrogateescape", newline=""
                )
                yield text
        except OSError as wrong:
            raise CannotList(
                f"{self.name} cannot be read to its end: {wrong}. Nothing was changed."
            ) from None
        except (EOFError, zlib.error):
            raise CannotList(
                f"{self.name} is a truncated or damaged gzip file. Nothing was changed."
            ) from None
        except LookupError:
            raise CannotList(
                f"The guide names an encoding that there is not: {self.source.encoding}."
            ) from None

"""The rows of a table that would leave, read back from its stored bytes: CSV as it streams, XLSX through openpyxl."""

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from tecum.kernel.later import Later
from tecum.production.rules.checks import TableRow
from tecum.production.rules.facts import BadInput, Columns

openpyxl = Later("openpyxl")
MOST_LINES_BEFORE = 20  # the statement above the header


def rows(content: Iterable[bytes], *, name: str, columns: Columns) -> Iterator[TableRow]:
    """
    Yield what each row says of itself.

    :raises BadInput: where the header is missing, or a row has no number or time that can be read
    """
    places: dict[str, int] | None = None
    for at, cells in enumerate(_lines(content, name), 1):
        if places is None:
            places = _header(cells, columns)
            if places is None and at > MOST_LINES_BEFORE:
                break
        elif any(cells):
            yield _row(at, cells, places, columns, name)
    if places is None:
        raise BadInput(f"{name} has no line with the headings {columns.number} and {columns.since}.")


def _lines(content: Iterable[bytes], name: str) -> Iterator[Sequence[str]]:
    try:
        yield from (
            _sheet(content) if name.lower().endswith(".xlsx") else csv.reader(_text(content), strict=True)
        )
    except (
        UnicodeDecodeError,
        csv.Error,
        zipfile.BadZipFile,
        zlib.error,
        openpyxl.utils.exceptions.InvalidFileException,
        KeyError,
    ) as fault:
        raise BadInput(f"{name} cannot be read as a table ({type(fault).__name__}).") from None


def _header(cells: Sequence[str], columns: Columns) -> dict[str, int] | None:
    wanted = {columns.number, columns.since} | ({columns.until} if columns.until else set())
    return {title: cells.index(title) for title in wanted} if wanted <= set(cells) else None


def _row(at: int, cells: Sequence[str], places: dict[str, int], columns: Columns, name: str) -> TableRow:
    try:
        number = _plain(cells[places[columns.number]])
        since = _instant(cells[places[columns.since]])
        until = _instant(cells[places[columns.until]]) if columns.until else None
    except (IndexError, ValueError):
        raise BadInput(f"{name}, line {at}: its number or time cannot be read.") from None
    return TableRow(at, number, since, until)


def _plain(cell: str) -> str:
    """Take the apostrophe away that keeps a spreadsheet from reading `+44…` as a formula."""
    return cell[1:] if cell.startswith("'") else cell


def _instant(cell: str) -> datetime:
    """Return an instant; a time without a zone stands in a column that says UTC."""
    at = datetime.fromisoformat(_plain(cell))
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _text(content: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines of a UTF-8 file that comes in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    held = ""
    for piece in content:
        held += decoder.decode(piece)
        *whole, held = held.split("\n")
        yield from (f"{line}\n" for line in whole)
    held += decoder.decode(b"", final=True)
    if held:
        yield held


def _sheet(content: Iterable[bytes]) -> Iterator[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(content)), read_only=True, data_only=True)
    try:
        if len(book.worksheets) != 1:
            raise BadInput("A workbook that leaves has one sheet.")
        for cells in book.worksheets[0].iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in cells]
    finally:
        book.close()

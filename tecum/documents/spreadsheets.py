"""Tables as XLSX and CSV in which no cell is ever a formula (OWASP ASVS 5.0, 1.2.10)."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 60
PIECE = 1 << 16
SHEET_NAME_CHARACTERS = 31


def as_xlsx(
    *,
    title: str,
    notes: Sequence[str],
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    gap: bool = True,
) -> bytes:
    """
    Return a workbook of one sheet: notes above (then an empty row, with `gap`), a bold header row, text cells below.

    Every cell is written as a string, so that neither a formula nor a lost leading zero can arise.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:SHEET_NAME_CHARACTERS])
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, note in enumerate(notes):
        sheet.write_string(at, 0, note)
    top = len(notes) + (1 if notes and gap else 0)
    widths = [len(name) for name in header]
    for column, name in enumerate(header):
        sheet.write_string(top, column, name, bold)
    for at, row in enumerate(rows, start=top + 1):
        for column, cell in enumerate(row):
            sheet.write_string(at, column, cell, wrapped)
            widths[column] = max(widths[column], len(cell))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, WIDEST))
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    book.close()
    return buffer.getvalue()


def as_csv(*, notes: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return UTF-8 CSV (RFC 4180, with a byte-order mark for spreadsheets); dangerous first characters get an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for note in notes:
        writer.writerow([harmless(note)])
    writer.writerow([harmless(name) for name in header])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def csv_pieces(
    *, notes: Sequence[str], header: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[bytes]:
    """Yield the CSV of `as_csv` in pieces, so that no table need fit into memory."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    yield codecs.BOM_UTF8
    for row in (*([note] for note in notes), header):
        writer.writerow([harmless(cell) for cell in row])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if buffer.tell() >= PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def csv_rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """Yield the rows of a CSV that `as_csv` or `csv_pieces` made, cell by cell as they were given to it."""
    for row in csv.reader(_csv_lines(pieces)):
        yield [cell[1:] if cell.startswith("'") and cell[1:].startswith(DANGEROUS) else cell for cell in row]


def _csv_lines(pieces: Iterable[bytes]) -> Iterator[str]:
    kept = ""
    for text in codecs.iterdecode(pieces, "utf-8-sig"):
        *lines, kept = (kept + text).split("\n")
        yield from (f"{line}\n" for line in lines)
    if kept:
        yield kept


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell

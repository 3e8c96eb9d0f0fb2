"""Rows of CSV and XLSX with the standard library alone, for the verifier of productions."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LETTERS = re.compile(r"[A-Z]+")
LONGEST_CELL = 1_000_000
LARGEST_SHEET = 4_000_000_000
BROKEN = (  # what reading a damaged workbook raises
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, IndexError, ValueError, OverflowError, EOFError,
    RuntimeError, NotImplementedError, OSError,
)  # fmt: skip


class Unreadable(Exception):
    """A table that cannot be read; the text says why."""


def rows(file: IO[bytes], *, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line of the file (from 1) and its cells. :raises Unreadable: where it is no such table"""
    try:
        yield from _workbook(file) if name.lower().endswith(".xlsx") else _text(file)
    except (csv.Error, UnicodeDecodeError) as fault:
        raise Unreadable(f"it is no CSV in UTF-8 ({fault})") from None
    except BROKEN as fault:
        raise Unreadable(f"it is no workbook ({fault})") from None


def _text(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    wrapped = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        for line, cells in enumerate(csv.reader(wrapped, strict=True), 1):
            yield line, [_bare(cell) for cell in cells]
    finally:
        wrapped.detach()  # whoever opened the file closes it


def _bare(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from calculating."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@\t\r" and len(cell) > 1 else cell


def _workbook(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    with zipfile.ZipFile(io.BytesIO(file.read())) as book:
        sheets = [each for each in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", each)]
        if len(sheets) != 1:
            raise Unreadable(f"it has {len(sheets)} sheets, and one can be held against the scope")
        if book.getinfo(sheets[0]).file_size > LARGEST_SHEET:
            raise Unreadable("its sheet is too large")
        shared = _shared(book) if "xl/sharedStrings.xml" in book.namelist() else []
        with book.open(sheets[0]) as sheet:
            for _, element in ElementTree.iterparse(_no_doctype(sheet)):  # noqa: S314  no DOCTYPE gets this far
                if element.tag == f"{MAIN}row":
                    yield int(element.get("r", "0")), _cells(element, shared)
                    element.clear()


def _shared(book: zipfile.ZipFile) -> list[str]:
    with book.open("xl/sharedStrings.xml") as part:
        root = ElementTree.parse(_no_doctype(part)).getroot()  # noqa: S314
    return ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in root.iter(f"{MAIN}si")]


def _no_doctype(part: IO[bytes]) -> IO[bytes]:
    """Return the same bytes, refusing a part that could define entities."""
    data = part.read()
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unreadable("a part of it defines entities")
    return io.BytesIO(data)


def _cells(row: ElementTree.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in row.iter(f"{MAIN}c"):
        if cell.find(f"{MAIN}f") is not None:
            raise Unreadable(f"its cell {cell.get('r')} is a formula")
        place = _column(cell.get("r", ""))
        cells += [""] * (place + 1 - len(cells))
        cells[place] = _bare(_value(cell, shared))
    return cells


def _column(reference: str) -> int:
    found = LETTERS.match(reference)
    if found is None:
        raise Unreadable("a cell does not say where it stands")
    number = 0
    for letter in found[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{MAIN}t"))
    value = cell.findtext(f"{MAIN}v") or ""
    return shared[int(value)] if cell.get("t") == "s" else value

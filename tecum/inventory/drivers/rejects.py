"""Naming the bad lines of a file: where they stand, what they hold, why they were not taken."""

import csv
import gzip
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tecum.inventory.rules.files import LONGEST_CUSTOMER, LONGEST_SHOWN, OLDEST, Reject, Settled
from tecum.inventory.rules.runs import AREA_CODE, Span, is_number

NUMBERS = re.compile(r'(?m)^\s*"?(\d{10})"?,(?:"?(\d{10})"?)?')
VISIBLE = re.compile(r"[!-~]([ -~]*[!-~])?")
COLUMN_NAMES = {
    "number": "The number",
    "number_to": "The end of the block",
    "in_service_date": "The in-service date",
}
SHAPES = {"number": "ten digits", "number_to": "ten digits", "in_service_date": "a date like 2022-06-01"}
BY_READER = {
    "MISSING COLUMNS": "The line has too few columns.",
    "TOO MANY COLUMNS": "The line has too many columns.",
    "UNQUOTED VALUE": "A quotation mark is opened and not closed, or stands inside a value.",
    "INVALID ENCODING": "The line is not written in UTF-8.",
    "LINE SIZE OVER MAXIMUM": "The line is longer than two million characters.",
}


def by_reader(kind: str, column: str | None) -> str:
    """Say why the typed reader refused a line."""
    if kind == "CAST" and column in SHAPES:
        return f"{COLUMN_NAMES[column]} is not {SHAPES[column]}."
    return BY_READER.get(kind, f"The line cannot be read ({kind.lower()}).")


def spans_in(value: str) -> Iterator[Span]:
    """Yield what a line that cannot be read speaks of, as far as that can be told."""
    for s, e in NUMBERS.findall(value):
        first, last = int(s), int(e or s)
        if is_number(first):
            sane = last >= first and last // AREA_CODE == first // AREA_CODE
            yield Span(first, last if sane else first)


def by_domain(row: dict[str, str], *, today: str) -> str:
    """Say why a line that could be read was not taken; empty if it is good."""
    try:
        first = int(row["number"] or 0)
        last = int(row.get("number_to") or 0)
        day = date.fromisoformat(row["in_service_date"]) if row["in_service_date"] else None
    except (ValueError, TypeError):
        return "The line cannot be read."
    return _number_reason(first, last) or _customer_reason(row["customer_id"]) or _date_reason(day, today)


def _number_reason(first: int, last: int) -> str:
    if not first:
        return "There is no number."
    if not is_number(first):
        return "The number is not one of the North American Numbering Plan: ten digits, NXX-NXX-XXXX with N from 2 to 9."
    if last and last < first:
        return "The block ends before it begins."
    if last and last // AREA_CODE != first // AREA_CODE:
        return "The block leaves its area code."
    return ""


def _customer_reason(customer: str) -> str:
    if not customer:
        return "There is no customer."
    if len(customer.encode()) > LONGEST_CUSTOMER:
        return f"The customer's id is longer than {LONGEST_CUSTOMER} characters."
    if not VISIBLE.fullmatch(customer):
        return "The customer's id holds something else than letters, digits and signs of ASCII."
    return ""


def _date_reason(day: date | None, today: str) -> str:
    if day is None:
        return "There is no in-service date."
    if day < date.fromisoformat(OLDEST):
        return f"The in-service date is before {OLDEST[:4]}."
    return "The in-service date lies in the future." if day.isoformat() > today else ""


def locate(
    job: dict[str, Any], numbers: Collection[int | None], rows: Sequence[tuple[Any, ...]], *, today: str
) -> list[Reject]:
    """Find in the file the lines that the domain filter refused: a second pass, only made when there are some."""
    if job["format"] == "parquet":
        return [Reject(rn, _shown(f"{s}, {e}"), "This row is not a number in service.") for s, e, rn in rows]
    wanted = {"" if number is None else str(number) for number in numbers}
    return [
        Reject(line, _shown(text), reason)
        for line, text in _lines(job["path"], job["format"])
        if text.partition(",")[0].strip('" +').lstrip("0") in wanted
        and (reason := by_domain(_parsed(text, job["header"]), today=today))
        and _complete(text, job["header"])
    ]


def _complete(text: str, header: Sequence[str]) -> bool:
    """Tell whether a line has its columns; the reader has already named those that have not, and blank ones are nothing."""
    values = next(csv.reader([text]), [])
    if len(values) != len(header):
        return False
    row = dict(zip(header, values, strict=True))
    try:
        [int(row[name]) for name in ("number", "number_to") if row.get(name)]
        return bool(not row["in_service_date"] or date.fromisoformat(row["in_service_date"]))
    except ValueError:
        return False


def overlapping(job: dict[str, Any], settled: Settled) -> list[Reject]:
    """Find in the file the lines that contradict each other, and those that repeat another."""
    found: list[Reject] = []
    first: dict[Span, int] = {}
    for line, text in _all_lines(job):
        for span in spans_in(text):
            if _meets(span, settled.held):
                reason = "Another line gives the same numbers to another customer or date; they keep what they had."
                found.append(Reject(line, _shown(text), reason))
            for repeated in _meets(span, settled.repeated):
                if first.setdefault(repeated, line) != line:
                    found.append(Reject(line, _shown(text), f"Repeats line {first[repeated]}; taken once."))
                    break
    return found


def _all_lines(job: dict[str, Any]) -> Iterator[tuple[int, str]]:
    return iter(()) if job["format"] == "parquet" else _lines(job["path"], job["format"])


def _meets(span: Span, others: Sequence[Span]) -> list[Span]:
    """Return those of the sorted, disjoint spans that share a number with one."""
    at = max(0, bisect_right(others, Span(span.s, 10**12)) - 1)
    met = []
    while at < len(others) and others[at].s <= span.e:
        if others[at].e >= span.s:
            met.append(others[at])
        at += 1
    return met


def outside(span: Span, held: Sequence[Span]) -> Iterator[Span]:
    """Yield the parts of a span that lie outside the held ones."""
    s = span.s
    for other in _meets(span, held):
        if other.s > s:
            yield Span(s, other.s - 1)
        s = other.e + 1
    if s <= span.e:
        yield Span(s, span.e)


def _lines(path: str, kind: str) -> Iterator[tuple[int, str]]:
    opened: Any = gzip.open if kind == "csv.gz" else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="\n") as file:
        next(file, None)
        for number, text in enumerate(file, start=2):
            yield number, text.rstrip("\r\n")


def _parsed(text: str, header: Sequence[str]) -> dict[str, str]:
    values = next(csv.reader([text]), [])
    return {"number_to": "", **dict.fromkeys(header, ""), **dict(zip(header, values, strict=False))}


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def write(path: Path, found: Iterable[Reject]) -> None:
    """Write the reject file, in the order of the lines; no file where nothing was rejected."""
    rows = sorted(found)
    if not rows:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(("line", "value", "reason"))
        for row in rows:
            out.writerow((row.line or "", _harmless(_shown(row.value)), row.reason))


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a value for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

"""What a scope allows, and whether rows, files and coverage of a production keep to it. Instants are microseconds of UTC."""

import csv
import hashlib
import io
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tecum_verify.bags import About, Bag, Finding, NoBag
from tecum_verify.tables import Unreadable, rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_PER_FILE = 50
HEADER_WITHIN = 20
Key = tuple[str, str]
Span = tuple[int, int]


class BadScope(Exception):
    """A scope or a list of contents that cannot be read."""


def micros(text: str) -> int:
    """Return an instant; one without a zone is of UTC. :raises ValueError: for anything else"""
    at = datetime.fromisoformat(text)
    return ((at.replace(tzinfo=UTC) if at.tzinfo is None else at) - EPOCH) // timedelta(microseconds=1)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same instants as spans that neither touch nor overlap, in order."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def holds(spans: list[Span], start: int, end: int | None) -> bool:
    """Tell whether one of the joined spans holds an instant, or all of an interval (half-open)."""
    place = bisect_right(spans, (start, 1 << 70)) - 1
    if place < 0 or start >= spans[place][1]:
        return False
    return end is None or start <= end <= spans[place][1]


@dataclass(frozen=True)
class Scope:
    """Product and number → the joined spans that are granted."""

    granted: Mapping[Key, list[Span]]
    digest: str
    matter: str

    @classmethod
    def read(cls, text: str) -> "Scope":
        """Return the scope in a text. :raises BadScope: where it is none"""
        try:
            said = json.loads(text)
            spans: dict[Key, list[Span]] = defaultdict(list)
            for grant in said["grants"]:
                if not str(grant["clause"]).strip():
                    raise BadScope("scope.json: a grant names no clause")
                spans[grant["product"], grant["number"]].append(
                    (micros(grant["start"]), micros(grant["end"]))
                )
            granted = {key: joined(each) for key, each in spans.items()}
            return cls(granted, hashlib.sha256(text.encode()).hexdigest(), said["matter"])
        except (ValueError, KeyError, TypeError) as fault:
            raise BadScope(f"scope.json cannot be read ({type(fault).__name__}: {fault})") from None

    def allows(self, key: Key, start: int, end: int | None) -> bool:
        """Tell whether an instant or an interval of a product of a number is granted."""
        return holds(self.granted.get(key, []), start, end)


@dataclass(frozen=True)
class File:
    """One file of data/, as production.json describes it."""

    path: str
    key: Key
    sha256: str
    rows: int | None
    columns: tuple[str, str, str] | None
    span: Span | None

    @property
    def table(self) -> bool:
        """Tell whether the file is one whose rows can be read."""
        return self.path.lower().endswith((".csv", ".xlsx"))


@dataclass(frozen=True)
class Contents:
    """What production.json says."""

    production: str
    statement: str
    kind: str
    files: list[File]
    asked: list[tuple[Key, Span]]


def contents(text: str) -> Contents:
    """Return what production.json says. :raises BadScope: where it cannot be read"""
    try:
        said = json.loads(text)
        asked = [
            ((each["product"], each["number"]), (micros(each["from"]), micros(each["until"])))
            for each in said["asked"]
        ]
        files = [_file(each) for each in said["files"]]
        statement = said["statement"]
        return Contents(said["production"], statement["path"], statement["kind"], files, asked)
    except (ValueError, KeyError, TypeError) as fault:
        raise BadScope(f"production.json cannot be read ({type(fault).__name__}: {fault})") from None


def _file(said: dict[str, Any]) -> File:
    columns = said.get("columns")
    names = (columns["number"], columns["from"], columns["until"]) if columns else None
    span = None if columns else (micros(said["from"]), micros(said["until"]))
    return File(
        said["path"], (said["product"], said["number"]), said["sha256"], said.get("rows"), names, span
    )


def within(bag: Bag, listed: Contents, scope: Scope) -> tuple[dict[str, list[Span | None]], list[Finding]]:
    """Read every row of every table; return the spans of their rows by file, and what lies outside the scope."""
    found: list[Finding] = []
    read: dict[str, list[Span | None]] = {}
    for file in listed.files:
        if file.path not in bag.names:
            continue
        if file.columns is None:
            found += _document(file, scope)
            continue
        try:
            spans, beyond = _table(bag, file, scope)
        except (Unreadable, NoBag) as fault:
            found.append(
                Finding(About.ROW, file.path, f"its rows cannot be held against the scope: {fault}.")
            )
            continue
        read[file.path] = spans
        found += beyond
        if len(spans) != file.rows:
            found.append(
                Finding(
                    About.ROW, file.path, f"it holds {len(spans)} rows, and production.json says {file.rows}."
                )
            )
    return read, found


def _document(file: File, scope: Scope) -> list[Finding]:
    if file.table:
        return [
            Finding(
                About.ROW, file.path, "it is a table, and production.json does not say what its columns mean."
            )
        ]
    if file.span is None or file.span[0] >= file.span[1] or not scope.allows(file.key, *file.span):
        return [
            Finding(
                About.ROW, file.path, "the scope does not allow this document: its product, number or period."
            )
        ]
    return []


def _table(bag: Bag, file: File, scope: Scope) -> tuple[list[Span | None], list[Finding]]:
    """Return the span of each row, and a finding for each that is outside (the first fifty)."""
    spans: list[Span | None] = []
    found: list[Finding] = []
    places: tuple[int, int, int] | None = None
    with bag.open(file.path) as content:
        for line, cells in rows(content, name=file.path):
            if places is None:
                places = _places(cells, file)
                if places is None and line >= HEADER_WITHIN:
                    break
                continue
            if not any(cells):
                continue
            span, why = _judged(cells, places, file, scope)
            spans.append(span)
            if why and len(found) < MOST_PER_FILE:
                found.append(Finding(About.ROW, file.path, f"line {line} {why}"))
    if places is None:
        raise Unreadable("it has no line with the headings that production.json names")
    return spans, found


def _places(cells: list[str], file: File) -> tuple[int, int, int] | None:
    number, since, until = file.columns or ("", "", "")
    if number not in cells or since not in cells or (until and until not in cells):
        return None
    return cells.index(number), cells.index(since), cells.index(until) if until else -1


def _judged(
    cells: list[str], places: tuple[int, int, int], file: File, scope: Scope
) -> tuple[Span | None, str]:
    try:
        number, start = cells[places[0]], micros(cells[places[1]])
        end = micros(cells[places[2]]) if places[2] >= 0 else None
    except (IndexError, ValueError):
        return None, "has no number or no time that can be read."
    if number != file.key[1]:
        return None, "is of another number than this file is about."
    end = None if end == start else end
    if not scope.allows(file.key, start, end):
        return None, "lies outside the scope: no grant of this product and number holds its time."
    return (start, start if end is None else end), ""


def coverage(
    bag: Bag, listed: Contents, scope: Scope, read: Mapping[str, list[Span | None]]
) -> list[Finding]:
    """Hold coverage.csv against what was asked, what is granted, and the rows that are there."""
    name = "coverage.csv"
    found: list[Finding] = []

    def wrong(words: str) -> None:
        found.append(Finding(About.PAPER, name, words))

    try:
        lines = list(csv.DictReader(io.StringIO(bag.text(name), newline="")))
        said = [_line(line) for line in lines]
    except (NoBag, ValueError, KeyError, TypeError) as fault:
        return [Finding(About.PAPER, name, f"it cannot be read ({fault}).")]
    for key in sorted({key for key, _ in listed.asked} | {each.key for each in said}):
        asked = joined(span for other, span in listed.asked if other == key)
        told = sorted(each.span for each in said if each.key == key)
        if any(one[1] > two[0] for one, two in zip(told, told[1:], strict=False)):
            wrong(f"it says two things of the same time ({key[0]}).")
        if joined(told) != asked:
            wrong(f"it does not account for exactly the time that was asked ({key[0]}).")
    for each in said:
        if each.outcome in ("produced", "none found") and not scope.allows(each.key, *each.span):
            wrong(f"it says “{each.outcome}” of a time that the scope does not grant ({each.key[0]}).")
    _count(said, listed, read, wrong)
    return found


@dataclass(frozen=True)
class _Line:
    key: Key
    span: Span
    outcome: str
    rows: int


def _line(line: dict[str, str]) -> _Line:
    number = line["Number"]
    return _Line(
        (line["Product"], number[1:] if number.startswith("'") else number),
        (micros(line["From (UTC)"]), micros(line["Until (UTC)"])),
        line["Outcome"],
        int(line["Rows"]),
    )


def _count(said: list[_Line], listed: Contents, read: Mapping[str, list[Span | None]], wrong: Any) -> None:
    """Hold the numbers of rows, and which products have files at all, against the files."""
    produced = {each.key for each in said if each.outcome == "produced"}
    for key in sorted(produced ^ {file.key for file in listed.files}):
        wrong(f"it and the files differ about whether {key[0]} was produced.")
    tables: dict[tuple[Key, str], int] = {}
    for file in listed.files:
        if file.path in read:
            tables[file.key, file.path.rpartition(".")[0].lower()] = len(read[file.path])
    for key in sorted({key for key, _ in tables}):
        there = sum(count for (other, _), count in tables.items() if other == key)
        told = sum(each.rows for each in said if each.key == key)
        if there != told:
            wrong(f"it counts {told} rows of {key[0]}; the files hold {there}.")

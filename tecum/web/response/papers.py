"""A paper as the review page shows it: the text of one page, with numbered marks where something was read from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tecum.process.queries import PaperText
from tecum.process.rules.reading import Suggestion

LABELS = {
    "target": "Number",
    "contact_number": "Their own number",
    "number": "Process number",
    "agency": "Agency",
    "issuer": "Issued by",
    "issued_on": "Dated",
    "return_on": "Return date",
    "period": "Interval",
    "date": "Date",
    "signed_by": "Signed by",
    "gag": "Forbids to tell",
    "phrase": "Required words",
}


@dataclass(frozen=True)
class Passage:
    """A piece of a line; `mark` numbers what was read there, 0 for plain text."""

    text: str
    mark: int = 0


@dataclass(frozen=True)
class Read:
    """What one mark seems to say."""

    mark: int
    label: str
    value: str
    page: int
    here: bool


@dataclass(frozen=True)
class Sheet:
    """One page of one paper."""

    document: str
    name: str
    page: int
    pages: tuple[int, ...]
    has_copy: bool
    lines: tuple[tuple[Passage, ...], ...]
    reads: tuple[Read, ...]


def sheet(papers: Sequence[PaperText], wanted: str, page: str) -> Sheet | None:
    """Return the page that the address asks for; without one, the first of the paper that says most."""
    if not papers:
        return None
    best = max(papers, key=lambda each: len(each.suggestions))
    paper = next((each for each in papers if each.document == wanted), best)
    pages = tuple(sorted({number for number, _ in paper.lines})) or (1,)
    number = int(page) if page.isdecimal() and int(page) in pages else pages[0]
    marks: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for at, each in enumerate(paper.suggestions, 1):
        marks.setdefault((each.place.page, each.text), []).append((at, each.value))
    lines = tuple(_passages(text, marks.get((at, text), [])) for at, text in paper.lines if at == number)
    reads = tuple(
        Read(at, LABELS.get(each.field, each.field.replace("_", " ").capitalize()), _shown(each), each.place.page, each.place.page == number)
        for at, each in enumerate(paper.suggestions, 1)
    )  # fmt: skip
    return Sheet(paper.document, paper.name, number, pages, paper.has_copy, lines, reads)


def _shown(said: Suggestion) -> str:
    return said.value.replace("/", " to ") if said.field == "period" else said.value


def _passages(text: str, marks: Sequence[tuple[int, str]]) -> tuple[Passage, ...]:
    """Return a line in pieces; what is read from the line as a whole has its mark at the beginning."""
    spans: list[tuple[int, int, int]] = []
    whole: list[Passage] = []
    for mark, value in marks:
        at = _find(text, value)
        if at is None or any(start < at[1] and at[0] < end for start, end, _ in spans):
            whole.append(Passage("", mark))
        else:
            spans.append((*at, mark))
    found, here = whole, 0
    for start, end, mark in sorted(spans):
        found += [Passage(text[here:start]), Passage(text[start:end], mark)]
        here = end
    return tuple(each for each in [*found, Passage(text[here:])] if each.text or each.mark)


def _find(text: str, value: str) -> tuple[int, int] | None:
    """Return where a value stands in a line; a telephone number is found however it is written."""
    loose = r"\(?" + r"\D{0,3}".join(value) if value.isdecimal() and len(value) == 10 else re.escape(value)
    match = re.search(loose, text, re.I)
    return match.span() if match else None

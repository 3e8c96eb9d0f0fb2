"""
What a paper's text layer seems to say, and where that stands. Suggestions only: a person confirms each beside the page.

Nothing is corrected and nothing is guessed: a number is suggested as the canonicaliser reads it, or not at all.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tecum.guide.calculators.process import compared
from tecum.kernel import numbers

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH = "|".join(f"{name}|{name[:3]}|{name[:4]}" for name in MONTHS)
DATES = (
    re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I),
    re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?({_MONTH})\.?,?\s+(\d{{4}})\b", re.I),
    re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"),
    re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b"),
)
NUMBER = re.compile(
    r"(?<![\dA-Za-z/#.-])(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .\u2010-\u2015-]{0,2}\d{3}[ .\u2010-\u2015-]?\d{4}(?![\d-])"
)
OURS = re.compile(  # "the telephone number" that a process names is a target, not its sender's own
    r"(?<!the )(?<!following )(?<!target )\b(?:fax|facsimile|tel(?:ephone)?|phone|call|desk|office|switchboard)\b\s*(?:no\.?|number)?\s*[:.]?\s*$",
    re.I,
)
PROCESS_NUMBER = re.compile(
    r"\b(?:(?:case|file|docket|subpoena|order|warrant|process|investigation|matter|cause|grand jury)\s*(?:no\.?|number|#|id)"
    r"|no\.|ref(?:erence)?\.?)\s*[:#]?\s*([A-Z0-9][A-Z0-9/._-]{2,39})",
    re.I,
)  # fmt: skip
AGENCY = re.compile(
    r"\b((?:[A-Z][\w.'&-]+\s+){0,5}(?:Police Department|Sheriff(?:['’]s)?(?: Office| Department)?|District Attorney(?:['’]s)?(?: Office)?"
    r"|Attorney General|State Police|Bureau of Investigation|Highway Patrol|Department of Justice|Prosecuting Attorney|Marshals Service))\b"
)  # fmt: skip
COURT = re.compile(
    r"\b((?:[A-Z][\w.'-]+\s+){0,4}(?:District|Superior|Circuit|Municipal|County|Magistrate|Supreme)\s+Court(?:\s+(?:of|for)\s+[A-Z][\w\s.,'-]{2,50})?)"
)
RETURN = re.compile(
    r"\b(?:return(?:able)?\s+(?:date|on|by)|(?:on or )?before|no later than|due (?:on|by|date)|to appear on|by)\b",
    re.I,
)
ISSUED = re.compile(r"\b(?:dated|date of issue|issued(?: on)?|date)\b\s*:?", re.I)
FROM_TO = re.compile(r"\b(?:from|between|for the period(?: of)?)\b", re.I)
GOES_ON = re.compile(r"(?:\b(?:to|through|thru|until|till|and)|[-–—])\s*$", re.I)
SIGNED = re.compile(
    r"\b(judge|magistrate|clerk of (?:the )?court|prosecut(?:or|ing attorney)|district attorney|grand jury foreperson)\b",
    re.I,
)
GAG = re.compile(
    r"\b(?:shall not|not to|do not|are (?:directed|ordered|commanded) not to)\s+(?:disclose|notify|inform|reveal)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the paper: the page from 1, and the box in points from the page's upper left corner."""

    page: int
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one line seems to say for one field; `value` is in the field's own form, `text` the words of the line."""

    field: str
    value: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    place: Place
    before: str = ""


def lines_of(layer: Mapping[str, Any]) -> list[_Line]:
    """Return the lines of a stored text layer in reading order."""
    found: list[_Line] = []
    for number, page in enumerate(layer.get("pages", ()), 1):
        for line in page["lines"]:
            place = Place(number, line["x"], line["y"], line["w"], line["h"])
            found.append(_Line(line["text"], place, found[-1].text if found else ""))
    return found


def text_of(layer: Mapping[str, Any]) -> str:
    """Return the words of a text layer, for the phrases that a guide asks for."""
    return "\n".join(line.text for line in lines_of(layer))


def suggested(layer: Mapping[str, Any], *, phrases: Iterable[str] = ()) -> tuple[Suggestion, ...]:
    """Return what a paper seems to say, in reading order, each once for its field and value."""
    lines = lines_of(layer)
    found = [each for line in lines for each in _of_line(line)] + list(_phrases(lines, phrases))
    once: dict[tuple[str, str], Suggestion] = {}
    for each in found:
        once.setdefault((each.field, each.value), each)
    return tuple(once.values())


def _of_line(line: _Line) -> Iterator[Suggestion]:
    yield from _numbers(line)
    yield from _dates(line)
    for field, pattern in (("number", PROCESS_NUMBER), ("agency", AGENCY), ("issuer", COURT)):
        for match in pattern.finditer(line.text):
            value = " ".join(match[1].split()).rstrip(".,")
            if field != "number" or any(character.isdigit() for character in value):
                yield Suggestion(field, value, line.text, line.place)
    if signed := SIGNED.search(line.text):
        yield Suggestion("signed_by", signed[1].lower(), line.text, line.place)
    if GAG.search(line.text):
        yield Suggestion("gag", "yes", line.text, line.place)


def _numbers(line: _Line) -> Iterator[Suggestion]:
    """Yield telephone numbers; one that follows "Fax:" or "Tel." is the sender's own, and said so by its field."""
    for match in NUMBER.finditer(line.text):
        try:
            value = numbers.read(match[0])
        except numbers.NotANumber:
            continue
        own = OURS.search(line.text[: match.start()] or line.before)
        yield Suggestion("contact_number" if own else "target", value, line.text, line.place)


def _dates(line: _Line) -> Iterator[Suggestion]:
    days = list(dates(line.text))
    if (
        days
        and GOES_ON.search(line.before)
        and FROM_TO.search(line.before)
        and (earlier := list(dates(line.before)))
    ):
        # "… from April 1, 2026 to" ends one line, the other day begins the next
        yield Suggestion("period", f"{earlier[-1][1]}/{days[0][1]}", line.text, line.place)
        days = days[1:]
    elif len(days) >= 2 and FROM_TO.search(line.text):
        yield Suggestion("period", f"{days[0][1]}/{days[1][1]}", line.text, line.place)
        return
    if GOES_ON.search(line.text) and FROM_TO.search(line.text):
        days = days[:-1]
    for at, day in days:
        lead = line.text[:at][-60:] or line.before[-60:]
        field = "return_on" if RETURN.search(lead) else "issued_on" if ISSUED.search(lead) else "date"
        yield Suggestion(field, day.isoformat(), line.text, line.place)


def dates(text: str) -> list[tuple[int, date]]:
    """Return the days that a text names with year, and where each begins; 4/5/2026 is April 5 here, as the courts write."""
    found: dict[int, date] = {}
    for pattern in DATES:
        for match in pattern.finditer(text):
            day = _day(match)
            if day is not None:
                found.setdefault(match.start(), day)
    return sorted(found.items())


def _day(match: re.Match[str]) -> date | None:
    first, second, third = match.groups()
    try:
        if len(first) == 4 and first.isdigit():
            return date(int(first), int(second), int(third))
        if first.isalpha():
            return date(int(third), _month(first), int(second))
        if second.isalpha():
            return date(int(third), _month(second), int(first))
        return date(int(third), int(first), int(second))
    except ValueError:
        return None


def _month(name: str) -> int:
    return next(place for place, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _phrases(lines: list[_Line], phrases: Iterable[str]) -> Iterator[Suggestion]:
    """Yield the required phrases that stand in the paper, also where one runs over a line's end (A18)."""
    for phrase in phrases:
        wanted = compared(phrase)
        for place, line in enumerate(lines):
            window = " ".join(each.text for each in lines[place : place + 4])
            if wanted in compared(window) and wanted not in compared(
                " ".join(e.text for e in lines[place + 1 : place + 5])
            ):
                yield Suggestion("phrase", phrase, line.text, line.place)
                break

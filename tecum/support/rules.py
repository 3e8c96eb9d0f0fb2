"""What a request is about, when it should be answered, and what an answer may not hold."""

import re
from collections.abc import Iterable
from datetime import datetime

from tecum.guide import phrases
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.values import Unit
from tecum.kernel import business, numbers
from tecum.support.states import Topic

LONGEST = 8_000  # characters of one entry
REFERENCE = re.compile(r"\bSU-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_NUMBERLIKE = re.compile(
    r"(?<![\w-])(?:\+?1[ .\u00a0-]*)?\(?\d{3}\)?[ .\u00a0/-]*\d{3}[ .\u00a0-]*\d{4}(?![\w-])"
)


def topic_of(guide: Guide, subject: str, text: str) -> Topic:
    """Return what a request seems to be about: one about a number without result is answered with the screen's text."""
    about = phrases.found(guide.mail.words.non_result, f"{subject}\n{text[:LONGEST]}")
    return Topic.NON_RESULT if about else Topic.QUESTION


def named_in(*texts: str) -> tuple[str, ...]:
    """Return the references of support threads that texts name, each once."""
    return tuple(dict.fromkeys(found for text in texts for found in REFERENCE.findall(text.upper())))


def due_by(guide: Guide, since: datetime) -> datetime | None:
    """Return when a request should be answered, at the close of business; None where the guide promises nothing."""
    within = guide.lookup.support.answer_within if guide.lookups else None
    if within is None:
        return None
    if within.unit is not Unit.BUSINESS_DAY:
        return since + within.elapsed
    try:
        calendar = guide.calendar(guide.desk(guide.mailbox("portal").desk).calendar).kernel
    except NotInGuide:
        return None
    day = since.astimezone(calendar.tz).date()
    return business.end_of_business(calendar, business.add_business_days(calendar, day, within.high))


def telling_numbers(text: str, *, published: Iterable[str]) -> list[str]:
    """Return the telephone numbers in a text that are not the carrier's own published ones."""
    ours = {_read(each) for each in published} - {""}
    found = {_read(each) for each in _NUMBERLIKE.findall(text)} - {""}
    return sorted(found - ours)


def telling_names(text: str, *, names: Iterable[str]) -> list[str]:
    """Return the names of customers in a text, whatever their case and spacing."""
    said = f" {_plain(text)} "
    return sorted(name for name in names if len(_plain(name)) > 3 and f" {_plain(name)} " in said)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w&]+", " ", text.casefold()).split())


def _read(text: str) -> str:
    try:
        return numbers.read(text)
    except numbers.NotANumber:
        return ""

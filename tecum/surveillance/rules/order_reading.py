"""What the words of an order seem to say of its types, statutes and time. Suggestions only: a person confirms each."""

import re
from collections.abc import Iterable

from tecum.surveillance.rules.order_facts import OrderSaid
from tecum.surveillance.rules.ordered import Service
from tecum.surveillance.rules.request_form import WORDS
from tecum.surveillance.rules.statutes import CODE

NUMBERS = {
    "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90,
}  # fmt: skip
LENGTH = re.compile(
    rf"\b(?:(?:{'|'.join(NUMBERS)})\s*\(\s*(\d{{1,3}})\s*\)|(\d{{1,3}})|({'|'.join(NUMBERS)}))[\s-]+(day|hour|month)s?\b",
    re.I,
)
STARTS = (
    (
        "implementation",
        re.compile(r"\bfrom\s+(?:the\s+)?(?:date\s+of\s+)?(?:implementation|installation)", re.I),
    ),
    (
        "collection",
        re.compile(r"\b(?:begins?|from\s+the\s+(?:date|day|time))\b[^.]{0,40}\b(?:collect|intercept)", re.I),
    ),
    ("order", re.compile(r"\bfrom\s+(?:the\s+)?date\s+of\s+(?:this|the)?\s*order", re.I)),
)
SUBSCRIBER = re.compile(
    r"\bsubscribed\s+(?:to|by|in the name of)\s+(?:by\s+)?([A-Z][\w.'-]+(?:\s+[A-Z][\w.'-]+){1,3})"
)
MOST = 400


def suggested(lines: Iterable[str]) -> OrderSaid:
    """Return what the words seem to say; what they do not say stays empty."""
    text = " ".join(" ".join(line.split()) for line in lines)
    lower = text.lower()
    services = [
        each for each in Service if each in lower or (each is Service.DISPATCH and "direct connect" in lower)
    ]
    kinds = [kind for kind, words in WORDS.items() if any(word in lower for word in words)]
    statutes = "; ".join(dict.fromkeys(match[0].strip(" ,;") for match in CODE.finditer(text)))
    return OrderSaid(
        lines=tuple((service, kind) for service in services or [Service.INTERCONNECT] for kind in kinds),
        statutes=statutes[:MOST],
        duration=_length(text),
        start=next((name for name, pattern in STARTS if pattern.search(text)), ""),
        sealed_by_court=bool(re.search(r"\bsealed\b|\bunder seal\b", lower)),
    )


def subscriber(lines: Iterable[str]) -> str:
    """Return whose name the order gives the number to, nothing where it does not say."""
    found = SUBSCRIBER.search(" ".join(lines))
    return found[1] if found else ""


def _length(text: str) -> str:
    found = LENGTH.search(text)
    if found is None:
        return ""
    count = int(found[1] or found[2] or NUMBERS[found[3].lower()])
    return f"{count} {found[4].lower()}{'' if count == 1 else 's'}"

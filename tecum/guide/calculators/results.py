"""What every calculator returns, and its form in JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum

from tecum.guide.entries import Stated
from tecum.guide.fields import hidden
from tecum.guide.values import Span
from tecum.kernel.money import Money
from tecum.kernel.periods import Period

ABOUT = {f.name for f in fields(Stated)}


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to a question, with its reason."""

    because: str = hidden("")
    used: tuple[Stated, ...] = hidden(())
    warnings: tuple[str, ...] = hidden(())


def plain(value: object) -> object:
    """Return a value as JSON carries it: amounts, numbers, spans and instants as text, hidden fields left out."""
    if isinstance(value, Money):
        return value.text
    if isinstance(value, Span):
        return str(value)
    if isinstance(value, Period):
        return {"from": plain(value.start), "to": plain(value.end)}
    if is_dataclass(value) and not isinstance(value, type):
        shown = [f.name for f in fields(value) if not f.metadata.get("hidden")]
        if isinstance(value, Stated):
            shown = [name for name in shown if name not in ABOUT or getattr(value, name)]
        return {name: plain(getattr(value, name)) for name in shown}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return quantity(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def quantity(value: Decimal) -> str:
    """Return a number without needless zeros: `3`, `2.5`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def once(entries: Iterable[Stated | None]) -> tuple[Stated, ...]:
    """Return the entries that there are, each once, in order."""
    found: dict[int, Stated] = {id(entry): entry for entry in entries if entry is not None}
    return tuple(found.values())

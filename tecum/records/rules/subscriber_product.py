"""The fields of a product that subscriber lists can fill, by the words that a guide uses for them. Pure."""

from collections.abc import Callable, Mapping
from datetime import date

from tecum.kernel.numbers import grouped
from tecum.records.rules.subscriber_lists import Entry

SYNONYMS = {
    "name": ("name", "subscriber name", "customer name"),
    "address": ("address", "billing address", "subscriber address"),
    "number": ("telephone number", "number", "ptn", "mobile number"),
    "length": ("length of service", "service dates", "dates of service"),
    "types": ("types of service", "type of service", "services"),
    "status": ("account status", "status"),
    "account": ("account", "account number"),
    "market": ("market",),
    "imei": ("imei", "equipment"),
    "imsi": ("imsi",),
}
BY_WORD = {word: field for field, all_words in SYNONYMS.items() for word in all_words}


def length(since: date | None, until: date | None, *, on: date) -> str:
    """Say since when, until when, and how long that is in whole months and years."""
    if since is None:
        return "the bill does not say since when"
    end = until if until and until <= on else on
    months = (end.year - since.year) * 12 + end.month - since.month - (end.day < since.day)
    years, rest = divmod(max(months, 0), 12)
    said = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((years, "year"), (rest, "month"))
        if count
    ]
    how_long = " ".join(said) or "less than a month"
    return f"{since} to {until} ({how_long})" if until and until <= on else f"since {since} ({how_long})"


def row(entry: Entry, fields: tuple[str, ...], masks: Mapping[str, str], *, on: date) -> dict[str, str]:
    """Return what a product shows of an entry: its fields only, masked where the guide masks them."""
    says: dict[str, Callable[[], str]] = {
        "name": lambda: entry.name,
        "address": lambda: entry.address,
        "number": lambda: grouped(entry.number),
        "length": lambda: length(entry.service_since, entry.service_until, on=on),
        "types": lambda: "; ".join(entry.service_types),
        "status": lambda: entry.status,
        "account": lambda: entry.account,
        "market": lambda: entry.market,
        "imei": lambda: "; ".join(each.imei for each in entry.devices if each.imei),
        "imsi": lambda: "; ".join(each.imsi for each in entry.devices if each.imsi),
    }
    return {
        field: masks.get(field, says[BY_WORD[field.lower()]]())
        for field in fields
        if field.lower() in BY_WORD
    }


def not_held(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of a product that no subscriber list can fill."""
    return tuple(field for field in fields if field.lower() not in BY_WORD)


def neighbours(number: str) -> list[str]:
    """Return the numbers that are one wrong digit, or two digits changed about, away; never the number itself."""
    swapped = [number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(len(number) - 1)]
    changed = [number[:at] + digit + number[at + 1 :] for at in range(len(number)) for digit in "0123456789"]
    return sorted({*swapped, *changed} - {number})

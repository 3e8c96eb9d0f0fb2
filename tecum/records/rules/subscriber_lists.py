"""A line of the billing system's list, read by what the guide says of its columns. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import zip_longest

from tecum.guide.model.subscribers import SubscriberSource
from tecum.kernel import numbers

FIELDS = (
    "number", "account", "name", "address", "service_types", "service_since", "service_until", "status", "market",
    "imei", "imsi", "imei_since", "imsi_since",
)  # fmt: skip
NEEDED = ("number", "name")
STATUSES = ("active", "suspended", "unpaid", "closing", "closed")
LEAVING = ("unpaid", "closing", "closed")
LENGTHS = {"name": 200, "address": 400, "account": 64, "market": 40}
NOTHING = re.compile(r"(?i)^(?:n/?a|none|null|unknown|0+|-+)?$")
JOINS = {"name": " ", "address": ", "}


class BadLine(ValueError):
    """Why a line cannot be taken, as a sentence; `number` is the number it speaks of, if that can be read."""

    def __init__(self, reason: str, number: str = "") -> None:
        super().__init__(reason)
        self.reason, self.number = reason, number


class MissingColumn(ValueError):
    """A list without a column that the guide names: nothing of it can be trusted."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A handset and a card on a line; `since` as the bill says, None where it does not."""

    imei: str
    imsi: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the bill says of one number: `service_until` is the first day without service."""

    number: str
    account: str
    name: str
    address: str
    service_types: tuple[str, ...]
    service_since: date | None
    service_until: date | None
    status: str
    market: str
    devices: tuple[DeviceRow, ...]

    def sealed_part(self) -> bytes:
        """Return what is sealed, in one way of writing."""
        return _written([
            self.name, self.address, self.service_types, _day(self.service_since), _day(self.service_until),
            [[each.imei, each.imsi, _day(each.since)] for each in self.devices],
        ])  # fmt: skip

    def canonical(self) -> bytes:
        """Return everything that makes this line differ from another."""
        return _written([self.number, self.account, self.status, self.market]) + self.sealed_part()

    @classmethod
    def opened(cls, sealed: bytes, *, number: str, account: str, status: str, market: str) -> "Entry":
        """Return the entry of a stored line."""
        name, address, types, since, until, devices = json.loads(sealed)
        rows = tuple(DeviceRow(imei, imsi, _read_day(day)) for imei, imsi, day in devices)
        return cls(
            number,
            account,
            name,
            address,
            tuple(types),
            _read_day(since),
            _read_day(until),
            status,
            market,
            rows,
        )

    def dumped(self) -> bytes:
        """Return one line of a spool."""
        return (
            _written([self.number, self.account, self.status, self.market, self.sealed_part().decode()])
            + b"\n"
        )

    @classmethod
    def loaded(cls, line: bytes) -> "Entry":
        """Return the entry of one line of a spool."""
        number, account, status, market, sealed = json.loads(line)
        return cls.opened(sealed.encode(), number=number, account=account, status=status, market=market)


def _written(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def check_columns(header: Sequence[str], source: SubscriberSource) -> None:
    """
    Ask that a list has every column the guide names.

    :raises MissingColumn: naming what is missing, and what is there
    """
    wanted = [name for each in source.columns.values() for name in each.split("+")]
    missing = [name for name in wanted if name not in header]
    if missing:
        raise MissingColumn(
            f"The list has no column {' and no column '.join(f'“{name}”' for name in missing)}; it has"
            f" {', '.join(header)[:300]}. Nothing was changed. If the billing system renamed a column, the guide must follow."
        )


def read(row: Mapping[str, str], source: SubscriberSource) -> Entry:
    """
    Read one line.

    :raises BadLine: with the reason, and with the number where it can be read, so that this number keeps what it had
    """
    given = {field: _value(field, row, source) for field in source.columns}
    number = _number(given.get("number", ""))
    try:
        return _entry(number, given, source)
    except BadLine as bad:
        raise BadLine(bad.reason, number) from None


def _value(field: str, row: Mapping[str, str], source: SubscriberSource) -> str:
    parts = [" ".join(row.get(name, "").split()) for name in source.columns[field].split("+")]
    return JOINS.get(field, " ").join(part for part in parts if part)


def _number(text: str) -> str:
    try:
        return text if numbers.is_canonical(text) else numbers.read(text)
    except numbers.NotANumber as wrong:
        raise BadLine(wrong.reason) from None


def _entry(number: str, given: Mapping[str, str], source: SubscriberSource) -> Entry:
    for field, most in LENGTHS.items():
        _readable(field, given.get(field, ""), most)
    if not given["name"]:
        raise BadLine("There is no name.")
    since, until = (_date(given.get(field, ""), source.dates) for field in ("service_since", "service_until"))
    if since and until and until < since:
        raise BadLine("The service ends before it begins.")
    return Entry(
        number=number,
        account=given.get("account", ""),
        name=given["name"],
        address=given.get("address", ""),
        service_types=_several(given.get("service_types", ""), source.separator),
        service_since=since,
        service_until=until,
        status=_status(given.get("status", ""), source),
        market=given.get("market", ""),
        devices=_devices(given, source),
    )


def _readable(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise BadLine(f"The {field} has {len(text):,} characters; {most} is the most.")
    if any("\udc80" <= letter <= "\udcff" for letter in text):
        raise BadLine(f"The {field} is not in the encoding that the guide names.")
    if not text.isprintable():
        raise BadLine(f"The {field} holds characters that cannot be printed.")


def _status(text: str, source: SubscriberSource) -> str:
    if "status" not in source.columns:
        return "active"
    word = source.statuses.get(text, text.lower())
    if word not in STATUSES:
        raise BadLine(f"The guide does not know the status “{text[:40]}”.")
    return word


def _date(text: str, formats: tuple[str, ...]) -> date | None:
    if NOTHING.match(text):
        return None
    found = _parsed(text, formats)
    if found is None:
        raise BadLine(f"“{text[:30]}” is no date as the guide says this system writes them.")
    return found


@lru_cache(maxsize=50_000)
def _parsed(text: str, formats: tuple[str, ...]) -> date | None:
    for form in formats:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day of the bill has no zone
        except ValueError:
            continue
    return None


def _several(text: str, separator: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.split(separator))
    return tuple(dict.fromkeys(part[:80] for part in parts if part))


def _devices(given: Mapping[str, str], source: SubscriberSource) -> tuple[DeviceRow, ...]:
    """Read handsets and cards that stand in the same order; what is no number of a device stays as it is written."""
    columns = [
        given.get(field, "").split(source.separator) for field in ("imei", "imsi", "imei_since", "imsi_since")
    ]
    found = []
    for imei, imsi, imei_since, imsi_since in zip_longest(*columns, fillvalue=""):
        imei, imsi = ("" if NOTHING.match(text.strip()) else text.strip()[:40] for text in (imei, imsi))
        if imei or imsi:
            days = [_date(text.strip(), source.dates) for text in (imei_since, imsi_since)]
            found.append(DeviceRow(imei, imsi, max((day for day in days if day), default=None)))
    return tuple(found)

"""Reading a change feed: one line, one fact about one number."""

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tecum.inventory.drivers import rejects
from tecum.inventory.drivers.engine import Numbered
from tecum.inventory.drivers.staging import File, Hashing
from tecum.inventory.rules.files import FEED_HEADER, LONGEST_CUSTOMER, LONGEST_SHOWN, Reject
from tecum.inventory.rules.runs import is_number
from tecum.inventory.rules.timeline import ENDS, Fact, Kind, midnight

KINDS = {
    "activate": Kind.ACTIVATE,
    "disconnect": Kind.DISCONNECT,
    "port_out": Kind.PORT_OUT,
    "transfer": Kind.TRANSFER,
    "correct": Kind.CORRECT,
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)


@dataclass(frozen=True)
class Feed:
    """A feed that was read: its facts by ascending number, in each number in order of arrival."""

    facts: list[Numbered]
    lines: int
    rejected: int
    position: int
    sha256: str


class _Bad(ValueError):
    """Why a line is not taken."""


def read(
    file: File, *, as_of: datetime, epoch: datetime, zone: ZoneInfo, position: int, rejected: Path
) -> Feed:
    """
    Read every line; what is not a change goes to the reject file.

    `position` is that of the last fact applied before, so that arrival stays in order over feeds.
    :raises CannotRead: for a damaged file
    """
    hashing = Hashing(file)
    facts: list[Numbered] = []
    bad: list[Reject] = []
    lines = 0
    if file.format == "csv.gz":
        hashing.sha256()
    for line, raw in _rows(file):
        if not raw:
            continue
        lines += 1
        try:
            facts.append(_fact(raw, position + lines, as_of=as_of, epoch=epoch, zone=zone))
        except _Bad as reason:
            bad.append(Reject(line, ",".join(raw)[:LONGEST_SHOWN], str(reason)))
    facts.sort(key=lambda row: row.number)
    rejects.write(rejected, bad)
    return Feed(facts, lines, len(bad), position + lines, hashing.sha256())


def _rows(file: File) -> Iterator[tuple[int, list[str]]]:
    opened = gzip.open if file.format == "csv.gz" else open
    with opened(file.path, "rt", encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.reader(line.replace("\0", "\ufffd") for line in text)
        next(reader, None)
        for row in reader:
            yield reader.line_num, row


def _fact(raw: list[str], seq: int, *, as_of: datetime, epoch: datetime, zone: ZoneInfo) -> Numbered:
    if len(raw) != len(FEED_HEADER):
        raise _Bad(f"The line has {len(raw)} columns, expected {len(FEED_HEADER)}.")
    event, number, customer, effective, reason = raw
    if event not in KINDS:
        raise _Bad(f"The event is none of {', '.join(KINDS)}.")
    if not TEN_DIGITS.fullmatch(number) or not is_number(int(number)):
        raise _Bad(
            "The number is not one of the North American Numbering Plan: ten digits, NXX-NXX-XXXX with N from 2 to 9."
        )
    kind = KINDS[event]
    _check_customer(customer, kind)
    at = _instant(effective, zone)
    if at > as_of:
        raise _Bad("It takes effect in the future: apply it when that day has come.")
    if "\ufffd" in reason or len(reason) > LONGEST_SHOWN:
        raise _Bad(f"The reason is not UTF-8, or longer than {LONGEST_SHOWN} characters.")
    return Numbered(int(number), Fact(at, kind, customer, reason, epoch, seq))


def _check_customer(customer: str, kind: Kind) -> None:
    if not customer:
        if kind in ENDS or kind is Kind.CORRECT:
            return
        raise _Bad("There is no customer.")
    if len(customer) > LONGEST_CUSTOMER or not rejects.VISIBLE.fullmatch(customer):
        raise _Bad(
            f"The customer's id is not {LONGEST_CUSTOMER} or fewer letters, digits and signs of ASCII."
        )


def _instant(text: str, zone: ZoneInfo) -> datetime:
    """Read a day (it begins in the carrier's zone) or an instant with its offset; a time without one is not guessed."""
    try:
        if DAY.fullmatch(text):
            return midnight(date.fromisoformat(text), zone)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise _Bad(
            "The effective_at is neither a date like 2022-06-01 nor a time like 2022-06-01T14:00:00-04:00."
        ) from None
    if at.tzinfo is None:
        raise _Bad("The effective_at is a time without an offset from UTC.")
    return at

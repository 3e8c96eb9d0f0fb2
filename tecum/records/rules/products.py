"""
The tables that leave: which columns a record product shows of a call, in which words, and what it never shows (R-100 to R-104).

A product is an entry of the guide; this file knows only columns and masks. One side of a call never learns the other side's
handset, SIM card and cells: they are shown where the record is the target's own leg.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

INCOMING = "incoming_number"  # the mask of R-102
NUMBER, SINCE = "Target Number", "Start Time (UTC)"


class Call(Protocol):
    """What a product reads of one record."""

    @property
    def target(self) -> str: ...
    @property
    def calling(self) -> str: ...
    @property
    def called(self) -> str: ...
    @property
    def dialed(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def duration(self) -> timedelta: ...
    @property
    def offset(self) -> timedelta: ...
    @property
    def leg(self) -> str: ...
    @property
    def call_type(self) -> str: ...
    @property
    def switch(self) -> str: ...
    @property
    def first_cell(self) -> str: ...
    @property
    def last_cell(self) -> str: ...
    @property
    def imei(self) -> str: ...
    @property
    def imsi(self) -> str: ...
    @property
    def charge(self) -> Decimal | None: ...
    @property
    def record_id(self) -> str: ...
    @property
    def incoming(self) -> bool: ...


def own_leg(call: Call) -> bool:
    """
    Tell whether handset, SIM card and cells of a record are the target's: the calling side's by `originating`, the called
    side's by `terminating`; a leg of another kind, or none, is taken for the calling side's where the target called.
    """
    if call.leg in {"originating", "terminating"}:
        return call.incoming is (call.leg == "terminating") or call.calling == call.called
    return not call.incoming


def _own(read: Callable[[Call], str]) -> Callable[[Call], str]:
    return lambda call: read(call) if own_leg(call) else ""


def _local(call: Call) -> str:
    return call.start.astimezone(timezone(call.offset)).isoformat(timespec="seconds")


def _offset(call: Call) -> str:
    minutes = int(call.offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _seconds(span: timedelta) -> str:
    return f"{span.total_seconds():.3f}".rstrip("0").rstrip(".")


def _utc(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def _charge(amount: Decimal | None) -> str:
    """Return an amount as the bill prints it: cents, and the part of a cent only where there is one."""
    if amount is None:
        return ""
    whole, _, cents = f"{amount:f}".partition(".")
    return f"{whole}.{cents.rstrip('0'):0<2}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and what stands in it."""

    heading: str
    of: Callable[[Call], str]


EXPORT: dict[str, Column] = {
    "target": Column(NUMBER, lambda call: call.target),
    "direction": Column("Direction", lambda call: "incoming" if call.incoming else "outgoing"),
    "calling": Column("Calling Number", lambda call: call.calling),
    "called": Column("Called Number", lambda call: call.called),
    "dialed": Column("Dialed Digits", lambda call: call.dialed),
    "start": Column(SINCE, lambda call: _utc(call.start)),
    "local": Column("Start Time (Local)", _local),
    "offset": Column("UTC Offset", _offset),
    "end": Column("End Time (UTC)", lambda call: _utc(call.end)),
    "duration": Column("Duration (s)", lambda call: _seconds(call.duration)),
    "call_type": Column("Call Type", lambda call: call.call_type),
    "switch": Column("Switch", lambda call: call.switch),
    "first_cell": Column("First Cell ID", _own(lambda call: call.first_cell)),
    "last_cell": Column("Last Cell ID", _own(lambda call: call.last_cell)),
    "imei": Column("IMEI", _own(lambda call: call.imei)),
    "imsi": Column("IMSI", _own(lambda call: call.imsi)),
    "record_id": Column("Record ID", lambda call: call.record_id),
}
MORE: dict[str, Column] = {
    "charge": Column("Charge", lambda call: _charge(call.charge)),
}
COLUMNS = EXPORT | MORE
ALWAYS = ("target", "start")  # without them nobody could check a row against the scope


def chosen(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a product in the order of the export; all of the export where the guide names none."""
    wanted = {*columns, *ALWAYS} if columns else set(EXPORT)
    return tuple(name for name in COLUMNS if name in wanted)


def headings(columns: Sequence[str]) -> list[str]:
    """Return the row of headings."""
    return [COLUMNS[name].heading for name in columns]


def cells(call: Call, columns: Sequence[str], masks: Mapping[str, str]) -> list[str]:
    """
    Return the row of one call, as text.

    A mask by a column's name stands in place of the whole column. The mask `incoming_number` stands in place of whatever
    names the caller of an incoming call, in whichever column that is (R-102); and what the caller dialled is not shown.
    """
    row = [masks.get(name, COLUMNS[name].of(call)) for name in columns]
    if call.incoming and INCOMING in masks:
        row = [_hidden(name, cell, call, masks[INCOMING]) for name, cell in zip(columns, row, strict=True)]
    return row


def _hidden(name: str, cell: str, call: Call, mask: str) -> str:
    """Hide the caller: the column itself, the digits dialled, and any text of a switch that repeats the number."""
    if name == "calling":
        return mask
    if name == "dialed":
        return ""
    digits = call.calling.lstrip("+")
    return mask if digits and name not in {"target", "called"} and digits in cell else cell


def statement(*, carrier: str, zone: ZoneInfo, product: str, source: str, disclaimer: str = "") -> str:
    """Return the row above the headings: confidential, whose times, from where, and what must be said of it (R-104)."""
    said = [
        f"CONFIDENTIAL. {carrier}: {product}.",
        f"Times in UTC (ISO 8601); the local time is that of the switch, with its offset; the carrier's zone is {zone.key}.",
        f"Source: {source}.",
        disclaimer,
    ]
    return " ".join(each for each in said if each)

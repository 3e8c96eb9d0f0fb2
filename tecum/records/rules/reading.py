"""What the reading process must know of a switch's format, as plain data; and the words for every row it refuses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from tecum.guide.model.records import Columns, SwitchFormat
from tecum.kernel.refusals import Refused

LONG = re.compile(r"[0-9]{4,}")  # a file without a header: its first record is not repeated in a message
UNIT_MS = {"seconds": 1000, "milliseconds": 1, "tenths": 100, "minutes": 60_000}
FIELDS = tuple(
    field.name
    for field in fields(Columns)
    if field.name not in {"source", "sources", "note", "decision", "readings", "place"}
)
REASONS = {
    "columns": "The line has {found} columns, not {expected}.",
    "encoding": "The line is not written in UTF-8.",
    "blank": "The line is empty.",
    "calling": "The calling number cannot be read by the format's number plan.",
    "called": "The called number cannot be read by the format's number plan.",
    "nobody": "Neither party is known.",
    "start": "The start is not a time as the format writes it.",
    "twice": "This local time happens twice on that night; the guide's repeated_hour says which one is meant.",
    "never": "This local time does not exist: the clock jumped over it.",
    "future": "The start lies in the future.",
    "oldest": "The start is older than the format believes: the switch's clock went backwards.",
    "expired": "The start is older than the store keeps.",
    "duration": "The duration is not a number of zero or more.",
    "long": "The call lasts longer than ten days.",
    "leg": "The direction is a word that the format does not know.",
    "end": "The end is not a time as the format writes it, or lies before the start.",
    "ends_otherwise": "End and duration contradict each other.",
    "charge": "The charge is not an amount.",
    "no_id": "The record has no id.",
    "repeated": "The file holds another record of the same id with other contents.",
    "conflict": "The store holds another record of the same id and day with other contents.",
}


class CannotLoad(Refused):
    """A file of records that is not what its format says."""


def spec(
    form: SwitchFormat, *, zone: str, now: datetime, oldest: datetime, floor: datetime, usual_ms: float | None
) -> dict[str, Any]:
    """
    Return the format for the reading process.

    `oldest`: before it, a start is not believed; `floor`: before it, the store keeps nothing; `usual_ms`: the mean duration of
    the format's last files.
    """
    trust = form.believable
    return {
        "format": form.id,
        "delimiter": form.delimiter,
        "header": list(form.header),
        "trailer": form.trailer,
        "columns": {name: list(names) for name in FIELDS if (names := getattr(form.columns, name))},
        "times": form.times,
        "zone": str(form.zone or zone),
        "repeated": form.repeated_hour,
        "unit_ms": UNIT_MS[form.duration_unit],
        "unit": form.duration_unit,
        "numbers": {
            "country_code": form.numbers.country_code,
            "international": list(form.numbers.international),
            "home_area": form.numbers.home_area,
            "nobody": sorted({word.upper() for word in form.numbers.nobody}),
            "strip": list(form.numbers.strip),
        },
        "legs": dict(form.legs),
        "incoming": list(form.incoming),
        "call_types": dict(form.call_types),
        "call_type": form.call_type,
        "skip": {name: list(values) for name, values in form.skip.items()},
        "now": now.isoformat(),
        "skew_s": trust.clock_skew.elapsed.total_seconds(),
        "oldest": oldest.isoformat(),
        "floor": floor.isoformat(),
        "future_share": float(trust.future),
        "rejected_share": float(trust.rejected),
        "mean_factor": trust.mean_factor,
        "usual_ms": usual_ms,
    }


def choose(
    header: Sequence[str], columns: Mapping[str, Sequence[str]], *, name: str, form: str
) -> dict[str, list[int]]:
    """
    Return field → positions of its columns in a file's header (from 1); `record_id` may have several.

    :raises CannotLoad: naming the column that is not there: a switch upgrade may have renamed it
    """
    places = {title.strip().casefold(): at for at, title in reversed(list(enumerate(header, start=1)))}
    chosen: dict[str, list[int]] = {}
    for field, names in columns.items():
        found = [places[one.casefold()] for one in names if one.casefold() in places]
        complete = len(found) == len(names) if field == "record_id" else bool(found)
        if not complete:
            wanted = " and ".join(names) if field == "record_id" else " or ".join(names)
            raise CannotLoad(
                f"{name} has no column {wanted} ({field}); it has {', '.join(LONG.sub('…', title) for title in header)[:300]}. If the switch now calls it"
                f" otherwise, add the new name to columns.{field} of the format '{form}' in the guide. Nothing was loaded."
            )
        chosen[field] = found if field == "record_id" else found[:1]
    return chosen

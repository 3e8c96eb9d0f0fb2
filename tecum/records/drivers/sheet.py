"""A switch's format as SQL: from the texts of one line to a typed record and the reason why it is refused."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tecum.records.drivers.layout import CALLED, CALLING, COLUMNS, buckets_sql
from tecum.records.rules.parties import ABROAD, SHORT
from tecum.records.rules.zones import Stretch

NANP = "[2-9][0-9]{2}[2-9][0-9]{6}"
ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?"
PLAIN_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}"  # nothing to cut off or to put right
OFFSET = "(Z|[+-][0-9]{2}:?[0-9]{2})$"
LONGEST_MS = 10 * 86_400_000
PLAIN = ("dialed", "switch", "first_cell", "last_cell", "imei", "imsi")


def text(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def listed(values: Sequence[str]) -> str:
    """Return texts as a list within IN ( )."""
    return ", ".join(text(value) for value in values) or "NULL"


def party(column: str, plan: Mapping[str, Any], name: str) -> str:
    """Return the select items that make `name` out of a column; the plain form is `rules.parties.party`."""
    bare = f"trim({column})"
    for front in plan["strip"]:
        bare = f"(CASE WHEN starts_with({bare}, {text(front)}) THEN substr({bare}, {len(front) + 1}) ELSE {bare} END)"
    digits = f"{name}_d"
    shape = f"regexp_full_match({name}_t, '[+]?[(]?[0-9][0-9 ().-]*')"
    plain = f"regexp_full_match({name}_t, '{NANP}')" if _plain_first(plan) else "false"
    branches = [f"WHEN {plain} THEN {name}_t"] if _plain_first(plan) else []
    branches.append(f"WHEN {column} IS NULL OR upper(trim({column})) IN ({listed(plan['nobody'])}) THEN ''")
    branches.append(f"WHEN NOT {shape} THEN NULL")
    branches.append(f"WHEN starts_with({name}_t, '+') THEN {_abroad(digits)}")
    for front in plan["international"]:
        rest = f"substr({digits}, {len(front) + 1})"
        branches.append(
            f"WHEN starts_with({digits}, {text(front)}) AND length({digits}) > {len(front) + 5} THEN {_abroad(rest)}"
        )
    branches += _domestic(digits, plan)
    bare_digits = f"CASE WHEN {plain} THEN '' ELSE regexp_replace({name}_t, '[^0-9]', '', 'g') END"
    return f"{bare} AS {name}_t, {bare_digits} AS {digits}, CASE {' '.join(branches)} END AS {name}"


def _plain_first(plan: Mapping[str, Any]) -> bool:
    """
    Tell whether ten digits of our own plan can mean nothing else, so that nothing else need be tried (most rows, most of the time).

    Not where numbers begin with their country code, a way to dial abroad begins like an area code, or such a number means nobody.
    """
    abroad = any(front[:1] in "23456789" for front in plan["international"])
    nobody = any(re.fullmatch(NANP, word) for word in plan["nobody"])
    return plan["country_code"] != "always" and not abroad and not nobody


def _domestic(digits: str, plan: Mapping[str, Any]) -> list[str]:
    short = f"WHEN regexp_full_match({digits}, '{SHORT}') THEN {digits}"
    if plan["country_code"] == "always":
        return [short, f"ELSE {_abroad(digits)}"]
    found = [f"WHEN regexp_full_match({digits}, '{NANP}') THEN {digits}"]
    if plan["country_code"] == "either":
        found.append(f"WHEN regexp_full_match({digits}, '1{NANP}') THEN substr({digits}, 2)")
    if plan["home_area"]:
        home = f"{text(plan['home_area'])} || {digits}"
        found.append(f"WHEN length({digits}) = 7 AND regexp_full_match({home}, '{NANP}') THEN {home}")
    return [*found, short]


def _abroad(digits: str) -> str:
    return (
        f"(CASE WHEN starts_with({digits}, '1') THEN CASE WHEN regexp_full_match({digits}, '1{NANP}') THEN substr({digits}, 2) END"
        f" WHEN regexp_full_match({digits}, '{ABROAD}') THEN '+' || {digits} END)"
    )


def wall(column: str, times: str, name: str, offset: str = "") -> str:
    """Return the select items for the wall-clock time in a column (`NAME_w`) and its offset in minutes, if given (`NAME_o`)."""
    if times in ("epoch", "epoch_ms"):
        factor = 1_000_000 if times == "epoch" else 1000
        number = f"TRY_CAST({column} AS DOUBLE)"
        inside = f"{number} BETWEEN 0 AND {4_102_444_800_000_000 // factor}"
        return f"CASE WHEN {inside} THEN make_timestamp(CAST(round({number} * {factor}) AS BIGINT)) END AS {name}_w, 0 AS {name}_o"
    if times == "iso":
        tail = f"regexp_extract({column}, '{OFFSET}')"
        bare = f"trim(left({column}, length({column}) - length({tail})))"
        plain = f"regexp_full_match({column}, '{PLAIN_ISO}')"
        clock = (
            f"CASE WHEN {plain} THEN TRY_CAST({column} AS TIMESTAMP) WHEN regexp_full_match({bare}, '{ISO}')"
            f" THEN TRY_CAST(replace({bare}, ',', '.') AS TIMESTAMP) END"
        )
        own = f"CASE WHEN {plain} THEN NULL ELSE {minutes(tail)} END"
    else:
        clock, own = f"try_strptime({column}, {text(times)})", "NULL"
    if offset:
        own = f"coalesce({own}, {minutes(offset)})"
    return f"{clock} AS {name}_w, {own} AS {name}_o"


def minutes(column: str) -> str:
    """Return an offset such as -05:00, -0500, -5 or Z in minutes."""
    sign = f"CASE WHEN starts_with({column}, '-') THEN -1 ELSE 1 END"
    return (
        f"(CASE WHEN {column} = 'Z' THEN 0"
        f" WHEN regexp_full_match({column}, '[+-]?[0-9]{{2}}:?[0-9]{{2}}') THEN {sign} * (60 * CAST(substr(regexp_replace({column},"
        f" '[^0-9]', '', 'g'), 1, 2) AS INTEGER) + CAST(substr(regexp_replace({column}, '[^0-9]', '', 'g'), 3, 2) AS INTEGER))"
        f" WHEN regexp_full_match({column}, '[+-]?[0-9]{{1,2}}') THEN 60 * CAST({column} AS INTEGER) END)"
    )


def instants(name: str, found: Sequence[Stretch]) -> str:
    """Return the select items for the offset (`NAME_m`), its fault (`NAME_f`) and the instant in UTC (`NAME_u`)."""
    offsets, faults = [], []
    for one in found:
        within = f"WHEN {name}_w >= {stamp(one.start)} AND {name}_w < {stamp(one.end)} THEN"
        offsets.append(f"{within} {'NULL' if one.fault else one.offset}")
        if one.fault:
            faults.append(f"{within} {text(one.fault)}")
    zone = f"CASE {' '.join(offsets)} END" if offsets else "NULL"
    fault = f"CASE WHEN {name}_o IS NOT NULL THEN NULL {' '.join(faults)} END"
    return (
        f"CAST(coalesce({name}_o, {zone}) AS INTEGER) AS {name}_m, {fault} AS {name}_f,"
        f" {name}_w - to_minutes({name}_m) AS {name}_u"
    )


def stamp(at: datetime) -> str:
    """Return an instant as SQL, in UTC or as it is."""
    return f"TIMESTAMP '{at.replace(tzinfo=None).isoformat(sep=' ')}'"


def duration(spec: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the select items for the duration: as told (`told_ms`), by the end (`span_ms`), and the one that counts."""
    told = "NULL"
    if "duration" in given:
        told = (
            f"(CASE WHEN regexp_full_match(f_duration, '[0-9]+:[0-5][0-9]:[0-5][0-9]') THEN 1000 * (3600 * CAST(split_part(f_duration, ':', 1)"
            " AS BIGINT) + 60 * CAST(split_part(f_duration, ':', 2) AS BIGINT) + CAST(split_part(f_duration, ':', 3) AS BIGINT))"
            f" WHEN regexp_full_match(f_duration, '[0-9]{{1,12}}([.][0-9]+)?') THEN CAST(round(CAST(f_duration AS DOUBLE) * {spec['unit_ms']}) AS BIGINT) END)"
        )
    span = "date_diff('millisecond', start_u, end_u)" if "end" in given else "NULL"
    return f"{told} AS told_ms, {span} AS span_ms, {'told_ms' if 'duration' in given else 'span_ms'} AS ms"


def leg(spec: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the expression for the direction; NULL for a word that is not known."""
    if "leg" not in given:
        return "''"
    words = spec["legs"] or {
        word: word for word in ("originating", "terminating", "forwarded", "roaming", "other")
    }
    return f"CASE coalesce(f_leg, '') {' '.join(f'WHEN {text(key)} THEN {text(to)}' for key, to in words.items())} END"


def call_type(spec: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the expression for the type."""
    if "call_type" not in given:
        return text(spec["call_type"])
    words = spec["call_types"]
    if not words:
        return "'other'"
    return f"CASE coalesce(f_call_type, '') {' '.join(f'WHEN {text(key)} THEN {text(to)}' for key, to in words.items())} ELSE 'other' END"


def reason(
    spec: Mapping[str, Any], given: Mapping[str, Any], now: datetime, oldest: datetime, floor: datetime
) -> str:
    """Return the expression for the first thing that is wrong with a record; NULL for none."""
    tolerance = max(2000, spec["unit_ms"])
    tests = [
        ("p_calling IS NULL", "calling"),
        ("p_called IS NULL", "called"),
        ("p_calling = '' AND p_called = ''", "nobody"),
        ("start_w IS NULL", "start"),
        ("start_f IS NOT NULL", None),
        ("start_u IS NULL", "start"),
        (f"start_u > {stamp(now)} + to_seconds({int(spec['skew_s'])})", "future"),
        (f"start_u < {stamp(oldest)}", "oldest"),
        (f"start_u < {stamp(floor)}", "expired"),
    ]
    if "end" in given:
        tests.append(
            (
                "end_u IS NULL OR span_ms < 0"
                if "duration" not in given
                else "f_end <> '' AND end_w IS NULL",
                "end",
            )
        )
    tests += [("ms IS NULL", "duration"), (f"ms > {LONGEST_MS}", "long")]
    if "end" in given and "duration" in given:
        off = "abs(span_ms - told_ms)"
        tests.append((f"{off} > {tolerance} AND abs({off} - 3600000) > {tolerance}", "ends_otherwise"))
    tests.append(("w_leg IS NULL", "leg"))
    if "charge" in given:
        tests.append(
            ("coalesce(f_charge, '') <> '' AND TRY_CAST(f_charge AS DECIMAL(12,4)) IS NULL", "charge")
        )
    if "record_id" in given:
        tests.append(("w_id IS NULL OR w_id = ''", "no_id"))
    cases = " ".join(f"WHEN {test} THEN {'start_f' if code is None else text(code)}" for test, code in tests)
    return f"CASE {cases} END"


def sides(spec: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the expressions for who called and who was called."""
    if "calling" in given:
        return "p_a", "p_b"
    incoming = f"w_leg IN ({listed(spec['incoming'])})"
    return f"CASE WHEN {incoming} THEN p_b ELSE p_a END", f"CASE WHEN {incoming} THEN p_a ELSE p_b END"


def record_id(given: Mapping[str, Any]) -> str:
    """Return the expression for what makes a record unique."""
    if "record_id" in given:
        return "f_record_id"
    more = [f"coalesce(f_{name}, '')" for name in ("dialed", "switch") if name in given]
    parts = ["p_calling", "p_called", *more, "start_u", "ms", "w_leg", "w_type"]
    return f"left(md5(concat_ws('|', {', '.join(parts)})), 20)"


def output(given: Mapping[str, Any], delivery: int) -> str:
    """Return the select items of the stored columns, and of the buckets that the row goes to."""
    items = {
        "record_id": "w_id",
        "calling": "p_calling",
        "called": "p_called",
        "start_at": "start_u",
        "duration_ms": "ms",
        "offset_min": "start_m",
        "leg": "w_leg",
        "call_type": "w_type",
        "charge": "TRY_CAST(f_charge AS DECIMAL(12,4))" if "charge" in given else "NULL",
        "delivery": str(delivery),
        "line": "line",
        **{name: f"coalesce(f_{name}, '')" if name in given else "''" for name in PLAIN},
    }
    stored = ", ".join(f"TRY_CAST({items[name]} AS {kind}) AS {name}" for name, kind in COLUMNS.items())
    return f"{stored}, {buckets_sql({CALLING: 'p_calling', CALLED: 'p_called'})}"

"""How many units a fee is charged for: counts that were given, and hours, days and months that passed."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from tecum.guide.calculators.results import quantity
from tecum.guide.model.fees import TIME_UNITS, Fee
from tecum.guide.model.guide import Guide
from tecum.guide.questions import word
from tecum.guide.values import Unit, add
from tecum.kernel import business
from tecum.kernel.periods import Period

ONE = Decimal(1)
DEFAULTS = {"switch_outside_market": Decimal(0)}
SECONDS = {"hour": Decimal(3600)}
FINE = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much was asked for: units by name (singular), and the period of the service."""

    units: Mapping[str, Decimal] = field(default_factory=dict)
    period: Period | None = None
    services: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    counted: Mapping[str, Decimal] = field(
        default_factory=dict
    )  # by fee: what really happened, counted elsewhere
    included: Mapping[str, Decimal] = field(
        default_factory=dict
    )  # by fee: what is left of its included quantity, where other products of the case share it


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A fee's quantity, and how it came about."""

    total: Decimal
    by_unit: dict[str, Decimal]
    steps: tuple[str, ...]
    assumed: tuple[str, ...]


def count(fee: Fee, asked: Amounts, guide: Guide) -> Counted:
    """Return the multiplied quantity of a fee, before anything included in the price is taken off."""
    if fee.id in asked.counted:
        total = asked.counted[fee.id]
        return Counted(
            total=total, by_unit={}, steps=(f"{quantity(total)} {' × '.join(fee.per)}",), assumed=()
        )
    by_unit: dict[str, Decimal] = {}
    steps: list[str] = []
    assumed: list[str] = []
    for unit in fee.per:
        number, said = _of(unit, fee, asked, guide, assumed)
        by_unit[unit] = number
        steps.append(said)
    total = ONE
    for number in by_unit.values():
        total *= number
    services = [
        one for one in asked.services if not fee.services or word(one) in set(map(word, fee.services))
    ]
    for given, rule, what in (
        (services, fee.combined_services, "services"),
        (asked.types, fee.combined_types, "types"),
    ):
        if rule == "each" and len(given) > 1:
            total *= len(given)
            steps.append(f"{len(given)} {what}, each charged")
    return Counted(total=total, by_unit=by_unit, steps=tuple(steps), assumed=tuple(assumed))


def given(unit: str, asked: Amounts, guide: Guide) -> tuple[Decimal, bool]:
    """Return the quantity of a counted unit, and whether it was assumed."""
    if unit in asked.units:
        return asked.units[unit], False
    if unit == "tower_hour" and "tower" in asked.units:
        hours = asked.units.get("hour") or _elapsed(asked, SECONDS["hour"])
        if hours is not None:
            return asked.units["tower"] * hours, False
    if unit == "service" and asked.services:
        return Decimal(len(asked.services)), False
    own = {definition.id: definition.default for definition in guide.units}
    return own.get(unit, DEFAULTS.get(unit, ONE)), True


def times(units: tuple[str, ...], asked: Amounts, guide: Guide) -> Decimal:
    """Return how many times something counts that counts for each of some units."""
    total = ONE
    for unit in units:
        total *= given(unit, asked, guide)[0]
    return total


def _of(unit: str, fee: Fee, asked: Amounts, guide: Guide, assumed: list[str]) -> tuple[Decimal, str]:
    if unit in TIME_UNITS:
        number, said = _time(unit, fee, asked, guide, assumed)
    else:
        number, guessed = given(unit, asked, guide)
        if guessed and fee.kind == "estimate" and fee.estimate is not None:
            number = fee.estimate
        if guessed:
            assumed.append(f"The number of {unit}s was not given: {quantity(number)} assumed.")
        said = f"{quantity(number)} {_plural(unit, number)}"
    step = fee.increments.get(unit)
    if step:
        number = (number / step).to_integral_value(ROUND_CEILING) * step
        said += f", in steps of {quantity(step)}: {quantity(number)}"
    least = fee.minimum_each.get(unit)
    if least is not None and number < least:
        number = least
        said += f", at least {quantity(least)}"
    return number, said


def _time(unit: str, fee: Fee, asked: Amounts, guide: Guide, assumed: list[str]) -> tuple[Decimal, str]:
    if unit in asked.units:
        parts = list(_pieces(asked.units[unit]))
    elif asked.period is not None:
        parts = list(_passed(unit, fee, asked.period, guide.carrier.zone))
    else:
        number = fee.estimate if fee.estimate is not None else ONE
        assumed.append(f"No {unit}s and no period were given: {quantity(number)} assumed.")
        parts = list(_pieces(number))
    charged = [_charged(part, "prorated" if unit in fee.increments else fee.partial) for part in parts]
    number = sum(charged[fee.included_periods :], Decimal(0)).quantize(FINE).normalize()
    number = Decimal(quantity(number))
    said = f"{quantity(number)} {_plural(unit, number)}"
    if fee.included_periods:
        said += f" ({len(parts)} in all, the first {fee.included_periods} included)"
    return number, said


def _charged(part: Decimal, partial: str) -> Decimal:
    if partial == "whole":
        return part.to_integral_value(ROUND_CEILING)
    if partial == "free":
        return ONE if part == ONE else Decimal(0)
    return part


def _pieces(number: Decimal) -> Iterator[Decimal]:
    whole = int(number)
    yield from itertools.repeat(ONE, whole)
    if number > whole:
        yield number - whole


def _passed(unit: str, fee: Fee, period: Period, zone: str) -> Iterator[Decimal]:
    """Yield each hour, day, week, month or year of a period as the share of it that passed."""
    if unit == "hour":
        yield from _pieces(Decimal(period.elapsed.total_seconds()) / SECONDS["hour"])
        return
    for begins, ends in _spans(unit, fee, period, zone):
        span = Period(business.midnight(zone, begins), business.midnight(zone, ends))
        shared = span.intersection(period)
        if shared is not None:
            yield Decimal(shared.elapsed.total_seconds()) / Decimal(span.elapsed.total_seconds())


def _spans(unit: str, fee: Fee, period: Period, zone: str) -> Iterator[tuple[date, date]]:
    first = _local(period.start, zone)
    last = _local(period.end - timedelta(microseconds=1), zone)
    begins = first
    if unit in {"month", "year"} and fee.month == "calendar":
        begins = first.replace(day=1) if unit == "month" else first.replace(month=1, day=1)
    for number in itertools.count():
        start, end = _step(unit, fee, begins, number), _step(unit, fee, begins, number + 1)
        if start > last:
            return
        yield start, end


def _step(unit: str, fee: Fee, begins: date, number: int) -> date:
    if unit == "month" and fee.month == "thirty_days":
        return begins + timedelta(days=30 * number)
    return add(begins, number, Unit(unit))


def _elapsed(asked: Amounts, seconds: Decimal) -> Decimal | None:
    if asked.period is None:
        return None
    return Decimal(asked.period.elapsed.total_seconds()) / seconds


def _local(instant: datetime, zone: str) -> date:
    return instant.astimezone(UTC).astimezone(ZoneInfo(zone)).date()


def _plural(unit: str, number: Decimal) -> str:
    text = unit.replace("_", " ")
    if number == ONE:
        return text
    if text.startswith("switch"):
        return text.replace("switch", "switches", 1)
    return f"{text}es" if text.endswith(("ch", "s", "x")) else f"{text}s"

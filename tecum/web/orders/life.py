"""The picture of an order's life: every reading of its end as a bar, the one in force, the cut, extensions, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.guide.calculators.expiry import Ending
from tecum.kernel import words
from tecum.surveillance.queries.orders import OrderView

WIDTH, LEFT, ROW, TOP = 860.0, 10.0, 26.0, 30.0


@dataclass(frozen=True)
class Bar:
    """One bar: a reading, or an extension."""

    x: float
    y: float
    width: float
    kind: str  # chosen, other, excluded or extension
    label: str
    ends: str


@dataclass(frozen=True)
class Mark:
    """An upright line with words."""

    x: float
    kind: str
    label: str


@dataclass(frozen=True)
class Life:
    """The whole picture in its own units, and one sentence that says it."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    days: tuple[tuple[float, str], ...]
    height: float
    says: str
    width: float = WIDTH


def life(
    view: OrderView,
    ending: Ending,
    *,
    begins: datetime,
    extensions: Sequence[OrderView],
    until: datetime | None,
    now: datetime,
) -> Life:
    """Lay an order out in time: readings that give the same end share a bar."""
    zone = ending.expires.tzinfo
    ends = [reading.ends for reading in ending.readings] + [
        each.expires_at for each in extensions if each.expires_at
    ]
    last = max([*ends, until or ending.expires], key=lambda at: at.timestamp()) + timedelta(days=2)
    first = min(begins, now) if now < last else begins
    first -= timedelta(days=1)
    span = max((last - first).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return LEFT + min(max((at - first).total_seconds() / span, 0.0), 1.0) * (WIDTH - 2 * LEFT)

    grouped: dict[float, list[str]] = {}
    state: dict[float, str] = {}
    for reading in ending.readings:
        key = reading.ends.timestamp()
        grouped.setdefault(key, []).append(reading.title)
        kind = "excluded" if reading.excluded_because else "other"
        state[key] = "other" if "other" in {kind, state.get(key, kind)} else "excluded"
    state[ending.expires.timestamp()] = "chosen"
    bars = []
    for place, key in enumerate(sorted(grouped)):
        at = datetime.fromtimestamp(key, zone)
        title = grouped[key][0] + (
            f" and {words.count(len(grouped[key]) - 1, 'more reading')}" if len(grouped[key]) > 1 else ""
        )
        bars.append(
            Bar(x(begins), TOP + place * ROW, x(at) - x(begins), state[key], title, f"{at:%-d %b %H:%M}")
        )
    y = TOP + len(bars) * ROW
    for place, each in enumerate(extensions):
        if each.expires_at is not None:
            start = x(each.case.received_at)
            end = each.expires_at.astimezone(zone)
            bars.append(Bar(start, y + place * ROW, x(end) - start, "extension", f"extension {each.case.reference}", f"{end:%-d %b %H:%M}"))  # fmt: skip
    marks = [Mark(x(now), "now", "now")] if first <= now <= last else []
    marks.append(Mark(x(ending.cut), "cut", "cut"))
    says = f"{len(ending.readings)} readings; the one in force ends {ending.expires:%-d %B %Y %H:%M}, access is cut {ending.cut:%-d %B %Y %H:%M}."
    return Life(tuple(bars), tuple(marks), _days(first, last, x, zone), TOP + len(bars) * ROW + 8, says)


def _days(first, last, x, zone) -> tuple[tuple[float, str], ...]:  # type: ignore[no-untyped-def]
    length = (last - first).days
    step = 7 if length > 21 else 3 if length > 8 else 1
    day = first.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    found = []
    while day < last:
        found.append((x(day), f"{day:%-d %b}"))
        day += timedelta(days=step)
    return tuple(found)

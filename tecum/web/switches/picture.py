"""The life of a surveillance as a picture: what was authorised above, what each switch really did below, and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tecum.kernel import words
from tecum.surveillance.queries import SurveillanceView, TurnLine

WIDTH, ROW, TOP = 860.0, 30.0, 26.0


@dataclass(frozen=True)
class Bar:
    """One stretch of time."""

    x: float
    y: float
    width: float
    kind: str  # authority, held, on or overrun
    label: str


@dataclass(frozen=True)
class Mark:
    """One instant."""

    x: float
    label: str
    kind: str  # now, cut or end


@dataclass(frozen=True)
class Life:
    """The whole picture, in its own units."""

    bars: tuple[Bar, ...]
    rows: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    says: str
    height: float
    width: float = WIDTH


def life(view: SurveillanceView, turns: Sequence[TurnLine], *, now: datetime, zone: ZoneInfo) -> Life:
    """Lay a surveillance out in time, each authority and each switch in a row of its own."""
    begins = min([each.starts_at for each in view.authorities] or [now])
    last = max([each.until for each in view.authorities] + [tap.off_at or now for tap in view.taps] + [now])
    span = max(last - begins, timedelta(hours=1)) * 1.04

    def x(at: datetime) -> float:
        return round(WIDTH * max(0.0, min(1.0, (at - begins) / span)), 1)

    bars, rows, y = [], [], TOP
    for each in reversed(view.authorities):
        rows.append((y, f"{each.kind.capitalize()}, authorised until {words.moment(each.ends_at, zone)}"))
        bars.append(
            Bar(x(each.starts_at), y, max(x(each.ends_at) - x(each.starts_at), 2), "authority", each.kind)
        )
        if each.held_until:
            bars.append(Bar(x(each.ends_at), y, x(each.held_until) - x(each.ends_at), "held", "held"))
        y += ROW
    for tap in view.taps:
        rows.append((y, f"{tap.switch}, {tap.service}: {', '.join(tap.types).replace('_', ' ')}"))
        for start, stop in _on(tap.id, turns, now):
            bars.append(Bar(x(start), y, max(x(stop) - x(start), 2), "on", "on"))
            if stop > tap.until_at:
                bars.append(
                    Bar(x(tap.until_at), y, max(x(stop) - x(tap.until_at), 2), "overrun", "over time")
                )
        y += ROW
    marks = [Mark(x(now), "now", "now")]
    cuts = sorted({tap.cut_at for tap in view.taps})
    marks += [Mark(x(at), f"cut {words.moment(at, zone, words.Style.SHORT)}", "cut") for at in cuts[:3]]
    says = f"{len(view.authorities)} authorities and {len(view.taps)} switches of {view.reference} in time."
    return Life(tuple(bars), tuple(rows), tuple(marks), says, y + 10)


def _on(tap: str, turns: Sequence[TurnLine], now: datetime) -> list[tuple[datetime, datetime]]:
    """Return when a tap was seen on: from its first sight until the switch was seen without it."""
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for turn in (each for each in turns if each.tap == tap and each.confirmed_at):
        if turn.on and since is None:
            since = turn.commanded_at or turn.confirmed_at
        elif not turn.on and since is not None and turn.confirmed_at:
            found.append((since, turn.confirmed_at))
            since = None
    return [*found, (since, now)] if since else found

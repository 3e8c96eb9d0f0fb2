"""What a search found: what was asked, what came of it, when the calls were, which cells, and every row; each look is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.cases import queries as cases
from tecum.demands import operations as demands
from tecum.demands.rules.found import SINCE
from tecum.kernel import numbers
from tecum.kernel.periods import Period
from tecum.policy import queries as policy
from tecum.production.rules.facts import Coverage, Outcome
from tecum.web.desk import picture
from tecum.web.gates import opens
from tecum.web.lists import ON_A_PAGE, Found
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

OUTCOMES = {
    Outcome.PRODUCED: ("ok", "found"),
    Outcome.NONE: ("ok", "searched, nothing found"),
    Outcome.EXPIRED: ("no", "expired"),
    Outcome.WITHHELD: ("no", "not answered"),
}
INSTANTS = {"Start Time (UTC)": "Start", "From (UTC)": "From", "Until (UTC)": "Until"}
PARTIES = {"Calling Number", "Called Number", "Dialed Digits"}
LENGTH = "Duration (s)"
LEFT_OUT = {
    "Target Number",
    "Start Time (Local)",
    "UTC Offset",
    "End Time (UTC)",
}  # said by the others, and in the file
SITES = 200


@opens(read="production.prepare")
@never_cache
def found(request: Asked, case: str, search: str) -> HttpResponse:
    """Show what a search found, one table at a time."""
    home = cases.case(case=case, by=request.actor, now=request.now)
    here = reverse("desk:case_search_found", args=[case, search])
    page, bar = _number(request.GET.get("page"), 1), _bar(request.GET.get("bar"))
    told = demands.show_found(
        case=case, search=search, table=_number(request.GET.get("table"), 0), bar=bar,
        start=(max(page, 1) - 1) * ON_A_PAGE, limit=ON_A_PAGE, by=request.actor, now=request.now,
    )  # fmt: skip
    guide, shown, chosen = policy.at(request.now), told.shown, told.chosen
    zone = guide.carrier.zone.tz
    context = {
        "title": "What was found",
        "crumbs": [
            Crumb("Cases", reverse("desk:cases")),
            Crumb(home.reference, reverse("desk:case", args=[case]), mono=True),
            Crumb("Search", reverse("desk:case_search", args=[case])),
            Crumb("What was found"),
        ],
        "case": home,
        "told": told,
        "total": sum(each.rows for each in told.tables),
        "tables": [(each, _stretches(each.coverage)) for each in told.tables],
        "products": {product.id: product.name for product in guide.products},
        "chosen": chosen,
        "shown": shown,
        "here": f"{here}?table={chosen.place}" if chosen else here,
        "bar": shown.bars[bar] if shown and bar is not None and bar < len(shown.bars) else None,
    }
    if shown and chosen:
        context["head"] = [INSTANTS.get(name, name) for name in _order(shown.head)]
        context["rows"] = _lines(shown.head, shown.rows, zone)
        lines: Found[Any] = Found(shown.rows, shown.count)
        context["page"] = Paginator(lines, ON_A_PAGE).get_page(page)
        context["sites"], context["more_sites"] = shown.sites[:SITES], max(len(shown.sites) - SITES, 0)
        if shown.bars:
            context["picture"] = picture.draw(
                shown.bars, chosen.coverage, zone=zone, directed=shown.directed, chosen=bar
            )
    return render(request, "desk/results.html", context)


@opens(read="production.prepare")
@never_cache
def take(request: Asked, case: str, search: str, table: int, ending: str) -> StreamingHttpResponse:
    """Give one table as a file; that it was taken is recorded first."""
    taken = demands.take_found(
        case=case, search=search, table=table, ending=ending, by=request.actor, now=request.now
    )
    answer = StreamingHttpResponse(taken.pieces, content_type=taken.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _order(head: Sequence[str]) -> list[str]:
    """Return the columns as they are shown: the instants first."""
    kept = [name for name in head if name not in LEFT_OUT]
    return sorted(kept, key=lambda name: name not in INSTANTS)


def _lines(
    head: Sequence[str], rows: Sequence[Sequence[str]], zone: ZoneInfo
) -> list[tuple[date | None, list[tuple[str, Any]]]]:
    """Return each row with its cells, and the day above it where a new local day begins."""
    found: list[tuple[date | None, list[tuple[str, Any]]]] = []
    last: date | None = None
    for row in rows:
        said = dict(zip(head, row, strict=True))
        cells = [_cell(name, said[name]) for name in _order(head)]
        first = cells[0][1]
        today = first.astimezone(zone).date() if SINCE in said and isinstance(first, datetime) else None
        found.append((today if today != last else None, cells))
        last = today
    return found


@dataclass
class Stretches:
    """Stretches of time with one outcome and one reason."""

    mark: str
    word: str
    why: str
    periods: list[Period]

    @property
    def length(self) -> timedelta:
        """Return how long they are together."""
        return sum((each.elapsed for each in self.periods), timedelta())


def _stretches(coverage: Sequence[Coverage]) -> list[Stretches]:
    found: dict[tuple[Outcome, str], Stretches] = {}
    for each in coverage:
        key = (each.outcome, each.why)
        found.setdefault(key, Stretches(*OUTCOMES[each.outcome], each.why, [])).periods.append(each.period)
    return list(found.values())


def _cell(name: str, value: str) -> tuple[str, Any]:
    try:
        if name in INSTANTS:
            return "instant", datetime.fromisoformat(value).astimezone(UTC)
        if name == LENGTH:
            return "length", _length(float(value))
    except ValueError:
        return "text", value  # a mask stands there
    if name in PARTIES and numbers.is_canonical(value):
        return "party", value
    return "text", value


def _length(seconds: float) -> str:
    """Write a length as clocks on telephones do: 0:42, 1:02:07."""
    whole = timedelta(seconds=round(seconds))
    minutes, rest = divmod(int(whole.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _number(said: str | None, default: int) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 8 else default


def _bar(said: str | None) -> int | None:
    return int(said) if said and said.isdecimal() and len(said) < 4 else None

"""Searches of a case, as far as the asker may know of it."""

from dataclasses import dataclass
from datetime import datetime

from tecum.cases import sealed
from tecum.demands.models import DemandSearch
from tecum.demands.queries.reading import row_of
from tecum.demands.states import SearchState
from tecum.kernel.actors import Actor
from tecum.secrecy import operations as keys


@dataclass(frozen=True, slots=True)
class SearchView:
    """One search: how far it is, what became of it, why it stopped."""

    id: str
    state: SearchState
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    ended_by: str
    parts: int
    parts_done: int
    rows: int
    production: str
    why: str

    @property
    def open(self) -> bool:
        """Tell whether it waits or runs."""
        return self.state in {SearchState.WAITING, SearchState.RUNNING}


def searches(*, case: str, by: Actor, now: datetime) -> list[SearchView]:
    """Return the searches of a case, the newest first. :raises NotYours"""
    row = row_of(case, by=by, now=now)
    key = keys.keys_of([row.matter]).get(row.matter)
    return [
        SearchView(
            each.pk,
            SearchState(each.state),
            each.asked_at,
            each.asked_by,
            each.ended_at,
            each.ended_by,
            each.parts,
            each.parts_done,
            each.rows,
            each.production,
            sealed.opened(key, f"search {each.pk} why", each.why) or "",
        )  # fmt: skip
        for each in DemandSearch.objects.filter(demand=row).order_by("-asked_at", "-pk")
    ]

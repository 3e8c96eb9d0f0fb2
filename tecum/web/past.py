"""What every page of a case shows of its past: letters and notes, and the trail in words; the newest first, the rest at a click."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.cases import operations as cases
from tecum.cases.operations import Shown
from tecum.cases.queries import EntryView
from tecum.cases.states import Direction, EntryState
from tecum.policy import queries as policy
from tecum.web.auditor import rows
from tecum.web.requests import Asked

LATEST, LETTERS = (
    40,
    20,
)  # of events, of letters and notes: more than a person reads to know how a case stands


@dataclass(frozen=True)
class Letter:
    """One letter, call or note."""

    at: datetime
    what: str
    who: str
    subject: str
    text: str
    held: bool = False
    notice: str = ""


def show(request: Asked, case: str) -> Shown:
    """Return a case with the newest of what happened, or all of it where the address asks; that it was read is recorded."""
    latest = 0 if whole(request) else LATEST
    return cases.show(case=case, latest=latest, by=request.actor, now=request.now)


def whole(request: Asked) -> bool:
    """Tell whether the address asks for everything that ever happened."""
    return request.GET.get("history") == "all"


def past(request: Asked, shown: Shown, called: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what `parts/letters.html` and `parts/past.html` show; `called` names ids that have a name on this page."""
    everything = _letters(shown)
    letters = everything if whole(request) else everything[:LETTERS]
    zone = policy.at(request.now).carrier.zone.tz
    return {
        "letters": letters,
        "letters_more": len(everything) - len(letters),
        "may_see_notices": may(request.actor, "notice.read"),
        "timeline": rows.rows(shown.timeline[::-1], zone, _names(shown) | dict(called or {})),
        "timeline_more": shown.earlier,
    }


def _letters(shown: Shown) -> list[Letter]:
    names = people.names({each.by for each in shown.file.notes})
    found = [_letter(each) for each in shown.file.entries]
    found += [
        Letter(each.at, "Note", names.get(each.by, "Tecum"), "", each.text) for each in shown.file.notes
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _letter(entry: EntryView) -> Letter:
    came = entry.direction is Direction.IN
    who = str(entry.sender or "") if came else ""
    return Letter(
        entry.at, f"{'In' if came else 'Out'} by {entry.channel.replace('_', ' ')}", who.replace("_", " ").lower(),
        str(entry.said.get("subject", "")), str(entry.said.get("text", "")), entry.state is EntryState.HELD,
        entry.notice,
    )  # fmt: skip


def _names(shown: Shown) -> dict[str, str]:
    file = shown.file
    called = {file.case.id: file.case.reference}
    called |= {each.id: each.name or "without a name" for each in file.documents}
    return called | {each.id: str(each.place) for each in file.targets}

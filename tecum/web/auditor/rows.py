"""Entries of the trail as a page shows them: people and agencies by the names they have today."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tecum.accounts import queries as accounts
from tecum.agencies import queries as agencies
from tecum.audit.queries import PROCESSES, Entry, shown
from tecum.kernel.actors import Actor

NOTHING: Mapping[str, str] = MappingProxyType({})
OPERATOR = "cli:"
OPAQUE = re.compile(r"[0-9a-z]{20,}")
NAMED = {"person": "person:", "agency": "", "owner": ""}  # fields that hold an id which has a name


@dataclass(frozen=True, slots=True)
class Row:
    """One entry, told."""

    entry: Entry
    who: str
    says: str
    kind: str
    about: str
    day: date  # in the carrier's zone

    @property
    def label(self) -> str:
        """Return the reference as the column shows it."""
        return short(self.about)


def rows(entries: Sequence[Entry], zone: ZoneInfo, called: Mapping[str, str] = NOTHING) -> list[Row]:
    """Tell entries; names are asked for once. `called` names ids that have a name where this is shown."""
    names = {**_names(entries), **called}
    return [
        Row(
            entry=entry,
            who=_who(entry.by, names),
            says=entry.told({field: _said(field, entry, names) for field in entry.data}),
            kind=_kind(entry),
            about=_about(entry),
            day=entry.at.astimezone(zone).date(),
        )
        for entry in entries
    ]


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    refs, ids = set(), set()
    for entry in entries:
        refs |= {entry.by, f"person:{entry.data.get('person', '')}", str(entry.data.get("owner", ""))}
        ids |= {entry.agency, str(entry.data.get("agency", ""))}
    return {**accounts.names(refs), **agencies.names(ids)}


def _who(ref: str, names: dict[str, str]) -> str:
    if ref in names:
        return names[ref]
    if ref.startswith(PROCESSES):
        return "Tecum"
    if ref.startswith(OPERATOR):
        return f"{ref.removeprefix(OPERATOR)} at the command line"
    return "Somebody not signed in" if ref == Actor.stranger().ref else ref


def _said(field: str, entry: Entry, names: dict[str, str]) -> str:
    """Return what a field holds as a sentence says it: by its name where it has one, an opaque id by its beginning."""
    value = entry.data[field]
    if field in NAMED and (name := names.get(f"{NAMED[field]}{value}")):
        return name
    return names.get(value) or short(value) if isinstance(value, str) else shown(value)


def short(reference: str) -> str:
    """Return a reference short enough for a column; opaque ids by their beginning."""
    return f"{reference[:8]}…" if OPAQUE.fullmatch(reference) else reference


def _kind(entry: Entry) -> str:
    if entry.by.startswith(PROCESSES):
        return "clock"
    return "refusal" if entry.event.endswith((".refused", ".failed")) else entry.kind.value


def _about(entry: Entry) -> str:
    """Return the reference to follow: what the event is about, unless that is its own outcome or an hour."""
    first = next(((name, value) for name, value in entry.data.items() if isinstance(value, str)), ("", ""))
    return (
        "" if first[0] in {"act", "verdict", "why", "step", "how", "reason", "factor", "until"} else first[1]
    )

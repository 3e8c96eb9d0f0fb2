"""What the record of an interception says at this moment, put together from what was ordered and what switches showed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.documents import queries as documents
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as process
from tecum.surveillance.models import (
    Authority,
    Certification,
    CertifiedRun,
    CourtOrder,
    Mismatch,
    Surveillance,
    Tap,
    TapTurn,
)
from tecum.surveillance.rules import interceptions as rules
from tecum.surveillance.rules.interceptions import Paper, Record, Run, Stretch, Turn
from tecum.surveillance.rules.tasks import Task

HOUSE = Actor.system(
    "surveillance"
)  # reads what it has to put on record; whom it shows it to, the queries decide


def runs_of(taps: Iterable[Tap]) -> dict[str, list[Run]]:
    """Return the runs of taps that happened, by tap."""
    rows = list(taps)
    turns: dict[str, list[Turn]] = defaultdict(list)
    found = TapTurn.objects.filter(tap__in=rows).values_list(
        "tap", "generation", "on", "types", "authority", "at", "by", "commanded_at", "confirmed_at"
    )
    for tap, generation, on, types, authority, at, by, told, seen in found:
        turns[tap].append(Turn(generation, on, tuple(types.split()), authority, at, by, told, seen))
    others: dict[str, list[datetime]] = defaultdict(list)
    for each in Mismatch.objects.filter(tap__in=rows, kind="altered").select_related(
        "tap__target__surveillance"
    ):
        if each.tap is not None and _is_other(each, each.tap):
            others[each.tap.pk].append(each.seen_at)
    return {
        row.pk: [run for run in rules.runs(turns[row.pk], others[row.pk]) if run.happened] for row in rows
    }


def record_of(row: Certification, *, now: datetime) -> Record:
    """Return what a certification says now."""
    said = unauthorised(row) if row.surveillance is None else _ours(row, row.surveillance, now=now)
    added = added_to(row)
    changes = {name: added[name] for name in ("officer", "agency", "signer", "remark") if added.get(name)}
    return replace(said, **changes)


def added_to(row: Certification) -> dict[str, Any]:
    """Return what a person wrote down that our papers lack."""
    kept: dict[str, Any] | None = sealed.opened(sealed.key_of(row.matter), f"added {row.pk}", row.added)
    return kept or {}


def unauthorised(row: Certification) -> Record:
    """Return the record of what a switch held and nobody here had put there."""
    found, added = row.mismatch, added_to(row)
    if found is None:
        raise NotYours
    gone = found.settled_at if found.state == "SETTLED" else None
    line = Stretch(
        number=added.get("number", ""), circuit=f"task {found.task}", service=added.get("service", rules.UNKNOWN),
        switch=found.switch, types=added.get("types", []), begins=_iso(found.since), ends=_iso(gone),
        without="found on the switch; nobody here had put it there",
    )  # fmt: skip
    return Record(
        row.reference, "", [line], added.get("officer", ""), "", added.get("signer", ""), *_who(row), [],
    )  # fmt: skip


def _ours(row: Certification, home: Surveillance, *, now: datetime) -> Record:
    mine = dict(CertifiedRun.objects.filter(certification=row).values_list("tap", "generation"))
    taps = list(
        Tap.objects.select_related("target__surveillance")
        .filter(pk__in=mine)
        .order_by("service", "switch", "pk")
    )
    found = runs_of(taps)
    zone = policy.at(now).carrier.zone.tz
    lines: list[Stretch] = []
    rests: list[str] = []
    for tap in taps:
        for run in found[tap.pk]:
            if run.generation == mine[tap.pk]:
                lines += [_stretch(tap, run, zone), *_returned(tap, run, found[tap.pk])]
                rests += run.authorities
    authorities = list(
        Authority.objects.filter(pk__in=rests).select_related("case").order_by("approved_at", "pk")
    )
    papers = [paper for each in authorities for paper in _papers(each, now=now)]
    first = files.case(case=authorities[0].case_id if authorities else home.case_id, by=HOUSE, now=now)
    agency = agencies.names({first.agency} - {""}).get(first.agency) or first.contact.agency_name
    signer = next((each.signer for each in papers if each.signer), "")
    lines.sort(key=lambda each: (each.number, each.service, each.switch, each.begins))
    return Record(
        row.reference, home.reference, lines, first.contact.name, agency, signer, *_who(row), papers
    )


def _stretch(tap: Tap, run: Run, zone: Any) -> Stretch:
    late = Mismatch.objects.filter(tap=tap, kind="overrun", since__gte=run.started_at)
    if run.ended_at is not None:
        late = late.filter(since__lt=run.ended_at)
    said = rules.without(
        began_at=run.began_at, other_at=run.other_at,
        late_from=late.order_by("since").values_list("since", flat=True).first(), zone=zone,
    )  # fmt: skip
    return Stretch(
        number=numbers.grouped(_number(tap)), circuit=f"task {tap.task}", service=tap.service, switch=tap.switch,
        types=list(run.types), begins=_iso(run.began_at or run.other_at), ends=_iso(run.ended_at), without=said,
    )  # fmt: skip


def _returned(tap: Tap, run: Run, runs: Sequence[Run]) -> list[Stretch]:
    """
    Return what its switch listed again after a run was off, and nobody had started again: a line of the same record each.

    It has an end once a person has looked: the instant at which the switch was last seen with it, or first without it.
    """
    if run.ended_at is None:
        return []
    later = min((each.started_at for each in runs if each.started_at > run.started_at), default=None)
    rows = Mismatch.objects.filter(tap=tap, kind="returned", since__gte=run.ended_at)
    if later is not None:
        rows = rows.filter(since__lt=later)
    found = []
    for each in rows.select_related("tap__target__surveillance").order_by("since"):
        shown = _shown(each, tap)
        found.append(
            Stretch(
                number=numbers.grouped(shown.number if shown else _number(tap)), circuit=f"task {tap.task}",
                service=shown.service if shown else tap.service, switch=tap.switch,
                types=sorted(shown.types) if shown else tap.types.split(), begins=_iso(each.since),
                ends=_iso(each.last_seen_at if each.state == "SETTLED" else None), without=rules.RETURNED,
            )
        )  # fmt: skip
    return found


def _papers(row: Authority, *, now: datetime) -> list[Paper]:
    """Return the paper that an authority rests on, and those that prolonged it."""
    longer = CourtOrder.objects.filter(authority=row.pk, kind="extension").select_related("case")
    found = [_paper(row.kind, row.case_id, _iso(row.ends_at if not longer else None), now=now)]
    for each in longer.order_by("received__received_at"):
        found.append(_paper("extension", each.case_id, _iso(each.expires_at), now=now))
    if longer and (order := CourtOrder.objects.filter(case=row.case_id).first()) is not None:
        found[0] = replace(found[0], ends=_iso(order.expires_at))
    return found


def _paper(kind: str, case: str, ends: str, *, now: datetime) -> Paper:
    view = files.case(case=case, by=HOUSE, now=now)
    got = process.of_case(case=case, by=HOUSE, now=now)
    said = got[0].said if got else None
    signer = ", ".join(part for part in (said.signer, said.signed_by) if part) if said else ""
    stored = {each.id: each.sha256 for each in documents.files(matter=view.matter)}
    appended = [
        [each.name, stored.get(each.file, ""), each.id]
        for each in files.documents(case=case, by=HOUSE, now=now)
        if each.role == "process"
    ]
    return Paper(
        kind=kind, case=view.reference, number=said.number if said else "", issuer=said.issuer if said else "",
        issued_on=said.issued_on.isoformat() if said and said.issued_on else "", signer=signer, ends=ends, files=appended,
    )  # fmt: skip


def _who(row: Certification) -> tuple[str, str]:
    """Return name and title of the employee who oversees it."""
    if not row.overseer:
        return "", ""
    name = people.names({row.overseer}).get(row.overseer, "")
    return name, people.titles({row.overseer}).get(row.overseer, "")


def _is_other(found: Mismatch, tap: Tap) -> bool:
    """Tell whether a switch held more than was ordered, or another number; less than was ordered needs no authorization."""
    shown = _shown(found, tap)
    if shown is None:
        return True  # a technician saw something else; what exactly, the work order keeps
    return shown.number != _number(tap) or not shown.types <= frozenset(tap.types.split())


def _shown(found: Mismatch, tap: Tap) -> Task | None:
    """Return what a switch showed where it differed, as it was kept."""
    kept = sealed.opened(
        sealed.key_of(tap.target.surveillance.matter), f"mismatch {found.pk}", bytes(found.shown)
    )
    return Task.from_data(json.loads(kept) if isinstance(kept, str) else kept) if kept else None


def _number(tap: Tap) -> str:
    key = sealed.key_of(tap.target.surveillance.matter)
    return str(sealed.opened(key, f"tap target {tap.target_id}", tap.target.said)["number"])


def _iso(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at is not None else ""


def sealed_under(row: Certification, said: Mapping[str, Any], about: str) -> bytes:
    """Put something under the seal of a certification."""
    return sealed.close(sealed.key_of(row.matter), about, dict(said))

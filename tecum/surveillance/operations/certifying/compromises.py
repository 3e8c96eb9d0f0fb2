"""A compromise of a lawful interception, or an unlawful one on our premises: on record, and told within a reasonable time."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import operations as secrecy
from tecum.surveillance import recording
from tecum.surveillance.models import CompromiseReport, Surveillance
from tecum.surveillance.operations import telling
from tecum.surveillance.queries import certifications as queries
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import CompromiseState

PERMISSION = "surveillance.report"
REPORT = "surveillance.report"
REPEAT = timedelta(hours=4)
KINDS = {
    "compromise": "A lawful interception became known to somebody unauthorized",
    "unlawful": "A surveillance on our premises was unlawful",
}
WAYS = frozenset({"telephone", "person", "post", "mail"})


class CannotReport(Refused):
    """A report without what the rule asks for, or one that was told already."""


@transaction.atomic
def report(
    *,
    kind: str,
    discovered_at: datetime,
    what: str,
    to_whom: str,
    agencies: str,
    by: Actor,
    now: datetime,
    surveillance: str = "",
    mismatch: str = "",
) -> str:
    """
    Put a compromise on record: what happened, to whom it was disclosed, which agencies it concerns; return its id.

    :raises CannotReport: without what happened and whom it concerns, or discovered in time to come
    :raises NotYours: for a surveillance that is not for this person to know of
    """
    require(by, PERMISSION, now=now)
    accounts.stand(by=by, now=now)
    if kind not in KINDS or not what.strip() or not agencies.strip():
        raise CannotReport("Say what happened, and which agencies it concerns.")
    if discovered_at > now:
        raise CannotReport("It was discovered already: that moment lies ahead.")
    home = _home(surveillance, by=by, now=now)
    matter = secrecy.open_matter(kind="certifications", by=by, now=now)
    if home is not None:
        secrecy.make_part(matter, of=home.matter)
    row = CompromiseReport(
        id=ids.unguessable(), reference=ids.reference("CM"), matter=matter, kind=kind, surveillance=home,
        mismatch_id=mismatch or None, discovered_at=discovered_at, recorded_at=now, recorded_by=by.ref,
        due_at=recording.report_by(discovered_at, now),
    )  # fmt: skip
    said = {"what": what.strip(), "to_whom": to_whom.strip(), "agencies": agencies.strip(), "told": ""}
    row.said = sealed.close(sealed.key_of(matter), f"compromise {row.pk}", said)
    row.save(force_insert=True)
    mine = home.matter if home else ""
    audit.record(
        "compromise.recorded", by=by, at=now, matter=mine, report=row.pk, kind=kind,
        surveillance=home.pk if home else None, discovered=discovered_at,
    )  # fmt: skip
    deadlines.arm(REPORT, subject=row.pk, due_at=min(row.due_at, now + REPEAT), matter=mine, now=now)
    return row.pk


@transaction.atomic
def tell(*, report: str, told: str, how: str, at: datetime, by: Actor, now: datetime) -> None:
    """
    Write down that the agencies were told: whom exactly, how and when (47 CFR 1.20003).

    :raises CannotReport: when that is on record already, or lies ahead or before the discovery
    """
    require(by, PERMISSION, now=now)
    accounts.stand(by=by, now=now)
    row = queries.compromise_row(report, by=by, now=now)
    row = (
        CompromiseReport.objects.select_for_update(of=("self",)).select_related("surveillance").get(pk=row.pk)
    )
    if row.state != CompromiseState.OPEN:
        raise CannotReport("It is on record already that they were told.")
    if how not in WAYS or not told.strip():
        raise CannotReport("Say whom you told, and how.")
    if not row.discovered_at <= at <= now:
        raise CannotReport("They were told after it was discovered, and before this moment.")
    key = sealed.key_of(row.matter)
    kept: dict[str, Any] = sealed.opened(key, f"compromise {row.pk}", row.said)
    row.said = sealed.close(key, f"compromise {row.pk}", {**kept, "told": told.strip()})
    row.state, row.told_at, row.told_by, row.told_how = CompromiseState.TOLD, at, by.ref, how
    row.save(update_fields=["said", "state", "told_at", "told_by", "told_how"])
    deadlines.disarm(REPORT, subject=row.pk, now=now)
    audit.record(
        "compromise.told", by=by, at=now, matter=row.surveillance.matter if row.surveillance else "", report=row.pk, how=how,
        late=at > row.due_at,
    )  # fmt: skip


@transaction.atomic
def remind(*, report: str, by: Actor, now: datetime) -> datetime | None:
    """Tell the desk that agencies are not told of a compromise yet, and return when again."""
    row = CompromiseReport.objects.select_related("surveillance").filter(pk=report, state="OPEN").first()
    if row is None:
        return None
    matter = row.surveillance.matter if row.surveillance else ""
    telling.tell_desk(
        row.reference, "agencies are to be told of a compromise", f"By {row.due_at:%Y-%m-%d %H:%M} UTC.",
        matter=matter, by=by, now=now,
    )  # fmt: skip
    audit.record("compromise.reminded", by=by, at=now, matter=matter, report=row.pk)
    return now + REPEAT


def _home(surveillance: str, *, by: Actor, now: datetime) -> Surveillance | None:
    if not surveillance:
        return None
    row = readable(by=by, now=now).filter(pk=surveillance).first()
    if row is None:
        raise NotYours
    return row

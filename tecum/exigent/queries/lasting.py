"""How long an emergency surveillance may last by the guide's clock, once a switch has shown when it obeyed (C3)."""

from dataclasses import dataclass
from datetime import datetime

from tecum.exigent.models import ExigentRequest
from tecum.exigent.queries import reading
from tecum.exigent.rules import cutting
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance import queries as taps

SELF = Actor.system("exigent")


@dataclass(frozen=True, slots=True)
class Later:
    """The later end that the clock gives: the authority it is of, when that ends until now, and when its first switch obeyed."""

    authority: str
    was: datetime
    started_at: datetime
    ends_at: datetime
    rule: str
    evidence: str


def later(*, case: str, by: Actor, now: datetime) -> Later | None:
    """Return the later end that the clock gives the emergency of a case, or nothing. :raises NotYours"""
    return later_end(reading.row_of(case, by=by, now=now), now=now)


def later_end(row: ExigentRequest, *, now: datetime) -> Later | None:
    """Return the later end that the clock gives a request's surveillance, or nothing: it has ended, or obeyed at once."""
    standing = row.decisions.exclude(authority="").order_by("-decided_at").first()
    if standing is None or standing.decided_at is None:
        return None
    found = taps.authority(authority=standing.authority, by=SELF, now=now)
    first = taps.first_on(surveillance=found.surveillance)
    guide = policy.at(standing.decided_at)
    pathway = reading.pathway_of(row, guide)
    ends_at = cutting.ends_at(guide, pathway, first) if first else None
    if first is None or ends_at is None or found.state != "IN_FORCE" or found.until <= now:
        return None
    if ends_at <= max(found.ends_at, now):
        return None
    return Later(found.id, found.ends_at, first, ends_at, pathway.clock, found.evidence)

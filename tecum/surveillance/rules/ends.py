"""When access ends: the cut of a switch (C8), when its end is commanded, and how long a cut may be held (C3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tecum.guide.calculators import expiry
from tecum.guide.model.guide import Guide
from tecum.guide.model.surveillance import Switch
from tecum.guide.questions import Question
from tecum.surveillance.rules.ordered import AuthorityKind

BY_HAND = "work_order"


@dataclass(frozen=True, slots=True)
class Cut:
    """When access of one switch is cut and why then, and when the end is commanded so that it has happened by then."""

    at: datetime
    fires_at: datetime
    because: str


def by_hand(switch: Switch) -> bool:
    """Tell whether a person has to work the switch."""
    return switch.driver == BY_HAND


def cut(
    guide: Guide,
    switch: Switch,
    *,
    kind: AuthorityKind,
    until: datetime,
    exact: bool = False,
    held: bool = False,
) -> Cut:
    """
    Return when a switch is cut for an authority that ends at `until`: never later.

    A switch that a driver reaches is cut at the end itself; one that needs a person at the last staffed moment before it,
    unless the order gives an exact time, for which staff are scheduled (C8). An emergency is never cut early for want of
    staff (C4), nor is a cut that an administrator held, who then sees to it that somebody is there.
    """
    hand = by_hand(switch)
    order = expiry.Order(
        ends=until,
        unattended=not hand,
        exact_time=exact or held or kind is AuthorityKind.EMERGENCY,
        switch=switch.id,
    )
    found = expiry.ending(guide, Question(on=until.astimezone(guide.carrier.zone.tz).date()), order)
    at = min(found.cut, until, key=lambda each: each.timestamp())
    lead = guide.surveillance.lead_by_hand.elapsed if hand else timedelta(seconds=guide.surveillance.lead)
    return Cut(at, at - lead, found.cut_because)


def held_until(
    guide: Guide,
    *,
    ends_at: datetime,
    received_at: datetime,
    states_until: datetime,
    grace: timedelta | None = None,
) -> datetime | None:
    """
    Return until when a cut may be held while papers are read, or nothing: they came late, or state no later end (C3).

    Received before the deadline they give the guide's grace, never past the authority that they state.
    """
    if received_at >= ends_at or states_until <= ends_at:
        return None
    return min(ends_at + (grace or guide.surveillance.review_grace.elapsed), states_until)


def accepted_by(guide: Guide, cut_at: datetime) -> datetime:
    """Return by when a named technician must have accepted to make a cut by hand."""
    return cut_at - guide.surveillance.accepted_before.elapsed

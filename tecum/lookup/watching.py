"""Invariants I7 and I13 as questions, counted anew from the answers given, not from the counter that guards them."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from tecum.guide.model.guide import NotInGuide
from tecum.guide.model.lookup import Quota
from tecum.kernel.invariants import Broken
from tecum.lookup import rules
from tecum.lookup.models import Disclosure, Lookup, LookupLine
from tecum.lookup.queries import portal_zone
from tecum.lookup.states import Outcome
from tecum.policy import queries as policy

ANSWERED = (Outcome.HIT, Outcome.NON_RESULT)
COUNTED = {
    "distinct_numbers": Count("number", distinct=True),
    "queries": Count("pk"),
    "submissions": Count("lookup", distinct=True),
}


def over_the_limit(*, now: datetime) -> tuple[Broken, ...]:
    """Return the people who were answered more in the guide's window than its limit (I7)."""
    terms = terms_at(now)
    begin = window_begin(terms, now=now) if terms else None
    if (
        terms is None or begin is None
    ):  # no look-up, or a window that is a session: each of its units is a row
        return ()
    earlier = terms_at(begin) or terms  # a limit that was lowered within the window binds no earlier
    limit = max(terms.limit, earlier.limit)
    rows = (
        LookupLine.objects.filter(
            lookup__by_staff=False,
            lookup__asked_at__gte=begin,
            lookup__asked_at__lte=now,
            outcome__in=ANSWERED,
        )
        .values("lookup__person")
        .annotate(asked=COUNTED[terms.unit])
        .filter(asked__gt=limit)
        .order_by("lookup__person")
    )
    return tuple(Broken("I7", row["lookup__person"], begin) for row in rows)


def terms_at(now: datetime) -> Quota | None:
    """Return the limits in force; none where the carrier has no look-up."""
    try:
        return policy.at(now).lookup.quota
    except NotInGuide:
        return None


def window_begin(terms: Quota, *, now: datetime) -> datetime | None:
    """Return the first instant of the window that holds `now`; none where the window is a session."""
    if terms.window == "session":
        return None
    if terms.window == "rolling_24h":
        return now - timedelta(hours=24)
    zone = str(portal_zone(now))
    local = now.astimezone(portal_zone(now)).date()
    back = {"calendar_day": 0, "calendar_week": local.weekday(), "calendar_month": local.day - 1}
    return rules.next_midnight(zone, now=now, days=-back[terms.window])


def undisclosed() -> tuple[Broken, ...]:
    """Return the look-ups with an answer revealed to an officer and no record of it that names its consent (I13)."""
    shown = Lookup.objects.filter(by_staff=False).aggregate(sum=Sum("hits", default=0))["sum"]
    if shown == Disclosure.objects.exclude(consent="").count() == _hits().count():
        return ()
    bare = _hits().filter(Q(disclosure=None) | Q(disclosure__consent=""))
    found = dict(bare.order_by("lookup").values_list("lookup", "lookup__asked_at"))
    counted = Count("lines", filter=Q(lines__outcome=Outcome.HIT))
    wrong = Lookup.objects.filter(by_staff=False).annotate(lines_hit=counted).exclude(hits=F("lines_hit"))
    found |= dict(wrong.values_list("pk", "asked_at"))
    return tuple(Broken("I13", lookup, at) for lookup, at in sorted(found.items()))


def _hits() -> "QuerySet[LookupLine]":
    return LookupLine.objects.filter(outcome=Outcome.HIT, lookup__by_staff=False)

"""Invariant I11 as a question: nobody is signed in whose person, agency or customer is not in good standing."""

from datetime import datetime

from django.db.models import Q

from tecum.accounts.models import ApiToken, Person, Visit
from tecum.accounts.states import PersonStanding
from tecum.kernel.invariants import Broken


def broken(*, now: datetime) -> tuple[Broken, ...]:
    """Return the people with a session or a token that still opens something, and no standing."""
    good = (
        Q(standing=PersonStanding.ACTIVE)
        & (Q(agency=None) | Q(agency__standing="ACTIVE"))
        & (Q(customer=None) | Q(customer__standing="ACTIVE"))
    )
    visits = Visit.objects.filter(ended_at=None).values("person")
    tokens = ApiToken.objects.filter(voided_at=None, expires_at__gt=now).values("person")
    rows = Person.objects.filter(Q(pk__in=visits) | Q(pk__in=tokens)).exclude(good).order_by("pk")
    return tuple(
        Broken("I11", f"person:{person}", since) for person, since in rows.values_list("pk", "standing_since")
    )

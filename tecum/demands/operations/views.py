"""Ways to look at the queue that a person keeps; and one act on many cases."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.demands.models import SavedView
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused

MOST = 200


class CannotSave(Refused):
    """A view without a name, or too many at once."""


@transaction.atomic
def save_view(*, name: str, query: str, shared: bool, by: Actor, now: datetime) -> str:
    """Keep the filters of the queue under a name; the same name again replaces them. :raises CannotSave: without one"""
    require(by, "demand.read", now=now)
    called = " ".join(name.split())[:80]
    if not called:
        raise CannotSave("Give the view a name.")
    row, _ = SavedView.objects.update_or_create(
        person=by.ref, name=called, defaults={"query": query[:400], "shared": shared, "at": now},
        create_defaults={"id": ids.unguessable(), "query": query[:400], "shared": shared, "at": now},
    )  # fmt: skip
    audit.record("demand.view_saved", by=by, at=now, view=row.pk, shared=shared)
    return row.pk


@transaction.atomic
def forget_view(*, view: str, by: Actor, now: datetime) -> None:
    """Forget a view of one's own. :raises NotYours: for another's"""
    require(by, "demand.read", now=now)
    if not SavedView.objects.filter(pk=view, person=by.ref).delete()[0]:
        raise NotYours
    audit.record("demand.view_forgotten", by=by, at=now, view=view)


@transaction.atomic
def assign_many(*, cases_chosen: Sequence[str], owner: str, by: Actor, now: datetime) -> int:
    """
    Give many cases to one person, or to nobody: all of them or none.

    :raises CannotSave: for more than 200 at once
    """
    require(by, "demand.work", now=now)
    chosen = list(dict.fromkeys(cases_chosen))
    if len(chosen) > MOST:
        raise CannotSave(f"At most {MOST} cases at once; {len(chosen)} were chosen and none was changed.")
    for case in chosen:
        cases.assign(case=case, owner=owner, by=by, now=now)
    return len(chosen)

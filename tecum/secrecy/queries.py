"""Which epochs there are, and whose key has to go."""

from dataclasses import dataclass
from datetime import datetime

from tecum.secrecy.models import Matter, RetentionEpoch


@dataclass(frozen=True, slots=True)
class EpochView:
    """One epoch as staff see it."""

    id: str
    kind: str
    closes_at: datetime
    matters: int
    ordered_at: datetime | None
    destroyed_at: datetime | None


def epochs(*, kind: str = "") -> list[EpochView]:
    """Return the epochs, oldest first, of one kind or of all."""
    rows = RetentionEpoch.objects.filter(**({"kind": kind} if kind else {})).order_by("closes_at", "id")
    return [
        EpochView(row.id, row.kind, row.closes_at, row.matters.count(), row.ordered_at, row.destroyed_at)
        for row in rows
    ]


def outlived(*, kind: str, closed_before: datetime) -> list[str]:
    """Return the epochs of a kind that closed before an instant and still have a key (invariant I12)."""
    rows = RetentionEpoch.objects.filter(kind=kind, closes_at__lte=closed_before, destroyed_at=None)
    return list(rows.order_by("closes_at").values_list("id", flat=True))


def hidden_from(reader: str) -> frozenset[str]:
    """Return the sealed matters that a person is not on the list of; they must not learn that these exist."""
    known = Matter.objects.filter(readers__reader=reader, readers__ended_at=None)
    return frozenset(Matter.objects.filter(sealed=True).exclude(pk__in=known).values_list("pk", flat=True))

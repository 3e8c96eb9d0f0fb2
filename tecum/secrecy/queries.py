"""Which epochs there are, and whose key has to go."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tecum.secrecy.models import LegalHold, Matter, NeedToKnow, RetentionEpoch


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


def is_held(matter: str) -> bool:
    """Tell whether a legal hold keeps a matter: its own, or that of what it is part of."""
    mine = Q(matter=matter) | Q(matter__parts=matter)
    return LegalHold.objects.filter(mine, lifted_at=None).exists()


def matters_in(epoch: str) -> dict[str, str]:
    """Return the matters of an epoch, each with that which it is part of ("" for none)."""
    rows = Matter.objects.filter(epoch=epoch).values_list("pk", "part_of")
    return {matter: whole or "" for matter, whole in rows}


def held_in(epoch: str) -> frozenset[str]:
    """Return the matters of an epoch that a legal hold keeps."""
    held = LegalHold.objects.filter(lifted_at=None).values("matter")
    rows = Matter.objects.filter(Q(pk__in=held) | Q(part_of__in=held), epoch=epoch)
    return frozenset(rows.values_list("pk", flat=True))


def outlived(*, kind: str, closed_before: datetime) -> list[str]:
    """Return the epochs of a kind that closed before an instant and still have a key (invariant I12)."""
    rows = RetentionEpoch.objects.filter(kind=kind, closes_at__lte=closed_before, destroyed_at=None)
    return list(rows.order_by("closes_at").values_list("id", flat=True))


def hidden_from(reader: str) -> frozenset[str]:
    """Return the sealed matters that a person is not on the list of; they must not learn that these exist."""
    return frozenset(sealed_from(reader).values_list("pk", flat=True))


def sealed_from(reader: str) -> "QuerySet[Matter]":
    """Return the same as a question that the database joins to another, for lists of many rows."""
    known = known_to(reader).values("matter")
    return Matter.objects.filter(sealed=True).exclude(pk__in=known).exclude(part_of__in=known)


def hides_from(reader: str, column: str) -> Exists:
    """
    Return the same as a condition on a row whose matter stands in a column: asked for each row that is looked at, by its key.

    For a page or a single row of very many; `sealed_from` reads every sealed matter first.
    """
    mine = known_to(reader).filter(Q(matter=OuterRef("pk")) | Q(matter=OuterRef("part_of")))
    return Exists(Matter.objects.filter(pk=OuterRef(column), sealed=True).exclude(Exists(mine)))


def known_to(reader: str) -> "QuerySet[NeedToKnow]":
    """Return the lists that a person stands on, as a question that the database joins to another."""
    return NeedToKnow.objects.filter(reader=reader, ended_at=None)


def readers(matter: str) -> list[str]:
    """Return who stands on the list of a matter, first come first."""
    rows = NeedToKnow.objects.filter(matter=matter, ended_at=None)
    return list(rows.order_by("given_at", "pk").values_list("reader", flat=True))


def is_sealed(matter: str) -> bool:
    """Tell whether only people on its list may know of a matter."""
    return Matter.objects.filter(pk=matter, sealed=True).exists()


def may_know(matter: str, reader: str) -> bool:
    """Tell whether a person stands on the list of a matter."""
    return known_to(reader).filter(matter=matter).exists()


def sealed_among(matters: Collection[str]) -> frozenset[str]:
    """Return which of these matters are sealed."""
    return frozenset(Matter.objects.filter(pk__in=matters, sealed=True).values_list("pk", flat=True))

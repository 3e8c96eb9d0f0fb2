"""Invariant I12 as a question: no key of an expired epoch, wherever it may have come from again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tecum.kernel.invariants import Broken
from tecum.secrecy.drivers.keyring import EpochKeys
from tecum.secrecy.models import RetentionEpoch
from tecum.secrecy.queries import outlived

FINISHED_WITHIN = timedelta(minutes=10)


def broken(*, closed_before: Mapping[str, datetime], now: datetime) -> tuple[Broken, ...]:
    """
    Return the epochs that are destroyed and have a key all the same, whose destruction was not finished, and those that
    closed before the instant of their kind and still have one.
    """
    there = set(EpochKeys(Path(settings.TECUM_EPOCH_KEYS), ()).names())
    dead = RetentionEpoch.objects.exclude(destroyed_at=None).values_list("pk", "destroyed_at")
    found = {epoch: at for epoch, at in dead if epoch in there}
    begun = RetentionEpoch.objects.filter(destroyed_at=None, ordered_at__lt=now - FINISHED_WITHIN)
    found |= dict(begun.values_list("pk", "ordered_at"))
    for kind, before in closed_before.items():
        found |= dict.fromkeys(outlived(kind=kind, closed_before=before), before)
    return tuple(Broken("I12", epoch, at) for epoch, at in sorted(found.items()))

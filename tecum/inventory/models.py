"""Who wanted which file loaded, and what became of it. The numbers themselves belong to the engines."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from tecum.inventory.states import LoadState, load_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class InventoryLoad(models.Model):
    """One file that was to change the inventory; the engine's `source` table is the truth for whether it did."""

    CLASSIFIED = classified(
        plain="id kind state file_name sha256 as_of by intended_at ended_at version lines numbers added removed moved rejected",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=load_states, default="INTENDED")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    by = models.CharField(max_length=80)
    intended_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(null=True)
    lines = models.PositiveBigIntegerField()
    numbers = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    removed = models.PositiveBigIntegerField(default=0)
    moved = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="INTENDED", ended_at__isnull=True)
                | (~Q(state="INTENDED") & Q(ended_at__isnull=False)),
                name="inventory_load_ended_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state="APPLIED", version__isnull=False)
                | (~Q(state="APPLIED") & Q(version__isnull=True)),
                name="inventory_load_version_when_applied",
            ),
            models.CheckConstraint(condition=Q(kind__in=["snapshot", "feed"]), name="inventory_load_kind"),
        ]
        indexes = [models.Index(fields=["-intended_at"], name="inventory_load_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    def end(self, state: LoadState, *, at: datetime, version: int | None, **counts: int) -> bool:
        """Close an intended load; tell whether it was still open."""
        rows = InventoryLoad.objects.filter(pk=self.pk, state=LoadState.INTENDED)
        return rows.update(state=state, ended_at=at, version=version, **counts) == 1

"""The manifest: which files count, where each row came from, what was purged, what is held. The rows themselves lie in the parts."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.records.states import DeliveryState, delivery_states


class RecordDelivery(models.Model):
    """One file as a switch wrote it; its number stands in every row that came from it."""

    CLASSIFIED = classified(
        plain="id store format state file_name sha256 guide lines rows known skipped rejected mean_ms first_at last_at by began_at ended_at",
    )

    store = models.CharField(max_length=64)
    format = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=delivery_states, default="LOADING")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, default="")
    guide = models.CharField(max_length=100)
    lines = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    known = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    mean_ms = models.FloatField(null=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "format", "sha256"],
                condition=Q(state="LOADED"),
                name="record_delivery_loaded_once",
            ),
            models.CheckConstraint(
                condition=Q(state="LOADING", ended_at__isnull=True)
                | (~Q(state="LOADING") & Q(ended_at__isnull=False)),
                name="record_delivery_ended_when_over",
            ),
        ]
        indexes = [models.Index(fields=["store", "-began_at"], name="record_delivery_latest")]

    def __str__(self) -> str:
        return f"{self.store} {self.pk}"

    def end(self, state: DeliveryState, *, at: datetime, **facts: object) -> bool:
        """Close a delivery that is being loaded; tell whether it still was."""
        rows = RecordDelivery.objects.filter(pk=self.pk, state=DeliveryState.LOADING)
        return rows.update(state=state, ended_at=at, **facts) == 1


class RecordHold(models.Model):
    """Rows of one number and period that outlive their retention, for one matter (decision C6, preservation)."""

    CLASSIFIED = classified(
        plain="id store placed_at placed_by until lifted_at lifted_by", sealed="matter number start_at end_at"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    matter = models.CharField(max_length=64)
    store = models.CharField(max_length=64)
    number = models.CharField(max_length=20)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start_at__lt=models.F("end_at")), name="record_hold_holds_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
                name="record_hold_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["matter"], name="record_hold_matter"),
            models.Index(fields=["store", "end_at"], condition=Q(lifted_at=None), name="record_hold_open"),
        ]

    def __str__(self) -> str:
        return self.pk


class RecordPurge(models.Model):
    """The proof that a day left a store: what it held, file by file, as one digest."""

    CLASSIFIED = classified(plain="id store day cutoff parts rows bytes kept holds digest at by")

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    store = models.CharField(max_length=64)
    day = models.DateField()
    cutoff = models.DateTimeField()
    parts = models.PositiveIntegerField()
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    kept = models.PositiveBigIntegerField()
    holds = models.JSONField(default=list)  # those that were obeyed
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.store} {self.day}"


class RecordDay(models.Model):
    """One day of a store: when something was heard in it, and whether it was purged."""

    CLASSIFIED = classified(plain="id store day slots purged_at purge")

    store = models.CharField(max_length=64)
    day = models.DateField()
    slots = models.CharField(max_length=72, default="")
    purged_at = models.DateTimeField(null=True)
    purge = models.ForeignKey(RecordPurge, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "day"], name="record_day_once"),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True, purge__isnull=True)
                | Q(purged_at__isnull=False, purge__isnull=False),
                name="record_day_purged_with_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.day}"


class PartQuerySet(models.QuerySet["RecordPart"]):
    """Parts of the manifest."""

    def live(self) -> "PartQuerySet":
        """Return the parts that count."""
        return self.filter(retired_at=None)

    def of(self, store: str, first: date, last: date) -> "PartQuerySet":
        """Return the parts of a store between two days, both included."""
        return self.filter(store=store, day__gte=first, day__lte=last)


class RecordPart(models.Model):
    """One Parquet file. It counts from the transaction that enters it to the one that retires it; then it is removed."""

    CLASSIFIED = classified(
        plain="id store side day bucket sha256 rows bytes first_at last_at delivery hold made_at retired_at removed_at"
    )

    id = models.CharField(primary_key=True, max_length=26, editable=False)
    store = models.CharField(max_length=64)
    side = models.CharField(max_length=7)
    day = models.DateField()
    bucket = models.SmallIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    delivery = models.ForeignKey(RecordDelivery, null=True, on_delete=models.PROTECT)
    hold = models.ForeignKey(RecordHold, null=True, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(retired_at__isnull=False),
                name="record_part_retired_before_removed",
            ),
            models.CheckConstraint(condition=Q(side__in=["calling", "called"]), name="record_part_side"),
        ]
        indexes = [
            models.Index(
                fields=["store", "day", "side", "bucket"],
                condition=Q(retired_at=None),
                name="record_part_live",
            ),
            models.Index(
                fields=["store"],
                condition=Q(retired_at__isnull=False, removed_at=None),
                name="record_part_to_remove",
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class RecordRead(models.Model):
    """A search under way: what it may still be reading is not removed."""

    CLASSIFIED = classified(plain="id store began_at lease_until")

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    store = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.pk

"""What switches show, where that differs from what is desired, and what technicians do by hand."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import new_id
from tecum.surveillance.models.taps import Tap
from tecum.surveillance.states import mismatch_states, work_order_states


class SwitchReading(models.Model):
    """The last full listing of a switch, and since when it does not answer."""

    CLASSIFIED = classified(plain="switch read_at tasks silent_since fault")

    switch = models.CharField(primary_key=True, max_length=60)
    read_at = models.DateTimeField(null=True)
    tasks = models.PositiveIntegerField(default=0)
    silent_since = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.switch


class Mismatch(models.Model):
    """A difference between what is desired and what a switch shows: open, with an age, until it is settled (I1, I4)."""

    CLASSIFIED = classified(
        plain="id switch task tap kind state since seen_at last_seen_at told_at told settled_at settled_by how",
        sealed="shown",
    )

    id = new_id()
    switch = models.CharField(max_length=60)
    task = models.CharField(max_length=40)
    tap = models.ForeignKey(Tap, on_delete=models.PROTECT, null=True, related_name="mismatches")
    kind = models.CharField(max_length=20, help_text="overrun, unknown, missing, altered or silent")
    state = models.CharField(max_length=10, choices=mismatch_states, default="OPEN")
    since = models.DateTimeField(help_text="Its age counts from here: an overrun's from the authorised end")
    seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0, help_text="How often the desk was told")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=30, blank=True)
    shown = models.BinaryField(default=b"", help_text="What the switch showed, where it belongs to a matter")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["switch", "task", "kind"], condition=Q(state="OPEN"), name="mismatch_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", settled_at=None, settled_by="", how="")
                | Q(state="SETTLED", settled_at__isnull=False) & ~Q(settled_by="") & ~Q(how=""),
                name="mismatch_settled_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "since"], name="mismatch_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.switch}"


class SwitchOrder(models.Model):
    """A technician's task on a switch that no driver reaches: one does it and reports, another looks and confirms."""

    CLASSIFIED = classified(
        plain="id tap switch what generation state due_at opened_at accepted_at accepted_by reported_at reported_by"
        " confirmed_at confirmed_by ended_at",
        sealed="reported",
    )

    id = new_id()
    tap = models.ForeignKey(Tap, on_delete=models.PROTECT, related_name="orders")
    switch = models.CharField(max_length=60)
    what = models.CharField(max_length=5, help_text="on, off or check")
    generation = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=work_order_states, default="OPEN")
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.CharField(max_length=120, blank=True)
    reported = models.BinaryField(default=b"", help_text="What the technician saw on the switch")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["tap", "what"],
                condition=Q(state__in=["OPEN", "ACCEPTED", "REPORTED"]),
                name="switch_order_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("reported_by")),
                name="switch_order_two_people",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="switch_order_queue")
        ]

    def __str__(self) -> str:
        return f"{self.what} on {self.switch}"

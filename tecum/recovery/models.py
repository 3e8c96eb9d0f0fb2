"""Recoveries, and what two people let start again in one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.recovery.rules import RecoveryView
from tecum.recovery.states import recovery_states


class Recovery(models.Model):
    """That this installation was put back from a copy; at most one is under way."""

    CLASSIFIED = classified(
        plain="id state copied_at copy origin known_outside in_copy began_at began_by left_at proposed_by left_by"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    state = models.CharField(max_length=10, choices=recovery_states, default="UNDER_WAY")
    copied_at = models.DateTimeField()
    copy = models.CharField(max_length=64, help_text="SHA-256 of the copy's manifest")
    origin = models.CharField(max_length=200, help_text="The log that was opened")
    known_outside = models.BigIntegerField(help_text="How many entries the last checkpoint outside covers")
    in_copy = models.BigIntegerField(help_text="How many entries the copy holds")
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=120)
    left_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=120, blank=True, default="")
    left_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="UNDER_WAY"), name="recovery_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state="UNDER_WAY", left_at=None, left_by="")
                | Q(state="LEFT", left_at__isnull=False) & ~Q(left_by="") & ~Q(left_by=F("proposed_by")),
                name="recovery_left_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"recovery of {self.began_at:%Y-%m-%d %H:%M}"

    def view(self) -> RecoveryView:
        """Return the frozen row."""
        return RecoveryView(
            self.pk, self.copied_at, self.copy, self.origin, self.known_outside, self.in_copy, self.began_at, self.left_at
        )  # fmt: skip


class Resumption(models.Model):
    """That two people let one surveillance be switched on in a recovery."""

    CLASSIFIED = classified(plain="id recovery subject at proposed_by approved_by")

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="resumptions")
    subject = models.CharField(max_length=26)
    at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recovery", "subject"], name="resumed_once"),
            models.CheckConstraint(condition=~Q(proposed_by=F("approved_by")), name="resumed_by_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} resumed"

"""Epochs, matters and the lists of who may know."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class RetentionEpoch(models.Model):
    """Records of one kind opened in one month, destroyed together. Its key is a file, not a column."""

    CLASSIFIED = classified(plain="id kind opened_at closes_at ordered_at ordered_by destroyed_at")

    id = models.CharField(primary_key=True, max_length=60)
    kind = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(help_text="From here on a matter joins a later epoch")
    ordered_at = models.DateTimeField(
        null=True, help_text="When its destruction began: nothing is read after"
    )
    ordered_by = models.CharField(max_length=120, blank=True, default="")
    destroyed_at = models.DateTimeField(null=True, help_text="When its key was gone")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(ordered_at=None, ordered_by="")
                | (Q(ordered_at__isnull=False) & ~Q(ordered_by="")),
                name="epoch_ordered_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(ordered_at__isnull=False),
                name="epoch_destroyed_only_when_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    def order(self, *, by: str, at: datetime) -> bool:
        """Mark the beginning of its end; tell whether that was not marked before."""
        mine = RetentionEpoch.objects.filter(pk=self.pk, ordered_at=None)
        return mine.update(ordered_at=at, ordered_by=by) == 1

    def end(self, *, at: datetime) -> bool:
        """Mark that its key is gone; tell whether that was not marked before."""
        mine = RetentionEpoch.objects.filter(pk=self.pk, ordered_at__isnull=False, destroyed_at=None)
        return mine.update(destroyed_at=at) == 1


class Matter(models.Model):
    """What is sealed under one data key. Its id is opaque and stands wherever something belongs to it."""

    CLASSIFIED = classified(plain="id epoch opened_at opened_by sealed part_of", credential="wrapped")

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    epoch = models.ForeignKey(RetentionEpoch, on_delete=models.PROTECT, related_name="matters")
    wrapped = models.BinaryField(max_length=60)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    sealed = models.BooleanField(default=False, help_text="Only people on its list may know that it exists")
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="parts",
        help_text="Sealed and known with this one",
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(sealed=True), name="matter_sealed"),
        ]

    def __str__(self) -> str:
        return self.id


class LegalHold(models.Model):
    """That a matter, with its parts, outlives its retention: approved by two, ended by one."""

    CLASSIFIED = classified(plain="id matter placed_at placed_by approved_by lifted_at lifted_by")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="holds")
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(lifted_at=None), name="legal_hold_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(placed_by=F("approved_by")), name="legal_hold_by_two_people"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="") | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
                name="legal_hold_lifted_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.matter_id}"


class NeedToKnow(models.Model):
    """That a person may know of a matter, from when to when (assurance control 8)."""

    CLASSIFIED = classified(plain="id matter reader given_at given_by ended_at ended_by")

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="readers")
    reader = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter", "reader"], condition=Q(ended_at=None), name="need_to_know_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="need_to_know_ended_at_and_by_together",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reader"], condition=Q(ended_at=None), name="need_to_know_of_reader"),
        ]

    def __str__(self) -> str:
        return f"{self.reader} of {self.matter_id}"

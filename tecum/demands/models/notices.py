"""What customers are owed: a notice that legal process asks for records about them, where the guide says so."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.demands.models.demands import Demand, _id
from tecum.demands.states import owed_states
from tecum.kernel.classification import classified


class CustomerOwed(models.Model):
    """One customer whose records a demand is granted, and the notice that is owed."""

    CLASSIFIED = classified(
        plain="id demand state why mark due_at made_at produced_at sent_at sent_by way notice spared_at spared_by gate armed"
        " wait_until guide_version",
        sealed="said",
    )

    id = _id()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="owed")
    state = models.CharField(max_length=8, choices=owed_states, default="WAITING")
    why = models.CharField(max_length=20, blank=True, help_text="What it waits for, or why it is not owed")
    mark = models.CharField(max_length=64, help_text="A keyed hash of who is meant")
    said = models.BinaryField(help_text="Who is meant, what is granted of them, and how they were told")
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    produced_at = models.DateTimeField(null=True, help_text="When records about them left")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=120, blank=True)
    way = models.CharField(max_length=10, blank=True)
    notice = models.CharField(max_length=26, blank=True)
    spared_at = models.DateTimeField(null=True)
    spared_by = models.CharField(max_length=120, blank=True)
    gate = models.CharField(max_length=26, blank=True, help_text="What keeps the production back meanwhile")
    armed = models.CharField(
        max_length=50, blank=True, help_text="The deadline at which it is looked at again"
    )
    wait_until = models.DateTimeField(null=True)
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["demand", "mark"], condition=~Q(state="SPARED"), name="customer_owed_one_notice"
            ),
            models.CheckConstraint(
                condition=Q(state="SENT", sent_at__isnull=False) & ~Q(sent_by="") & ~Q(way="")
                | ~Q(state="SENT") & Q(sent_at=None, sent_by="", way=""),
                name="customer_owed_sent_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="SPARED", spared_at__isnull=False) & ~Q(spared_by="") & ~Q(why="")
                | ~Q(state="SPARED") & Q(spared_at=None, spared_by=""),
                name="customer_owed_spared_with_a_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="DUE"), name="customer_owed_due"),
        ]

    def __str__(self) -> str:
        return self.pk

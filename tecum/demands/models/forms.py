"""The tables of form C: numbers seen on an active surveillance, and what reaches each of them (D12, R-183 to R-187)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.demands.models.demands import Demand
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class SurveillanceForm(models.Model):
    """A request for the subscribers of numbers seen on an active surveillance, as it came: typed, by mail, as a PDF."""

    CLASSIFIED = classified(
        plain="id demand form guide_version ours dated order_case order_copy copied_at copied_by entered_at entered_by",
        sealed="said",
    )

    id = _id()
    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="surveillance_form")
    form = models.CharField(max_length=60, help_text="The guide's form")
    guide_version = models.CharField(max_length=60)
    ours = models.BooleanField(
        null=True, help_text="Whether the form says that the target is ours; empty: it does not"
    )
    dated = models.DateField(null=True, help_text="The form's own date")
    order_case = models.CharField(max_length=26, blank=True, help_text="The case of the order that it names")
    order_copy = models.CharField(
        max_length=26, blank=True, help_text="The paper that is the copy of the order (R-185)"
    )
    copied_at = models.DateTimeField(null=True)
    copied_by = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    said = models.BinaryField(help_text="The values of its fields, and lines that are no numbers")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(order_copy="", copied_at=None, copied_by="")
                | ~Q(order_copy="") & Q(copied_at__isnull=False) & ~Q(copied_by=""),
                name="surveillance_form_copy_found_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class Reach(models.Model):
    """That a clause of the order, or an attached subpoena, reaches one number of a form, as a person read it (D12)."""

    CLASSIFIED = classified(
        plain="id form target ground document order_case confirmed_at confirmed_by ended_at ended_by",
        sealed="clause",
    )

    id = _id()
    form = models.ForeignKey(SurveillanceForm, on_delete=models.PROTECT, related_name="reaches")
    target = models.CharField(max_length=26, help_text="The target of the case")
    ground = models.CharField(max_length=10)
    document = models.CharField(max_length=26, blank=True, help_text="The paper in which it stands")
    order_case = models.CharField(
        max_length=26, blank=True, help_text="The case of the order in which it stands"
    )
    clause = models.BinaryField(help_text="The words that reach it")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["form", "target"], condition=Q(ended_at=None), name="reach_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(ground="subpoena", order_case="") & ~Q(document="")
                | Q(ground="order") & (~Q(document="") | ~Q(order_case="")),
                name="reach_stands_in_a_paper",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="reach_ended_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.ground

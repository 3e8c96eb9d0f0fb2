"""Reports as they were made, what an officer certified of them, and the daily count of numbers under consent."""

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.reports.states import report_names, report_states

MADE, STOPPED, WAITING = "MADE", "STOPPED", "WAITING"


class Report(models.Model):
    """One report of one period: asked for, then made from the trail up to a mark and never changed."""

    CLASSIFIED = classified(
        plain="id reference name period since until state asked_at asked_by guide_version origin size root entries"
        " content digest made_at why again_asked_at again_at again_by agrees"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=20, choices=report_names)
    period = models.CharField(max_length=10, help_text="Like 2026, 2026-H1, 2026-Q3 or 2026-09")
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="The first instant that no longer belongs to it")
    state = models.CharField(max_length=10, choices=report_states, default=WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    guide_version = models.CharField(max_length=60, blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="", help_text="The log it was derived from")
    size = models.BigIntegerField(default=0, help_text="How many entries of it there were")
    root = models.CharField(max_length=64, blank=True, default="", help_text="The root over those entries")
    entries = models.BigIntegerField(default=0, help_text="How many of them were read")
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    made_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True, default="")
    again_asked_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True, help_text="When it was last derived again")
    again_by = models.CharField(max_length=120, blank=True, default="")
    agrees = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "period"], condition=Q(state=WAITING), name="report_one_under_way"
            ),
            models.CheckConstraint(
                condition=(Q(state=MADE, made_at__isnull=False, size__gte=1) & ~Q(digest="") & ~Q(root=""))
                | (~Q(state=MADE) & Q(made_at=None, digest="")),
                name="report_made_with_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(again_at=None, agrees=None) | Q(again_at__isnull=False, agrees__isnull=False),
                name="report_again_with_a_verdict",
            ),
        ]
        indexes = [
            models.Index(fields=["-asked_at"], name="report_by_time"),
            models.Index(fields=["name", "period"], name="report_of_period"),
        ]

    def __str__(self) -> str:
        return self.reference


class Certificate(models.Model):
    """What an officer of the carrier stated about one report, bound to the hash of its content."""

    CLASSIFIED = classified(
        plain="report at digest receipt", personal="officer officer_name title statement procedures brokers complaints"
    )  # fmt: skip

    report = models.OneToOneField(Report, models.PROTECT, primary_key=True, related_name="certificate")
    officer = models.CharField(max_length=120)
    officer_name = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    statement = models.TextField()
    procedures = models.TextField(help_text="How the procedures ensure compliance")
    brokers = models.TextField(help_text="Actions taken against data brokers")
    complaints = models.TextField(help_text="Summary of customers' complaints")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    receipt = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(digest=""), name="certificate_names_its_hash")]

    def __str__(self) -> str:
        return f"certificate of {self.report_id}"


class CoverageDay(models.Model):
    """That the inventory was counted on a day of the carrier's zone: once, whoever counts."""

    CLASSIFIED = classified(plain="day at")

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"

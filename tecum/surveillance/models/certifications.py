"""The record of each interception (47 CFR 1.20004), what was signed of it, and reports of compromise (1.20003)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import Surveillance, new_id
from tecum.surveillance.models.switches import Mismatch
from tecum.surveillance.models.taps import Tap
from tecum.surveillance.states import certification_states, compromise_states


class Certification(models.Model):
    """
    The single certification of what one affirmed act started, or of something on a switch that nobody authorised.

    It has a matter of its own, because it is kept by a retention of its own; sealed and known it is with its case.
    """

    CLASSIFIED = classified(
        plain="id reference surveillance mismatch matter begun_at overseer state digest opened_at due_at told_at ended_at",
        sealed="added",
    )

    id = new_id()
    reference = models.CharField(max_length=20, unique=True)
    surveillance = models.ForeignKey(
        Surveillance, on_delete=models.PROTECT, null=True, related_name="certifications"
    )
    mismatch = models.OneToOneField(
        Mismatch, on_delete=models.PROTECT, null=True, related_name="certification", help_text="Not ours"
    )
    matter = models.CharField(max_length=26)
    begun_at = models.DateTimeField(help_text="Of the act that started it; else when it was found")
    overseer = models.CharField(
        max_length=120, blank=True, help_text="The employee who affirmed it, or took it over"
    )
    state = models.CharField(max_length=10, choices=certification_states, default="OPEN")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what is so now")
    added = models.BinaryField(default=b"", help_text="What a person wrote down that our papers lack")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is to be signed by")
    told_at = models.DateTimeField(null=True, help_text="When the desk was last told that it waits")
    ended_at = models.DateTimeField(
        null=True, help_text="When all of it was seen off: retention counts from here"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["surveillance", "begun_at"],
                condition=Q(surveillance__isnull=False),
                name="certification_single",
            ),
            models.CheckConstraint(
                condition=Q(surveillance__isnull=False, mismatch=None)
                | Q(surveillance=None, mismatch__isnull=False),
                name="certification_of_one_thing",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="certification_queue")
        ]

    def __str__(self) -> str:
        return self.reference


class CertifiedRun(models.Model):
    """One run of a tap that a certification records: each run once, each in one certification."""

    CLASSIFIED = classified(plain="id certification tap generation")

    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="runs")
    tap = models.ForeignKey(Tap, on_delete=models.PROTECT, related_name="certified")
    generation = models.PositiveIntegerField(help_text="Of the turn that began it")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tap", "generation"], name="certified_run_once"),
        ]

    def __str__(self) -> str:
        return f"run {self.generation}"


class CertificationSheet(models.Model):
    """What the overseeing employee signed: exactly these facts, under this hash, printed as this file. Never changed."""

    CLASSIFIED = classified(
        plain="id certification ordinal why digest signed_at signed_by factor_at file carrier guide_version",
        sealed="content",
    )

    id = new_id()
    certification = models.ForeignKey(Certification, on_delete=models.PROTECT, related_name="sheets")
    ordinal = models.PositiveIntegerField()
    why = models.CharField(max_length=20, help_text="started, extended, changed or ended")
    content = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content that was signed")
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=120)
    factor_at = models.DateTimeField(help_text="When the second factor was given that it was signed with")
    file = models.CharField(max_length=26, help_text="The PDF, with the papers appended")
    carrier = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="SHA-256 of the certificate of the carrier's signature",
    )
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["certification", "ordinal"], name="certification_sheet_ordinal"),
            models.CheckConstraint(condition=~Q(signed_by=""), name="certification_sheet_signed_by_somebody"),
            models.CheckConstraint(
                condition=Q(factor_at__lte=models.F("signed_at")), name="certification_sheet_after_its_factor"
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.ordinal}"


class CompromiseReport(models.Model):
    """A compromise of a lawful interception, or an unlawful one on our premises: recorded, and told (1.20003)."""

    CLASSIFIED = classified(
        plain="id reference matter kind surveillance mismatch state discovered_at recorded_at recorded_by due_at told_at"
        " told_by told_how",
        sealed="said",
    )

    id = new_id()
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=26)
    kind = models.CharField(max_length=12, help_text="compromise or unlawful")
    surveillance = models.ForeignKey(
        Surveillance, on_delete=models.PROTECT, null=True, related_name="compromises"
    )
    mismatch = models.ForeignKey(Mismatch, on_delete=models.PROTECT, null=True, related_name="compromises")
    state = models.CharField(max_length=10, choices=compromise_states, default="OPEN")
    said = models.BinaryField(help_text="What happened, to whom it was disclosed, which agencies were told")
    discovered_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)
    due_at = models.DateTimeField(help_text="The reasonable time of the guide")
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=120, blank=True)
    told_how = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="OPEN", told_at=None, told_by="", told_how="")
                | Q(state="TOLD", told_at__isnull=False) & ~Q(told_by="") & ~Q(told_how=""),
                name="compromise_told_by_and_how",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="compromise_queue")
        ]

    def __str__(self) -> str:
        return self.reference

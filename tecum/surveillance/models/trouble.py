"""Trouble tickets of agencies that lost their capability (R-148 to R-153), and accounts of targets that are about to end."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import Surveillance, new_id
from tecum.surveillance.models.taps import Tap, TapTarget
from tecum.surveillance.states import trouble_states, warning_states


class TroubleTicket(models.Model):
    """One loss of capability, from the agency's word to the finding that the agency was told."""

    CLASSIFIED = classified(
        plain="id reference surveillance tap state channel evidence reported_at lost_at opened_by cause owner troubleshooting_at"
        " found_at found_by told_at told_by told_how notice closed_at closed_by",
        sealed="said",
    )

    id = new_id()
    reference = models.CharField(max_length=20, unique=True)
    surveillance = models.ForeignKey(Surveillance, on_delete=models.PROTECT, related_name="troubles")
    tap = models.ForeignKey(Tap, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=trouble_states, default="REPORTED")
    channel = models.CharField(max_length=20)
    evidence = models.CharField(max_length=40, blank=True, help_text="The message, where one came")
    reported_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True, help_text="Since when, as the agency says")
    opened_by = models.CharField(max_length=120)
    said = models.BinaryField(help_text="Who reported, their words, the finding, what the agency found")
    cause = models.CharField(max_length=20, blank=True)
    owner = models.CharField(max_length=120, blank=True, help_text="The engineer who looks")
    troubleshooting_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    found_by = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=120, blank=True)
    told_how = models.CharField(max_length=20, blank=True)
    notice = models.CharField(max_length=26, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=["REPORTED", "TROUBLESHOOTING"]) | ~Q(cause="") & ~Q(found_by=""),
                name="trouble_found_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["WITH_AGENCY", "CLOSED"])
                | Q(told_at__isnull=False) & ~Q(told_how=""),
                name="trouble_told_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) & ~Q(closed_by="")
                | ~Q(state="CLOSED") & Q(closed_at=None, closed_by=""),
                name="trouble_closed_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "reported_at"], name="trouble_queue")
        ]

    def __str__(self) -> str:
        return self.reference


class TroubleStep(models.Model):
    """One look of an engineer at one part of the way, up to the demarcation point."""

    CLASSIFIED = classified(plain="id ticket part outcome at by", sealed="said")

    id = new_id()
    ticket = models.ForeignKey(TroubleTicket, on_delete=models.PROTECT, related_name="steps")
    part = models.CharField(max_length=20, help_text="switch, delivery or demarcation")
    outcome = models.CharField(max_length=10, help_text="good, fault or mended")
    said = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.part}: {self.outcome}"


class AccountWarning(models.Model):
    """A target's account that is unpaid, closing or closed: its surveillance may fall silent (R-147, R-149)."""

    CLASSIFIED = classified(
        plain="id target source state since seen_at last_seen_at told_at told asked_at asked_by notice agreed_at agreed_by"
        " settled_at settled_by how",
        cpni="status service_until",
    )

    id = new_id()
    target = models.ForeignKey(TapTarget, on_delete=models.PROTECT, related_name="warnings")
    source = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=warning_states, default="OPEN")
    status = models.CharField(max_length=20, help_text="unpaid, closing or closed")
    service_until = models.DateField(null=True)
    since = models.DateTimeField(help_text="Of the list that first said so")
    seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(
        null=True, help_text="When the agency was asked to pay the charges (R-147)"
    )
    asked_by = models.CharField(max_length=120, blank=True)
    notice = models.CharField(max_length=26, blank=True)
    agreed_at = models.DateTimeField(null=True, help_text="When its agreement to pay was written down")
    agreed_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["target", "source"], condition=Q(state="OPEN"), name="account_warning_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", settled_at=None, settled_by="", how="")
                | Q(state="SETTLED", settled_at__isnull=False) & ~Q(settled_by="") & ~Q(how=""),
                name="account_warning_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} at {self.source}"

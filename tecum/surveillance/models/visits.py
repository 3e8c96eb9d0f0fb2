"""Visits of agencies to switching offices, and the log of who came, who was let in and who was turned away (R-154 to R-157)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import Surveillance, new_id
from tecum.surveillance.models.trouble import TroubleTicket
from tecum.surveillance.states import visit_states


class SiteVisit(models.Model):
    """One visit: asked for by the administrator, its date and time agreed by Security and Fraud."""

    CLASSIFIED = classified(
        plain="id reference matter surveillance ticket switch state live found_at earliest_at latest_at rule asked_at asked_by"
        " starts_at ends_at agreed_at agreed_by told_at ended_at ended_by why",
        sealed="said",
    )

    id = new_id()
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=26)
    surveillance = models.ForeignKey(Surveillance, on_delete=models.PROTECT, related_name="visits")
    ticket = models.ForeignKey(TroubleTicket, on_delete=models.PROTECT, null=True, related_name="visits")
    switch = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=visit_states, default="ASKED")
    live = models.BooleanField(help_text="The failure came during a live wiretap (R-157)")
    found_at = models.DateTimeField(help_text="When the failure was found")
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField(null=True, help_text="Left out where only “reasonably possible” is said")
    rule = models.CharField(max_length=60, help_text="The clock of the guide, or the calendar that decided")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120, help_text="The administrator with whom it was coordinated")
    said = models.BinaryField(help_text="The agency, its contact, why, and who comes")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField(null=True, help_text="When it was last said that it waits for a date")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None, agreed_at=None, agreed_by="")
                | Q(ends_at__gt=F("starts_at"), agreed_at__isnull=False) & ~Q(agreed_by=""),
                name="visit_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["AGREED", "INSIDE", "OVER"]) | Q(starts_at__isnull=False),
                name="visit_coordinated_before_entry",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "starts_at"], name="visit_queue")
        ]

    def __str__(self) -> str:
        return self.reference


class VisitorEntry(models.Model):
    """One line of the visitor log. Whoever was let in had a picture ID *and* an agreed visit: the database keeps that."""

    CLASSIFIED = classified(plain="id visit place switch matter what identification why at by", sealed="said")

    id = new_id()
    visit = models.ForeignKey(SiteVisit, on_delete=models.PROTECT, null=True, related_name="log")
    place = models.PositiveIntegerField(null=True, help_text="Of the visitor in the visit")
    switch = models.CharField(max_length=60)
    matter = models.CharField(max_length=26)
    what = models.CharField(max_length=12, help_text="admitted, left or turned_away")
    identification = models.CharField(max_length=30, blank=True)
    why = models.CharField(max_length=30, blank=True)
    said = models.BinaryField(help_text="Who, and of which agency, as they said")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # R-155 and decision D4: proper identification and prior coordination, both.
            models.CheckConstraint(
                condition=~Q(what="admitted")
                | Q(visit__isnull=False, place__isnull=False) & ~Q(identification=""),
                name="visitor_admitted_with_both",
            ),
            models.CheckConstraint(
                condition=~Q(what="turned_away") | ~Q(why=""), name="visitor_turned_away_with_a_reason"
            ),
            models.UniqueConstraint(
                fields=["visit", "place", "what"],
                condition=Q(what__in=["admitted", "left"]),
                name="visitor_in_and_out_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["switch", "-at"], name="visitor_log")]

    def __str__(self) -> str:
        return f"{self.what} at {self.switch}"

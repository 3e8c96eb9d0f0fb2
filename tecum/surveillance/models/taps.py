"""Targets, what each switch is to do about them, how that changed, and what agencies ask to be ended."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import Authority, Surveillance, new_id
from tecum.surveillance.states import end_request_states, tap_states


class TapTarget(models.Model):
    """One number under surveillance, with what identifies its handset and where it is delivered to."""

    CLASSIFIED = classified(
        plain="id surveillance place home_case home_target first_on_at next_month_at", sealed="said print"
    )

    id = new_id()
    surveillance = models.ForeignKey(Surveillance, on_delete=models.PROTECT, related_name="targets")
    place = models.PositiveIntegerField()
    said = models.BinaryField(help_text="Number, IMEI, IMSI, and the dial-up number of the agency (R-121)")
    print = models.CharField(max_length=64, db_index=True, help_text="Tells equal numbers apart")
    home_case = models.CharField(
        max_length=26, blank=True, help_text="The case that its billable facts are noted in"
    )
    home_target = models.CharField(max_length=26, blank=True, help_text="The target of that case")
    first_on_at = models.DateTimeField(
        null=True, help_text="The first activation command that a switch did not reject (C3)"
    )
    next_month_at = models.DateTimeField(null=True, help_text="When the next month to be noted begins (B12)")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["surveillance", "place"], name="tap_target_place"),
            models.UniqueConstraint(fields=["surveillance", "print"], name="tap_target_once"),
        ]

    def __str__(self) -> str:
        return f"target {self.place}"


class Tap(models.Model):
    """What one switch is to do for one target and service. Desired on needs an authority, an end and three names."""

    CLASSIFIED = classified(
        plain="id task target service switch state generation types authority starts_at cut_at fires_at proposed_by"
        " approved_by alone affirmed_by affirmed_at turned_at turned_by why on_at off_at commanded_at until_at",
    )

    id = new_id()
    task = models.UUIDField(unique=True, help_text="What the switch knows it by (XId of TS 103 221-1)")
    target = models.ForeignKey(TapTarget, on_delete=models.PROTECT, related_name="taps")
    service = models.CharField(max_length=20)
    switch = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=tap_states, default="STARTING")
    generation = models.PositiveIntegerField(default=1)
    types = models.CharField(max_length=60)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="taps")
    starts_at = models.DateTimeField()
    until_at = models.DateTimeField(help_text="The first instant at which it may not be on: the authority's")
    cut_at = models.DateTimeField(help_text="When access is cut (C8): never after the end")
    fires_at = models.DateTimeField(help_text="When the end is commanded, so that it is cut by then")
    proposed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    alone = models.BooleanField(
        default=False, help_text="Its authority is one that one person decided, for a life"
    )
    affirmed_by = models.CharField(max_length=120, help_text="The employee named by 47 CFR 1.20003")
    affirmed_at = models.DateTimeField()
    turned_at = models.DateTimeField()
    turned_by = models.CharField(max_length=120)
    why = models.CharField(max_length=30)
    commanded_at = models.DateTimeField(null=True, help_text="When this generation first left for the switch")
    on_at = models.DateTimeField(null=True, help_text="When the switch first showed this activation")
    off_at = models.DateTimeField(null=True, help_text="When the switch was first seen without it")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["target", "service", "switch"], name="tap_once"),
            models.CheckConstraint(
                condition=Q(cut_at__lte=F("until_at"), fires_at__lte=F("cut_at")), name="tap_cut_by_its_end"
            ),
            models.CheckConstraint(
                condition=~Q(types="")
                & ~Q(proposed_by="")
                & ~Q(approved_by="")
                & ~Q(affirmed_by="")
                & (~Q(approved_by=F("proposed_by")) | Q(alone=True)),
                name="tap_three_names",
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", off_at__isnull=False) | ~Q(state="ENDED"),
                name="tap_ended_was_seen",
            ),
            models.CheckConstraint(
                condition=Q(state="ACTIVE", on_at__isnull=False) | ~Q(state="ACTIVE"),
                name="tap_active_was_seen",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "cut_at"], name="tap_ends"),
            models.Index(fields=["switch", "state"], name="tap_of_switch"),
        ]

    def __str__(self) -> str:
        return f"{self.service} on {self.switch}"


class TapTurn(models.Model):
    """One generation of a tap: what was desired from when on, by whom and why, and when the switch showed it."""

    CLASSIFIED = classified(
        plain="id tap generation on types authority at by why commanded_at confirmed_at how"
    )

    tap = models.ForeignKey(Tap, on_delete=models.PROTECT, related_name="turns")
    generation = models.PositiveIntegerField()
    on = models.BooleanField()
    types = models.CharField(max_length=60)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    why = models.CharField(max_length=30)
    commanded_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=20, blank=True, help_text="read_back, listing or technician")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["tap", "generation"], name="tap_generation_once"),
        ]

    def __str__(self) -> str:
        return f"generation {self.generation}: {'on' if self.on else 'off'}"


class EndRequest(models.Model):
    """
    An agency says that something ends before its time: a surveillance, or permission to locate (R-181, D7).

    By mail or fax alone it ends nothing: somebody calls back (part E).
    """

    CLASSIFIED = classified(
        plain="id case surveillance state why channel evidence asked_at noted_by called settled_at settled_by kept_as",
        sealed="said",
    )

    id = new_id()
    case = models.ForeignKey("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    surveillance = models.ForeignKey(
        Surveillance, on_delete=models.PROTECT, related_name="end_requests", null=True,
        help_text="None: permission to locate",
    )  # fmt: skip
    why = models.CharField(max_length=30, default="agency_asked")
    state = models.CharField(max_length=10, choices=end_request_states, default="WAITING")
    channel = models.CharField(max_length=20)
    evidence = models.CharField(max_length=40, blank=True)
    said = models.BinaryField()
    asked_at = models.DateTimeField()
    noted_by = models.CharField(max_length=120)
    called = models.CharField(
        max_length=40, blank=True, help_text="The entry of the directory, or the call of an emergency"
    )
    kept_as = models.CharField(
        max_length=20, blank=True, help_text="Under which name it was sealed, where it is another"
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="WAITING", settled_at=None, settled_by="")
                | ~Q(state="WAITING") & Q(settled_at__isnull=False) & ~Q(settled_by=""),
                name="end_request_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="OBEYED") | Q(channel="portal") | ~Q(called=""),
                name="end_request_was_called_back",
            ),
        ]

    def __str__(self) -> str:
        return f"asked by {self.channel}"

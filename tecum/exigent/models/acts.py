"""What is decided about a request, what is gathered for it, and single locations."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.exigent.models.requests import ExigentCall, ExigentRequest, new_id
from tecum.exigent.states import decision_states, gathering_states
from tecum.kernel.classification import classified


class ExigentDecision(models.Model):
    """Exactly what will happen, proposed by one person and approved by another; `alone` only for a life."""

    CLASSIFIED = classified(
        plain="id request call act state approval digest revision alone surveillance authority ends_at proposed_at"
        " proposed_by decided_at decided_by",
        sealed="content",
    )

    id = new_id()
    request = models.ForeignKey(ExigentRequest, on_delete=models.PROTECT, related_name="decisions")
    call = models.ForeignKey(ExigentCall, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=30, help_text="disclose, locate, surveil")
    state = models.CharField(max_length=10, choices=decision_states, default="PROPOSED")
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(help_text="Of the request, when it was proposed")
    approval = models.CharField(max_length=20)
    alone = models.BooleanField(default=False)
    surveillance = models.CharField(max_length=26, blank=True)
    authority = models.CharField(max_length=26, blank=True)
    ends_at = models.DateTimeField(null=True, help_text="Of permission to locate: no location after it")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="DONE") | ~Q(decided_by=F("proposed_by")) | Q(alone=True),
                name="exigent_decision_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_at=None, decided_by="")
                | ~Q(state="PROPOSED") & Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="exigent_decision_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["request", "act"], condition=Q(state="PROPOSED"), name="exigent_one_proposal"
            ),
        ]

    def __str__(self) -> str:
        return self.act


class ExigentGathering(models.Model):
    """The search for what a decision discloses; the jobs run it."""

    CLASSIFIED = classified(
        plain="id decision state production asked_at ended_at released_at rows", sealed="why"
    )

    id = new_id()
    decision = models.OneToOneField(ExigentDecision, on_delete=models.PROTECT, related_name="gathering")
    state = models.CharField(max_length=10, choices=gathering_states, default="WAITING")
    production = models.CharField(max_length=26, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True, help_text="When two people let leave what was found")
    rows = models.PositiveIntegerField(default=0)
    why = models.BinaryField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="DONE") | ~Q(production=""), name="exigent_gathering_made_something"
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class ExigentPing(models.Model):
    """One location of a target, asked for under a decision that had not ended (D7): a fact, and what it costs by."""

    CLASSIFIED = classified(plain="id decision ordinal at by told", sealed="said")

    id = new_id()
    decision = models.ForeignKey(ExigentDecision, on_delete=models.PROTECT, related_name="pings")
    ordinal = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    told = models.CharField(max_length=26, blank=True, help_text="The call in which the agency was told")
    said = models.BinaryField(help_text="The number and what came of it")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["decision", "ordinal"], name="exigent_ping_ordinal"),
        ]

    def __str__(self) -> str:
        return f"location {self.ordinal}"

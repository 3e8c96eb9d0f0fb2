"""The table of proposals."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from tecum.approvals.rules import ApprovalView
from tecum.approvals.states import ApprovalState, states
from tecum.kernel.classification import classified


class Approval(models.Model):
    """One act that two people decide. At most one proposal of an act waits for a subject."""

    CLASSIFIED = classified(
        plain="id act subject digest state proposed_at proposed_by decided_at decided_by alone"
    )

    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="SHA-256 of exactly what will happen")
    state = models.CharField(max_length=10, choices=states, default="PROPOSED")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    alone = models.BooleanField(
        default=False, help_text="One person, for a life; another confirms it (decisions, E)"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | ~Q(decided_by=F("proposed_by")) | Q(alone=True),
                name="approval_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_at=None, decided_by="")
                | (~Q(state="PROPOSED") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="approval_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["act", "subject"], condition=Q(state="PROPOSED"), name="approval_one_waits"
            ),
        ]
        indexes = [models.Index(fields=["act", "subject", "state"], name="approval_of_subject")]

    def __str__(self) -> str:
        return f"{self.act} of {self.subject}"

    def turn(self, state: ApprovalState, *, by: str, at: datetime) -> None:
        """Write how it ended, with who and when."""
        self.state, self.decided_by, self.decided_at = state, by, at
        self.save(update_fields=["state", "decided_by", "decided_at", "alone"])

    def view(self) -> ApprovalView:
        """Return the frozen row."""
        return ApprovalView(
            id=str(self.pk),
            act=self.act,
            subject=self.subject,
            digest=self.digest,
            state=self.state,
            proposed_at=self.proposed_at,
            proposed_by=self.proposed_by,
            decided_at=self.decided_at,
            decided_by=self.decided_by,
            alone=self.alone,
        )


class LifeException(models.Model):
    """One person may both propose and approve what concerns one matter, for a life, until another confirms it or its time is over."""

    CLASSIFIED = classified(plain="id matter person since until ended_at")

    matter = models.CharField(max_length=26)
    person = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at=None), name="life_exception_once"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="life_exception_ends"),
        ]

    def __str__(self) -> str:
        return self.matter

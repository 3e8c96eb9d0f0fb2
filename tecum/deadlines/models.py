"""The due-table."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from tecum.deadlines.states import State
from tecum.kernel.classification import classified


def states() -> list[tuple[str, str]]:
    """Return the states as choices; a callable, so that a new state writes no migration."""
    return [(state.value, state.value.lower()) for state in State]


class DeadlineRows(models.QuerySet["Deadline"]):
    """Questions about deadlines."""

    def due(self, *, now: datetime) -> "DeadlineRows":
        """Return what is to be acted on now: armed and due, or claimed by a worker whose lease is over."""
        armed = Q(state=State.ARMED, attempt_at__lte=now)
        abandoned = Q(state=State.CLAIMED, lease_until__lte=now)
        return self.filter(armed | abandoned).order_by("attempt_at", "pk")


class Deadline(models.Model):
    """One thing that is due at one instant."""

    CLASSIFIED = classified(
        plain="id kind subject matter due_at attempt_at state armed_at lease_until fence attempts ended_at fault",
    )

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    matter = models.CharField(
        max_length=26, blank=True, default="", help_text="Whose it is: sealed, it is seen by its list alone"
    )
    due_at = models.DateTimeField()
    attempt_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=states, default="ARMED")
    armed_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True, default="")

    objects = DeadlineRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["ARMED", "CLAIMED", "DEAD"]),
                name="deadline_one_open_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state="CLAIMED", lease_until__isnull=False)
                | (~Q(state="CLAIMED") & Q(lease_until__isnull=True)),
                name="deadline_lease_only_while_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["DONE", "DISARMED"], ended_at__isnull=False)
                | (~Q(state__in=["DONE", "DISARMED"]) & Q(ended_at__isnull=True)),
                name="deadline_ended_when_over",
            ),
        ]
        indexes = [models.Index(fields=["state", "attempt_at"], name="deadline_due")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"

    def turn(self, *, fence: int, **changes: Any) -> bool:
        """Change this row only while it is claimed under the given fence; tell whether it still was."""
        rows = Deadline.objects.filter(pk=self.pk, state=State.CLAIMED, fence=fence)
        return rows.update(**changes) == 1

    @classmethod
    def claim(cls, pk: int, *, fence: int, lease_until: datetime) -> bool:
        """Take a due row that nobody took since it was read (its fence is unchanged)."""
        rows = cls.objects.filter(pk=pk, fence=fence, state__in=[State.ARMED, State.CLAIMED])
        taken = rows.update(
            state=State.CLAIMED, lease_until=lease_until, fence=F("fence") + 1, attempts=F("attempts") + 1
        )
        return taken == 1


CLASSIFIED = {"Deadline": {"subject": "plain", "fault": "plain"}}

"""The watcher's own rows: that it looks, and what it found."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.assurance.rules import FindingView, WatchView
from tecum.assurance.states import FindingState, finding_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class Watch(models.Model):
    """The one watcher: since when it runs, when it last looked, and when it was switched off."""

    CLASSIFIED = classified(plain="name began_at began_by looked_at whole_at took_ms stopped_at stopped_by")

    name = models.CharField(primary_key=True, max_length=20)
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=120)
    looked_at = models.DateTimeField(null=True, help_text="When the last round began that was finished")
    whole_at = models.DateTimeField(null=True, help_text="The last round that read everything again")
    took_ms = models.PositiveIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by="") | Q(stopped_at__isnull=False) & ~Q(stopped_by=""),
                name="watch_stopped_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def view(self) -> WatchView:
        """Return the frozen row."""
        return WatchView(
            self.began_at, self.looked_at, self.whole_at, self.took_ms, self.stopped_at, self.stopped_by
        )


class Finding(models.Model):
    """That an invariant does not hold at a row: open with an age, until the watcher sees that it holds again."""

    CLASSIFIED = classified(
        plain="id invariant about state since found_at seen_at told_at told cleared_at escalation"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    invariant = models.CharField(max_length=10)
    about = models.CharField(max_length=120, help_text="The id of the row; never a number, never a name")
    state = models.CharField(max_length=10, choices=finding_states, default="OPEN")
    since = models.DateTimeField(
        help_text="Its age counts from here: what the row says, else when it was found"
    )
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="The last round that found it")
    told_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0, help_text="How often somebody was told")
    cleared_at = models.DateTimeField(null=True)
    escalation = models.CharField(
        max_length=26, blank=True, default="", help_text="Which escalation pages whoever is on call"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["invariant", "about"], condition=Q(state="OPEN"), name="finding_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", cleared_at=None) | Q(state="CLEARED", cleared_at__isnull=False),
                name="finding_cleared_when_it_was",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "since"], name="finding_by_age")
        ]

    def __str__(self) -> str:
        return f"{self.invariant} at {self.about}"

    def clear(self, *, at: datetime) -> bool:
        """Mark that it holds again, if nobody else did."""
        mine = Finding.objects.filter(pk=self.pk, state=FindingState.OPEN)
        return mine.update(state=FindingState.CLEARED, cleared_at=at) == 1

    def view(self) -> FindingView:
        """Return the frozen row."""
        return FindingView(
            self.pk, self.invariant, self.about, FindingState(self.state), self.since, self.found_at, self.seen_at,
            self.told_at, self.told, self.cleared_at, self.escalation,
        )  # fmt: skip

"""The checks of the trail."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from tecum.assurance.rules import CheckView
from tecum.assurance.states import CHECK_NEXT, CheckState, check_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable

DONE = CheckState.DONE.value


class TrailCheck(models.Model):
    """One recomputation of the whole trail, asked for or nightly; at most one is under way."""

    CLASSIFIED = classified(
        plain="id state nightly asked_at asked_by began_at beat_at finished_at checked entries_then verdict entries"
        " anchored root sealed destroyed findings more"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    state = models.CharField(max_length=10, choices=check_states, default="WAITING")
    nightly = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="The last sign of life of who recomputes")
    finished_at = models.DateTimeField(null=True)
    checked = models.BigIntegerField(default=0, help_text="Entries recomputed so far")
    entries_then = models.BigIntegerField(default=0, help_text="Entries sealed when it began")
    verdict = models.CharField(max_length=20, blank=True, default="")
    entries = models.BigIntegerField(default=0)
    anchored = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True, default="")
    sealed = models.BigIntegerField(default=0)
    destroyed = models.BigIntegerField(default=0)
    findings = models.JSONField(default=list, help_text="The first of them: kind, entries, words")
    more = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Case(models.When(~Q(state=DONE), then=1), output_field=models.IntegerField()),
                name="trail_check_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state=DONE, finished_at__isnull=False)
                | (~Q(state=DONE) & Q(finished_at=None, verdict="")),
                name="trail_check_verdict_when_done",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="trail_check_by_time")]

    def __str__(self) -> str:
        return f"check of {self.asked_at:%Y-%m-%d %H:%M}"

    def turn(self, state: CheckState, *, beat_at: datetime | None, **more: object) -> bool:
        """Change the state if nobody else did since this row was read; tell whether it was so."""
        if state not in CHECK_NEXT[CheckState(self.state)]:
            return False
        mine = TrailCheck.objects.filter(pk=self.pk, state=self.state, beat_at=self.beat_at)
        return mine.update(state=state, beat_at=beat_at, **more) == 1

    def view(self) -> CheckView:
        """Return the frozen row."""
        return CheckView(
            id=self.pk, state=CheckState(self.state), nightly=self.nightly, asked_at=self.asked_at,
            began_at=self.began_at, finished_at=self.finished_at, checked=self.checked, entries_then=self.entries_then,
            verdict=self.verdict, entries=self.entries, anchored=self.anchored, root=self.root, sealed=self.sealed,
            destroyed=self.destroyed, findings=tuple((str(a), str(b), str(c)) for a, b, c in self.findings), more=self.more,
        )  # fmt: skip

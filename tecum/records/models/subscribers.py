"""
Full lists of the billing system, each an instant, and the lines that they told: who had a number from which list to which.

A line is seen from the moment its first list is applied until the list that no longer tells it is applied, so one row's
change of state shows a whole list, and a list that never ends well was never seen.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.records.states import ListState, list_states


class SubscriberList(models.Model):
    """One full list, and what became of it."""

    CLASSIFIED = classified(
        plain="id source state sequence as_of by begun_at ended_at name sha256 etag matter epoch lines added changed ended "
        "same rejected held rejects why",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    source = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=list_states, default="READING")
    sequence = models.PositiveIntegerField(null=True, help_text="Its place among the lists of its source")
    as_of = models.DateTimeField(help_text="The instant of which it speaks")
    by = models.CharField(max_length=120)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    name = models.CharField(
        max_length=255, help_text="Of the file, the view or the address, without any secret"
    )
    sha256 = models.CharField(max_length=64, blank=True, default="")
    etag = models.CharField(max_length=255, blank=True, default="")
    matter = models.CharField(max_length=26)
    epoch = models.CharField(max_length=60)
    lines = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    rejects = models.CharField(max_length=26, blank=True, default="", help_text="The file of bad lines")
    why = models.CharField(max_length=40, blank=True, default="", help_text="Why it was abandoned")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="READING", ended_at=None)
                | (~Q(state="READING") & Q(ended_at__isnull=False)),
                name="subscriber_list_ended_when_over",
            ),
            models.CheckConstraint(
                condition=Q(state="APPLIED", sequence__isnull=False)
                | (~Q(state="APPLIED") & Q(sequence=None)),
                name="subscriber_list_in_sequence_when_applied",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state="READING"), name="subscriber_list_one_at_a_time"
            ),
            models.UniqueConstraint(fields=["source", "sequence"], name="subscriber_list_once_in_sequence"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-as_of"], name="subscriber_list_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of:%Y-%m-%d %H:%M}"

    def end(self, state: ListState, *, at: datetime, **fields: object) -> bool:
        """Close a list that is being read; tell whether it was."""
        mine = SubscriberList.objects.filter(pk=self.pk, state=ListState.READING)
        return mine.update(state=state, ended_at=at, **fields) == 1


class SubscriberLine(models.Model):
    """One number of one account, as the lists from `first` up to, and without, `last` told it."""

    CLASSIFIED = classified(
        plain="id source first last matter digest", cpni="number account status market sealed"
    )

    source = models.CharField(max_length=40)
    number = models.CharField(max_length=10)
    account = models.CharField(max_length=64)
    status = models.CharField(max_length=10)
    market = models.CharField(max_length=40, blank=True, default="")
    first = models.ForeignKey(SubscriberList, on_delete=models.PROTECT, related_name="begun")
    last = models.ForeignKey(SubscriberList, null=True, on_delete=models.PROTECT, related_name="ended_here")
    matter = models.CharField(
        max_length=26, help_text="Whose key opens it: of the month in which it was last told"
    )
    digest = models.CharField(
        max_length=64, help_text="Tells a changed line from an unchanged one, by a key of ours"
    )
    sealed = models.BinaryField(help_text="Name, billing address, services, devices")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "number"], condition=Q(last=None), name="subscriber_line_one_holder"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["number"], name="subscriber_line_number"),
            models.Index(fields=["status"], condition=Q(last=None), name="subscriber_line_status"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"

    @classmethod
    def present(cls, source: str) -> models.QuerySet["SubscriberLine"]:
        """Return the lines of the latest applied list."""
        ends = Q(last=None) | ~Q(last__state=ListState.APPLIED)
        return cls.objects.filter(ends, source=source, first__state=ListState.APPLIED)

    @classmethod
    def seen(cls) -> models.QuerySet["SubscriberLine"]:
        """Return every line that an applied list told."""
        return cls.objects.filter(first__state=ListState.APPLIED).select_related("first", "last")

    @classmethod
    def close(cls, lines: Iterable[int], *, by: SubscriberList) -> int:
        """Let lines end with a list; they are seen until it is applied."""
        return cls.objects.filter(pk__in=list(lines), last=None).update(last=by)

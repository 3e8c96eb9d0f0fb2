"""The tables of support: threads and what happened in them. What was said lies sealed under the thread's matter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours
from tecum.support.states import entry_kinds, thread_channels, thread_states, topics


class SupportThread(models.Model):
    """One request for support, and how it stands."""

    CLASSIFIED = classified(
        plain="id reference matter state channel topic person assigned_to opened_at opened_by heard_at due_at late_at"
        " closed_at closed_by",
        personal="address_print",
        sealed="opening",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=26, unique=True)
    state = models.CharField(max_length=10, choices=thread_states, default="WAITING")
    channel = models.CharField(max_length=10, choices=thread_channels)
    topic = models.CharField(max_length=12, choices=topics, default="QUESTION")
    person = models.ForeignKey(
        "tecum.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose account the proven sender has",
    )
    address_print = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Tells equal addresses apart from others"
    )
    opening = models.BinaryField(help_text="Who asked, from which address or number, and about what")
    assigned_to = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    heard_at = models.DateTimeField(help_text="When the person who asked was last heard")
    due_at = models.DateTimeField(null=True, help_text="When the guide wants it answered, while it waits")
    late_at = models.DateTimeField(null=True, help_text="When the desk was told that it waits too long")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) & ~Q(closed_by="")
                | ~Q(state="CLOSED") & Q(closed_at=None, closed_by=""),
                name="support_closed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(state="WAITING"), name="support_due_only_while_waiting"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "heard_at"], name="support_queue"),
            models.Index(fields=["person", "-heard_at"], name="support_of_person"),
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def locked(cls, thread: str) -> "SupportThread":
        """
        Return a thread's row, locked for a change.

        :raises NotYours: when unknown
        """
        row = cls.objects.select_for_update().filter(pk=thread).first()
        if row is None:
            raise NotYours
        return row


class SupportEntry(models.Model):
    """One thing that happened in a thread."""

    CLASSIFIED = classified(plain="id thread kind at by message notice proven", sealed="text")

    thread = models.ForeignKey(SupportThread, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=entry_kinds)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    text = models.BinaryField(default=b"")
    message = models.CharField(max_length=26, blank=True, help_text="The message received that it was")
    notice = models.CharField(max_length=26, blank=True, help_text="The message sent that it was")
    proven = models.BooleanField(default=False, help_text="The mail systems, or the sign-in, prove who wrote")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["message"], condition=~Q(message=""), name="support_message_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["thread", "at"], name="support_entries_of_thread")
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.thread_id}"

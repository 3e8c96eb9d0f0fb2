"""The outbox and the delivery log."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, F, Q, Value, When

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.notices.states import (
    OVER,
    NoticeState,
    attempt_ends,
    hook_states,
    notice_channels,
    notice_states,
)

OPEN = sorted(set(NoticeState) - OVER)


class NoticeRows(models.QuerySet["Notice"]):
    """Questions about the outbox."""

    def due(self, *, now: datetime) -> "NoticeRows":
        """
        Return what is to be sent now, or was being sent by a sender whose lease is over; no lower bound.

        Other systems come after people: one that is slow holds up a letter by one attempt at most.
        """
        queued = Q(state=NoticeState.QUEUED, attempt_at__lte=now)
        abandoned = Q(state=NoticeState.SENDING, lease_until__lte=now)
        systems = Case(When(channel="webhook", then=Value(1)), default=Value(0))
        return self.filter(queued | abandoned).order_by(systems, "attempt_at", "enqueued_at", "pk")


class Notice(models.Model):
    """One message to one address."""

    CLASSIFIED = classified(
        plain="id message channel guide_version matter mailbox automatic state enqueued_at enqueued_by attempt_at attempts "
        "lease_until fence ended_at why again message_id checkpoint attached",
        personal="sender recipient",
        sealed="subject text html in_reply_to references conversation bare_subject",
        credential="secret",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    message = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=notice_channels, default="mail")
    guide_version = models.CharField(max_length=60)
    matter = models.CharField(max_length=120, blank=True, default="")
    mailbox = models.CharField(max_length=60, blank=True, help_text="The guide's mailbox it comes from")
    sender = models.CharField(max_length=254, blank=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    secret = models.BinaryField(
        default=b"", help_text="Text and HTML of a message with a link, sealed until it is out"
    )
    message_id = models.CharField(max_length=300, unique=True)
    in_reply_to = models.CharField(max_length=510, blank=True)
    references = models.TextField(blank=True)
    automatic = models.BooleanField(default=False, help_text="Answers a message by itself: null return path")
    conversation = models.CharField(max_length=510, blank=True)
    bare_subject = models.CharField(max_length=250, blank=True)
    state = models.CharField(max_length=10, choices=notice_states, default="QUEUED")
    why = models.CharField(max_length=200, blank=True, help_text="Why it was not sent, as staff read it")
    again = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    attached = models.JSONField(
        default=list, help_text="Stored files of its matter that go with it: name, file, SHA-256, size, type"
    )
    checkpoint = models.TextField(blank=True, help_text="The trail's checkpoint that its footer carries")
    enqueued_at = models.DateTimeField()
    enqueued_by = models.CharField(max_length=120)
    attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = NoticeRows.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Control 11: the database itself lets one conversation be answered once.
            models.UniqueConstraint(
                fields=["recipient", "conversation"],
                condition=Q(automatic=True) & ~Q(state="NOT_SENT") & ~Q(conversation=""),
                name="notice_one_reply_per_conversation",
            ),
            models.CheckConstraint(
                condition=Q(state="SENDING", lease_until__isnull=False)
                | (~Q(state="SENDING") & Q(lease_until__isnull=True)),
                name="notice_lease_only_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at__isnull=True)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="notice_ended_when_over",
            ),
            models.CheckConstraint(
                condition=(Q(state="NOT_SENT") & ~Q(why="")) | (~Q(state="NOT_SENT") & Q(why="")),
                name="notice_not_sent_says_why",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "attempt_at"], name="notice_due"),
            models.Index(fields=["recipient", "enqueued_at"], name="notice_by_recipient"),
            models.Index(fields=["matter"], condition=~Q(matter=""), name="notice_by_matter"),
        ]

    def __str__(self) -> str:
        return f"{self.message} {self.id}"

    def turn(self, *, fence: int, **changes: Any) -> bool:
        """Change this row only while it is being sent under the given fence; tell whether it still was."""
        return (
            Notice.objects.filter(pk=self.pk, state=NoticeState.SENDING, fence=fence).update(**changes) == 1
        )

    def claim(self, *, lease_until: datetime, checkpoint: str) -> bool:
        """Take this due row, unless somebody took it since it was read (its fence is unchanged)."""
        taken = Notice.objects.filter(pk=self.pk, fence=self.fence, state__in=OPEN).update(
            state=NoticeState.SENDING,
            lease_until=lease_until,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            checkpoint=checkpoint,
        )
        return taken == 1


class DeliveryAttempt(models.Model):
    """One line of the delivery log: what a mail system said about a notice, and when."""

    CLASSIFIED = classified(plain="id notice at end code", personal="words")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    end = models.CharField(max_length=10, choices=attempt_ends)
    code = models.CharField(max_length=20, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["notice", "at"], name="attempt_of_notice")
        ]

    def __str__(self) -> str:
        return f"{self.end} {self.code}"


class WebHook(models.Model):
    """An address of a person's own system that is told of states; the carrier's own hooks stand in its guide."""

    CLASSIFIED = classified(
        plain="id owner address matter state registered_at confirmed_at ended_at old_until",
        credential="challenge secret old_secret",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    owner = models.CharField(max_length=120)
    address = models.CharField(max_length=500)
    matter = models.CharField(max_length=26, help_text="Its key seals the secrets")
    state = models.CharField(max_length=8, choices=hook_states, default="PENDING")
    challenge = models.CharField(max_length=64, help_text="SHA-256 of what was posted to prove the address")
    secret = models.BinaryField(default=b"")
    old_secret = models.BinaryField(default=b"")
    old_until = models.DateTimeField(null=True, help_text="Until when the old secret signs too")
    registered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False) | ~Q(state="ENDED") & Q(ended_at=None),
                name="webhook_ended_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(confirmed_at__isnull=False),
                name="webhook_active_is_confirmed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner"], condition=~Q(state="ENDED"), name="webhook_of_owner")
        ]

    def __str__(self) -> str:
        return self.pk

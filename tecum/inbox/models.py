"""Messages, how they were handed to us, what was decided about them, and copies for the eyes."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from tecum.inbox.states import FINAL_STATES, MessageClass, State, classes, states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable

FINAL = sorted(FINAL_STATES)


class InboundMessage(models.Model):
    """
    One message received. What it says is sealed with its matter; the fingerprints are keyed and tell equal from
    different, nothing else.
    """

    CLASSIFIED = classified(
        plain="id reference matter raw form size arrived_at door mailbox lane state klass proposed reason belongs_to"
        " meant urgent names_case attachments duplicate_of due_at judged_at judged_by routed_at routed_to guide_version",
        sealed="facts fingerprint twin sender_key",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=26, unique=True)
    raw = models.CharField(
        max_length=26, unique=True, help_text="The stored file with its bytes as they came"
    )
    form = models.CharField(max_length=10, default="mail")
    size = models.BigIntegerField()
    arrived_at = models.DateTimeField(help_text="Stays when the message is moved: no clock is lost")
    door = models.CharField(max_length=10)
    mailbox = models.CharField(
        max_length=60, blank=True, help_text="The guide's mailbox that it came to first"
    )
    lane = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=states, default="RECEIVED")
    klass = models.CharField(max_length=20, choices=classes, blank=True, default="")
    proposed = models.CharField(max_length=20, choices=classes, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    belongs_to = models.CharField(max_length=60, blank=True, default="")
    meant = models.CharField(max_length=20, choices=classes, blank=True, default="")
    urgent = models.BooleanField(default=False)
    names_case = models.CharField(max_length=20, blank=True, default="")
    attachments = models.PositiveSmallIntegerField(default=0)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    due_at = models.DateTimeField(null=True, help_text="When a person should have decided, while it waits")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=120, blank=True, default="")
    routed_at = models.DateTimeField(null=True)
    routed_to = models.CharField(max_length=40, blank=True, default="")
    guide_version = models.CharField(max_length=60, blank=True, default="")
    facts = models.BinaryField(null=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    twin = models.CharField(max_length=64, blank=True, default="")
    sender_key = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(  # invariant I6: exactly one class, or still queued
                condition=(Q(state__in=FINAL) & ~Q(klass="")) | (~Q(state__in=FINAL) & Q(klass="")),
                name="message_one_class_or_queued",
            ),
            models.CheckConstraint(
                condition=Q(state="RECEIVED", judged_at=None)
                | (~Q(state="RECEIVED") & ~Q(reason="") & Q(judged_at__isnull=False)),
                name="message_judged_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(klass=MessageClass.MISDIRECTED) | ~Q(belongs_to=""),
                name="message_misdirected_says_where",
            ),
            models.CheckConstraint(
                condition=Q(klass=MessageClass.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(klass=MessageClass.DUPLICATE) & Q(duplicate_of=None)),
                name="message_duplicate_of_another",
            ),
            models.CheckConstraint(
                condition=Q(state="ROUTED", routed_at__isnull=False)
                | (~Q(state="ROUTED") & Q(routed_at=None)),
                name="message_routed_at",
            ),
            models.UniqueConstraint(  # two readers at once cannot both take a copy for the first
                fields=["twin", "belongs_to"],
                condition=Q(duplicate_of=None) & ~Q(twin=""),
                name="message_one_original",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="message_queue"),
            models.Index(fields=["klass", "-arrived_at"], name="message_by_class"),
            models.Index(fields=["-arrived_at"], name="message_arrived"),
            models.Index(fields=["sender_key", "arrived_at"], name="message_of_sender"),
        ]

    def __str__(self) -> str:
        return self.reference

    def turn(self, *, was: State, **changes: Any) -> bool:
        """Change this row only while it is in a state; tell whether it still was."""
        return InboundMessage.objects.filter(pk=self.pk, state=was).update(**changes) == 1

    @classmethod
    def sent_lately(cls, sender_key: str, *, since: datetime, most: int) -> int:
        """Return how many messages came from one envelope sender since an instant, counting to `most` and no further."""
        return cls.objects.filter(sender_key=sender_key, arrived_at__gt=since)[:most].count()


class Delivery(models.Model):
    """That a message was handed to us, for one mailbox; the envelope is sealed with the message."""

    CLASSIFIED = classified(plain="id message mailbox door at", sealed="envelope")

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="deliveries")
    mailbox = models.CharField(max_length=60, blank=True)
    door = models.CharField(max_length=10)
    at = models.DateTimeField()
    envelope = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.message_id} at {self.mailbox}"


class Judgement(models.Model):
    """One decision about a message's class, by rule or by a person; a person's words are sealed with the message."""

    CLASSIFIED = classified(plain="id message klass reason belongs_to by at", sealed="words")

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="judgements")
    klass = models.CharField(
        max_length=20, choices=classes, blank=True, help_text="Empty: it waits for a person"
    )
    reason = models.CharField(max_length=40)
    belongs_to = models.CharField(max_length=60, blank=True)
    words = models.BinaryField(null=True)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(reason="person") | Q(words__isnull=False), name="judgement_of_a_person_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.klass or 'waits'}: {self.reason}"


class ViewCopy(models.Model):
    """A harmless copy of one part, for the eyes."""

    CLASSIFIED = classified(plain="id message part file media_type")

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="view_copies")
    part = models.CharField(max_length=10)
    file = models.CharField(max_length=26, unique=True)
    media_type = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["message", "part"], name="view_copy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} part {self.part}"


class PollMark(models.Model):
    """How far a mailbox on another server was read."""

    CLASSIFIED = classified(plain="id validity uid seen_at", personal="account")

    account = models.CharField(max_length=200, unique=True)
    validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"up to {self.uid}"

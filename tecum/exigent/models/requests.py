"""A request, the calls that verified it, where their numbers were found, what must follow it, and the marks of a forged one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.exigent.states import call_states, follow_up_states, request_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


def new_id() -> "models.CharField[str, str]":
    """Return the column of an unguessable id."""
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class ExigentRequest(models.Model):
    """One emergency request; its legal process and its case stand beside it."""

    CLASSIFIED = classified(
        plain="id case received matter state path requester grounds channel received_at entered_by written_at"
        " written_by paper revision agency_type decided_at refusal ended_at alone_by alone_until confirmed_at"
        " confirmed_by passed_to passed_at passed_by forged_at forged_by guide_version",
        sealed="said sent_from passed_said forged_why",
    )

    id = new_id()
    case = models.OneToOneField("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    received = models.OneToOneField("tecum.Received", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=26)
    state = models.CharField(max_length=12, choices=request_states, default="RECEIVED")
    path = models.CharField(max_length=60, help_text="The pathway, by its id in the guide (D7)")
    requester = models.CharField(max_length=20, blank=True, help_text="lea, psap")
    grounds = models.CharField(max_length=200, blank=True, help_text="Ids of the guide's grounds")
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    written_at = models.DateTimeField(
        null=True, help_text="When what the guide wants in writing was in (R-096)"
    )
    written_by = models.CharField(
        max_length=120, blank=True, help_text="Who found it to be that; empty: the door"
    )
    paper = models.CharField(
        max_length=40, blank=True, help_text="The written request, by the id of its document"
    )
    revision = models.PositiveIntegerField(
        default=0, help_text="Grows with every change that a decision is about"
    )
    said = models.BinaryField()
    sent_from = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Tells equal mail domains apart"
    )
    agency_type = models.CharField(max_length=20, blank=True, help_text="For figures, as it was when decided")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=30, blank=True)
    ended_at = models.DateTimeField(null=True)
    alone_by = models.CharField(
        max_length=120, blank=True, help_text="Who decided alone, for a life (decisions, E)"
    )
    alone_until = models.DateTimeField(null=True, help_text="Until when another person is to confirm that")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    passed_to = models.CharField(
        max_length=60, blank=True, help_text="The partner it is handled through (R-163)"
    )
    passed_at = models.DateTimeField(null=True)
    passed_by = models.CharField(max_length=120, blank=True)
    passed_said = models.BinaryField(
        blank=True, help_text="The partner's person who took it over, and the number called"
    )
    forged_at = models.DateTimeField(null=True)
    forged_by = models.CharField(max_length=120, blank=True)
    forged_why = models.BinaryField(blank=True)
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="APPROVED") | Q(decided_at__isnull=False), name="exigent_approved_at"
            ),
            models.CheckConstraint(
                condition=Q(alone_by="", alone_until=None) | ~Q(alone_by="") & Q(alone_until__isnull=False),
                name="exigent_alone_until_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by="") & ~Q(confirmed_by=models.F("alone_by")),
                name="exigent_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(forged_at=None, forged_by="") | Q(forged_at__isnull=False) & ~Q(forged_by=""),
                name="exigent_forged_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "received_at"], name="exigent_waiting"),
            models.Index(fields=["received_at"], name="exigent_by_time"),
        ]

    def __str__(self) -> str:
        return self.pk


class ExigentSource(models.Model):
    """A second, independent public source of a number, found by staff and never taken from the message (decisions, E)."""

    CLASSIFIED = classified(plain="id request found_at found_by", sealed="said print")

    id = new_id()
    request = models.ForeignKey(ExigentRequest, on_delete=models.PROTECT, related_name="sources")
    said = models.BinaryField(help_text="The number and where it was found")
    print = models.CharField(max_length=64)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "print", "found_by"], name="exigent_source_once"),
        ]

    def __str__(self) -> str:
        return self.pk


class ExigentCall(models.Model):
    """One call back (control 5): to an entry of the directory, or to a number with sources of its own."""

    CLASSIFIED = classified(
        plain="id request ordinal state agency entry fresh noted called_at called_by recorded_at void_at",
        sealed="said",
    )

    id = new_id()
    request = models.ForeignKey(ExigentRequest, on_delete=models.PROTECT, related_name="calls")
    ordinal = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=call_states)
    agency = models.CharField(max_length=26, help_text="Whose number was called")
    entry = models.CharField(max_length=26, blank=True, help_text="The number's entry in the directory")
    fresh = models.BooleanField(default=False, help_text="The entry was changed within 72 hours")
    noted = models.CharField(max_length=300, blank=True, help_text="Ids of the sources it rests on besides")
    said = models.BinaryField(
        help_text="Who answered, the challenge, the badge, the supervisor, the ground, the number"
    )
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    void_at = models.DateTimeField(null=True, help_text="What it verified changed since")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "ordinal"], name="exigent_call_ordinal"),
            models.CheckConstraint(
                condition=~Q(state="VERIFIED") | ~Q(agency=""), name="exigent_call_to_an_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.ordinal}"


class ExigentFollowUp(models.Model):
    """Something that must follow, with its end and its reminders: the order, the application, a confirmation."""

    CLASSIFIED = classified(
        plain="id request what rule state started_at due_at settled_at settled_by evidence reminded",
        sealed="said",
    )

    id = new_id()
    request = models.ForeignKey(ExigentRequest, on_delete=models.PROTECT, related_name="follow_ups")
    what = models.CharField(max_length=30, help_text="order, application, paper, confirmation, written")
    rule = models.CharField(max_length=60, blank=True, help_text="The guide's clock")
    said = models.BinaryField(help_text="In the guide's words, and how it was settled")
    state = models.CharField(max_length=10, choices=follow_up_states, default="WAITING")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="None where the guide gives no time")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=40, blank=True)
    reminded = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "what"], name="exigent_follow_up_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "MISSING"], settled_at=None, settled_by="")
                | ~Q(state__in=["WAITING", "MISSING"]) & Q(settled_at__isnull=False) & ~Q(settled_by=""),
                name="exigent_follow_up_settled_by",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_at"], name="exigent_follows"),
        ]

    def __str__(self) -> str:
        return self.what


class ExigentMark(models.Model):
    """What a forged request is known by: a keyed print of its sender, its domain, its number, its words."""

    CLASSIFIED = classified(plain="id request kind at", sealed="print")

    request = models.ForeignKey(ExigentRequest, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, help_text="sender, domain, number, target, words")
    print = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "kind", "print"], name="exigent_mark_once"),
        ]

    def __str__(self) -> str:
        return self.kind

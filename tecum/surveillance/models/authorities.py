"""A surveillance, the authorities it rests on, how their ends moved, and the acts of two people."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.surveillance.states import act_states, authority_states


def new_id() -> "models.CharField[str, str]":
    """Return the column of an unguessable id."""
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class Surveillance(models.Model):
    """Everything that is done to the targets of one case; `revision` grows with every change, so that approvals of what was before fit no more."""

    CLASSIFIED = classified(plain="id reference case matter revision opened_at opened_by")

    id = new_id()
    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(
        "tecum.LegalCase", on_delete=models.PROTECT, related_name="+", help_text="Of the authority in force"
    )
    matter = models.CharField(max_length=26)
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["case"], name="surveillance_of_case")]

    def __str__(self) -> str:
        return self.reference


class Authority(models.Model):
    """What a surveillance rests on. It owns the end; at most one is in force at a time."""

    CLASSIFIED = classified(
        plain="id surveillance case matter kind state starts_at ends_at held_until held_by held_evidence evidence"
        " digest guide_version proposed_by approved_by approved_at ended_at ended_by ended_why replaces alone",
        sealed="content",
    )

    id = new_id()
    surveillance = models.ForeignKey(Surveillance, on_delete=models.PROTECT, related_name="authorities")
    case = models.ForeignKey("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=26)
    kind = models.CharField(max_length=10, help_text="order or emergency")
    state = models.CharField(max_length=10, choices=authority_states, default="IN_FORCE")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The first instant it no longer covers")
    held_until = models.DateTimeField(null=True, help_text="Papers came in time and are being read (C3)")
    held_by = models.CharField(max_length=120, blank=True)
    held_evidence = models.CharField(max_length=40, blank=True)
    evidence = models.CharField(max_length=40, help_text="The paper, by the id of its document")
    content = models.BinaryField(help_text="The lines ordered, and what the text allows")
    digest = models.CharField(max_length=64)
    guide_version = models.CharField(max_length=60)
    proposed_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField()
    alone = models.BooleanField(
        default=False, help_text="An emergency that one person decided, for a life (decisions, E)"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_why = models.CharField(max_length=30, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["surveillance"], condition=Q(state="IN_FORCE"), name="authority_one_in_force"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="authority_forward"),
            models.CheckConstraint(
                condition=(~Q(approved_by=F("proposed_by")) | Q(alone=True, kind="emergency"))
                & ~Q(approved_by="")
                & ~Q(proposed_by=""),
                name="authority_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="IN_FORCE", ended_at=None, ended_by="", ended_why="")
                | ~Q(state="IN_FORCE") & Q(ended_at__isnull=False) & ~Q(ended_by="") & ~Q(ended_why=""),
                name="authority_ended_at_by_and_why_together",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None, held_by="")
                | Q(held_until__isnull=False) & ~Q(held_by="") & ~Q(held_evidence=""),
                name="authority_held_by_somebody_on_a_paper",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "ends_at"], name="authority_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.ends_at:%Y-%m-%d %H:%M}"


class AuthorityTurn(models.Model):
    """How the end of an authority came to be what it is: ordered, extended, held, released, ended, replaced."""

    CLASSIFIED = classified(plain="id authority why ends_at evidence at by second")

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="turns")
    why = models.CharField(max_length=30)
    ends_at = models.DateTimeField()
    evidence = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    second = models.CharField(max_length=120, blank=True, help_text="Who approved, where two people act")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["authority", "at"], name="authority_turns")
        ]

    def __str__(self) -> str:
        return self.why


class EndNotice(models.Model):
    """A notice ahead of an end: to the agency in writing, or to the desk; empty `notice`: it goes by hand."""

    CLASSIFIED = classified(plain="id authority before to ends_at at notice")

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="notices")
    before = models.CharField(max_length=40)
    to = models.CharField(max_length=10)
    ends_at = models.DateTimeField()
    at = models.DateTimeField()
    notice = models.CharField(max_length=26, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["authority", "ends_at", "before", "to"], name="end_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.before} ahead to {self.to}"


class SurveillanceAct(models.Model):
    """What one person proposed and another approves: its exact content, whose hash the approval is bound to."""

    CLASSIFIED = classified(
        plain="id surveillance act state approval digest revision proposed_at proposed_by decided_at decided_by",
        sealed="content",
    )

    id = new_id()
    surveillance = models.ForeignKey(Surveillance, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=act_states, default="PROPOSED")
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(help_text="Of the surveillance, when it was proposed")
    approval = models.CharField(max_length=20)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state="DONE") | ~Q(decided_by=F("proposed_by")),
                name="surveillance_act_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_at=None, decided_by="")
                | ~Q(state="PROPOSED") & Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="surveillance_act_decided_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["surveillance", "state"], name="surveillance_acts")
        ]

    def __str__(self) -> str:
        return self.act

"""The tables of legal demands, their scopes, holds and preservations. What an analyst wrote is sealed under the matter."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.demands.states import demand_states, preservation_states, search_states, work_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class Demand(models.Model):
    """The work on one legal demand: what it is in, who undid what, the silence it asks for."""

    CLASSIFIED = classified(
        plain="id case received matter state was began_at began_by ended_at ended_by withdrawn_how undo_until"
        " settled_at gag gag_from gag_until gag_rule testimony lapses_at",
        sealed="decided",
    )

    id = _id()
    case = models.OneToOneField("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    received = models.ForeignKey(
        "tecum.Received", on_delete=models.PROTECT, related_name="+", help_text="The process it stands on now"
    )
    matter = models.CharField(max_length=26)
    state = models.CharField(max_length=12, choices=demand_states, default="RECEIVED")
    was = models.CharField(
        max_length=12, blank=True, help_text="What a withdrawn demand goes back to when undone"
    )
    began_at = models.DateTimeField(null=True)
    began_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    withdrawn_how = models.CharField(max_length=20, blank=True)
    undo_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="When a withdrawal could no longer be undone")
    lapses_at = models.DateTimeField(null=True, help_text="When the holds of a defective demand lapse")
    gag = models.CharField(max_length=12, default="none")
    gag_from = models.DateField(null=True)
    gag_until = models.DateField(null=True, help_text="The first day on which it no longer holds")
    gag_rule = models.CharField(max_length=80, blank=True)
    testimony = models.BooleanField(
        default=False, help_text="Asks for a person to testify, and for no records"
    )
    decided = models.BinaryField(default=b"", help_text="The analyst's choices by target, with their reasons")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="WITHDRAWN", undo_until__isnull=False) & ~Q(was="")
                | ~Q(state="WITHDRAWN") & Q(undo_until=None, was=""),
                name="demand_withdrawn_knows_how_it_is_undone",
            ),
            models.CheckConstraint(
                condition=Q(gag_until=None) | Q(gag_until__gte=F("gag_from")), name="demand_gag_forward"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "case"], name="demand_queue"),
            models.Index(fields=["matter", "state"], name="demand_of_matter"),
            models.Index(fields=["gag_until"], condition=Q(gag_until__isnull=False), name="demand_gag_diary"),
        ]

    def __str__(self) -> str:
        return self.pk


class DemandScope(models.Model):
    """One version of what is granted: the lines as they were proposed, and who approved them (controls 6 and 7)."""

    CLASSIFIED = classified(
        plain="id demand ordinal digest guide_version approval proposed_at proposed_by approved_at approved_by ended_at",
        sealed="lines scope",
    )

    id = _id()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="scopes")
    ordinal = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    guide_version = models.CharField(max_length=60)
    approval = models.CharField(max_length=20)
    lines = models.BinaryField()
    scope = models.BinaryField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="When another one, or a withdrawal, took its place")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["demand", "ordinal"], name="demand_scope_ordinal"),
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(approved_at__isnull=False, ended_at=None),
                name="demand_scope_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by="")
                | Q(approved_at__isnull=False) & ~Q(approved_by="") & ~Q(approved_by=F("proposed_by")),
                name="demand_scope_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"scope {self.ordinal}"


class DemandHold(models.Model):
    """Records that are held for a demand or a preservation, by the id that the record store gave the hold."""

    CLASSIFIED = classified(
        plain="id demand hold starts_at ends_at made_at made_by lifted_at", sealed="number"
    )

    id = _id()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="holds")
    hold = models.CharField(max_length=26, unique=True)
    number = models.BinaryField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["demand"], condition=Q(lifted_at=None), name="demand_hold_standing"),
        ]

    def __str__(self) -> str:
        return self.hold


class Preservation(models.Model):
    """Records kept for an agency that asked for it, until legal process follows (18 USC 2703(f))."""

    CLASSIFIED = classified(
        plain="id demand state rule asked_at ends_at renewals followed_by turned_at turned_by guide_version warned_at"
    )

    id = _id()
    demand = models.OneToOneField(Demand, on_delete=models.PROTECT, related_name="preservation")
    state = models.CharField(max_length=10, choices=preservation_states, default="ACTIVE")
    rule = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    renewals = models.PositiveIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)
    followed_by = models.ForeignKey(Demand, on_delete=models.PROTECT, null=True, related_name="follows")
    turned_at = models.DateTimeField(null=True)
    turned_by = models.CharField(max_length=120, blank=True)
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("asked_at")), name="preservation_forward"),
            models.CheckConstraint(
                condition=Q(state="FOLLOWED", followed_by__isnull=False)
                | ~Q(state="FOLLOWED") & Q(followed_by=None),
                name="preservation_followed_by_a_demand",
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class DemandSearch(models.Model):
    """One run over everything that a scope grants, asked for by a person, from the wish to the production it became."""

    CLASSIFIED = classified(
        plain="id demand state digest asked_at asked_by began_at ended_at ended_by parts parts_done rows production",
        sealed="why",
    )

    id = _id()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="searches")
    state = models.CharField(max_length=10, choices=search_states, default="WAITING")
    digest = models.CharField(max_length=64, help_text="The scope that it searches under")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    parts = models.PositiveIntegerField(
        default=0, help_text="How many products of numbers there are to answer"
    )
    parts_done = models.PositiveIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    production = models.CharField(max_length=26, blank=True)
    why = models.BinaryField(default=b"", help_text="Why it stopped")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["demand"],
                condition=Q(state__in=["WAITING", "RUNNING"]),
                name="demand_search_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="DONE") & ~Q(production="") | ~Q(state="DONE") & Q(production=""),
                name="demand_search_done_has_a_production",
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class WorkOrder(models.Model):
    """What another system has to be asked by hand: the system and what to do, never for whom; its result is a document."""

    CLASSIFIED = classified(
        plain="id demand state product system starts_at ends_at opened_at opened_by ended_at ended_by file name",
        sealed="number note",
    )

    id = _id()
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="work_orders")
    state = models.CharField(max_length=8, choices=work_states, default="OPEN")
    product = models.CharField(max_length=60)
    system = models.CharField(max_length=120, help_text="The system of the guide that holds it")
    number = models.BinaryField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    file = models.CharField(max_length=26, blank=True, help_text="The document that a person attached")
    name = models.CharField(max_length=120, blank=True)
    note = models.BinaryField(default=b"", help_text="What the person who ended it says")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="DONE") & ~Q(file="") | ~Q(state="DONE") & Q(file=""),
                name="work_order_done_has_a_file",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["demand"], condition=Q(state="OPEN"), name="work_order_open"),
        ]

    def __str__(self) -> str:
        return self.pk


class SavedView(models.Model):
    """A way to look at the queue that a person keeps: the filters as they stand in the address."""

    CLASSIFIED = classified(plain="id person name query at shared")

    id = _id()
    person = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=400)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DemandSubmission(models.Model):
    """A demand that an officer handed in on the page or by program: the sender's own key makes it one, however often it is sent."""

    CLASSIFIED = classified(plain="id person key mark door received case at papers_at")

    id = _id()
    person = models.CharField(max_length=120)
    key = models.CharField(max_length=80)
    mark = models.CharField(max_length=64, help_text="A keyed hash of what was handed in")
    door = models.CharField(max_length=8)
    received = models.ForeignKey("tecum.Received", on_delete=models.PROTECT, related_name="+", null=True)
    case = models.ForeignKey("tecum.LegalCase", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    papers_at = models.DateTimeField(null=True, help_text="When its papers lay in the case")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "key"], name="submission_once_by_its_key"),
            models.CheckConstraint(
                condition=Q(received=None, case=None) | Q(received__isnull=False, case__isnull=False),
                name="submission_received_with_its_case",
            ),
        ]

    def __str__(self) -> str:
        return self.pk


class DemandDraft(models.Model):
    """What an officer typed and has not handed in: sealed under a matter of its own, gone after the guide's time."""

    CLASSIFIED = classified(plain="id person agency kind matter begun_at saved_at until", sealed="said")

    id = _id()
    person = models.CharField(max_length=120)
    agency = models.CharField(max_length=26)
    kind = models.CharField(max_length=12, default="demand", help_text="demand, or surveillance (form D)")
    matter = models.CharField(max_length=26)
    said = models.BinaryField()
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "saved_at"], name="draft_of_person")
        ]

    def __str__(self) -> str:
        return self.pk


class DraftPaper(models.Model):
    """A file of a draft, by the id that the store of documents gave it."""

    CLASSIFIED = classified(plain="id draft file size at", sealed="name")

    id = _id()
    draft = models.ForeignKey(DemandDraft, on_delete=models.CASCADE, related_name="papers")
    file = models.CharField(max_length=26, unique=True)
    name = models.BinaryField()
    size = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file

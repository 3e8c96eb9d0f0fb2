"""The tables of the on-call ladder: shifts, ways to reach people, escalations and their records."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.kernel.periods import Period
from tecum.oncall.rules.duty import ShiftView
from tecum.oncall.rules.ladder import Plan
from tecum.oncall.rules.views import EntryView, EscalationView
from tecum.oncall.states import (
    EntryKind,
    EscalationState,
    ShiftKind,
    entry_kinds,
    escalation_states,
    shift_kinds,
)


class RosterShift(models.Model):
    """One person on call from one instant to another; removed ones stay, because the past is looked at."""

    CLASSIFIED = classified(
        plain="id person begins_at ends_at kind place entered_at entered_by removed_at removed_by"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    person = models.CharField(max_length=120)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=shift_kinds, default="ordinary")
    place = models.PositiveSmallIntegerField(default=1, help_text="Who is paged first has place 1")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(begins_at__lt=F("ends_at")), name="shift_has_a_length"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by="")
                | (Q(removed_at__isnull=False) & ~Q(removed_by="")),
                name="shift_removed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="shift_place_from_one"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at"], condition=Q(removed_at=None), name="shift_by_end")
        ]

    def __str__(self) -> str:
        return self.pk

    def view(self, name: str = "") -> ShiftView:
        """Return the frozen row."""
        kind, period = ShiftKind(self.kind), Period(self.begins_at, self.ends_at)
        return ShiftView(self.pk, self.person, period, kind, self.place, name)


class ReachedBy(models.Model):
    """One way to reach a person on call, as a notice knows it: a mail address, or `pager:CHANNEL:ADDRESS`."""

    CLASSIFIED = classified(plain="id person place entered_at entered_by ended_at", personal="way")

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    person = models.CharField(max_length=120)
    way = models.CharField(max_length=254)
    place = models.PositiveSmallIntegerField(default=1)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "way"], condition=Q(ended_at=None), name="way_of_a_person_once"
            )
        ]

    def __str__(self) -> str:
        return self.pk


class RosterWarning(models.Model):
    """That whoever keeps the roster was told of gaps, or of a drill that is due."""

    CLASSIFIED = classified(plain="id told_at gaps drill_late")

    told_at = models.DateTimeField(unique=True)
    gaps = models.PositiveIntegerField()
    drill_late = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.gaps} gaps"


class Escalation(models.Model):
    """One climb of a ladder."""

    CLASSIFIED = classified(
        plain="id reference about matter cause plan guide_version state drill signal received_at begun_at begun_by position"
        " fired_at next_at owner taken_at called_back_at called_back_by ended_at",
        sealed="caller called",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    about = models.CharField(max_length=120, help_text="What it is about, for whoever began it")
    matter = models.CharField(max_length=120)
    cause = models.CharField(max_length=40)
    plan = models.TextField(help_text="The steps as they were when it began")
    guide_version = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=escalation_states, default="CLIMBING")
    drill = models.BooleanField(default=False)
    signal = models.BooleanField(
        default=False, help_text="The house raised it itself: nobody waits on the telephone"
    )
    received_at = models.DateTimeField(help_text="From here the steps are counted")
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0, help_text="How many steps fired, repeats included")
    fired_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=120, blank=True, default="")
    taken_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    called_back_by = models.CharField(max_length=120, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    caller = models.BinaryField(default=b"", help_text="Who called, sealed with the matter's key")
    called = models.BinaryField(default=b"", help_text="Who was called back, at which number, sealed")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(ended_at=None), name="escalation_one_open_about_a_thing"
            ),
            # Only a call-back ends one that somebody waits behind: the database itself keeps that.
            models.CheckConstraint(
                condition=~Q(state="ENDED")
                | (Q(called_back_at__isnull=False) & ~Q(called_back_by=""))
                | Q(drill=True)
                | Q(signal=True),
                name="escalation_ends_by_a_call_back",
            ),
            models.CheckConstraint(
                condition=Q(state="ENDED", ended_at__isnull=False, next_at=None)
                | (~Q(state="ENDED") & Q(ended_at=None, next_at__isnull=False)),
                name="escalation_open_has_a_next_step",
            ),
            models.CheckConstraint(
                condition=Q(owner="", taken_at=None) | (~Q(owner="") & Q(taken_at__isnull=False)),
                name="escalation_taken_by_somebody",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], condition=Q(ended_at=None), name="escalation_open"),
            models.Index(fields=["about", "-begun_at"], name="escalation_by_about"),
            models.Index(fields=["-begun_at"], name="escalation_latest"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def steps(self) -> Plan:
        """Return the ladder as it was when this began."""
        return Plan.parse(self.plan)

    def turn(self, **changes: Any) -> None:
        """Write columns of this row, which the caller holds locked."""
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))

    def say(self, kind: EntryKind, *, at: datetime, by: str, **more: Any) -> "EscalationEntry":
        """Write a line into the record."""
        return EscalationEntry.objects.create(escalation=self, kind=kind, at=at, by=by, **more)

    def view(self, *, whole: bool = True, entries: bool = True) -> EscalationView:
        """Return the frozen row; without `whole`, without what it is about."""
        rungs = self.steps.rungs
        return EscalationView(
            id=self.pk, reference=self.reference, about=self.about if whole else "", matter=self.matter if whole else "",
            cause=self.cause, ladder=self.steps.ladder, state=EscalationState(self.state), drill=self.drill, signal=self.signal,
            received_at=self.received_at, begun_at=self.begun_at, begun_by=self.begun_by, steps=len(rungs),
            fired=self.position, next_at=self.next_at, owner=self.owner, taken_at=self.taken_at,
            called_back_at=self.called_back_at, called_back_by=self.called_back_by, ended_at=self.ended_at,
            has_caller=bool(self.caller),
            entries=tuple(each.view() for each in self.entries.order_by("at", "pk")) if entries else (),
        )  # fmt: skip


class EscalationEntry(models.Model):
    """One line of an escalation's record; a page's line holds the hash of its link."""

    CLASSIFIED = classified(
        plain="id escalation at kind step round who way by notice code used_at", credential="link"
    )

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=entry_kinds)
    step = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    who = models.CharField(max_length=120, blank=True, default="")
    way = models.CharField(max_length=60, blank=True, default="")
    by = models.CharField(max_length=120)
    notice = models.CharField(max_length=26, blank=True, default="")
    code = models.CharField(max_length=60, blank=True, default="")
    link = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of the token of its link"
    )
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["link"], condition=~Q(link=""), name="page_link_once"),
            models.UniqueConstraint(
                fields=["notice", "kind"], condition=~Q(notice=""), name="page_notice_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["escalation", "at"], name="entry_of_escalation")
        ]

    def __str__(self) -> str:
        return self.kind

    def view(self) -> EntryView:
        """Return the frozen row."""
        return EntryView(
            self.at,
            EntryKind(self.kind),
            self.step,
            self.round,
            self.who,
            self.way,
            self.by,
            self.notice,
            self.code,
        )

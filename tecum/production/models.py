"""The tables of productions: the scope in force, the production, each handing over, each download."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.production.states import (
    HANDOVER_NEXT,
    PRODUCTION_NEXT,
    HandoverState,
    ProductionState,
    handover_states,
    production_states,
    ways,
)


class ScopeInForce(models.Model):
    """The scope that a case has now; whatever was made under another one cannot leave any more."""

    CLASSIFIED = classified(plain="case matter digest set_at set_by ended_at", sealed="text")

    case = models.CharField(primary_key=True, max_length=26)
    matter = models.CharField(max_length=26, db_index=True)
    digest = models.CharField(max_length=64)
    text = models.BinaryField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"scope of {self.case}"


class Production(models.Model):
    """One answer: its frozen inputs, its package, who let it go. What it is about stands in sealed columns only."""

    CLASSIFIED = classified(
        plain="id reference case case_reference matter agency ordinal supplements scope_digest guide_version state"
        " prepared_at prepared_by manifest leaf file size made_at released_at released_by alone ended_at ended_by",
        sealed="inputs scope entry sha256 why wanted receivers kind",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    case = models.CharField(max_length=26, db_index=True)
    case_reference = models.CharField(max_length=40)
    matter = models.CharField(max_length=26, db_index=True)
    agency = models.CharField(max_length=40)
    ordinal = models.IntegerField(help_text="Which production of its case it is, from 1")
    supplements = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplemented_by")
    scope_digest = models.CharField(max_length=64)
    scope = models.BinaryField()
    inputs = models.BinaryField()
    guide_version = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=production_states, default="PREPARING")
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=80)
    manifest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of manifest-sha256.txt")
    leaf = models.CharField(max_length=64, blank=True)
    entry = models.BinaryField(default=b"", help_text="The entry of the trail that the receipt is of")
    kind = models.CharField(max_length=20, blank=True, help_text="certificate, disclaimer or no_records")
    file = models.CharField(max_length=26, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the package")
    size = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    wanted = models.BinaryField(default=b"", help_text="The receivers that somebody proposed")
    receivers = models.BinaryField(default=b"", help_text="The receivers that two people agreed to")
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    alone = models.BooleanField(
        default=False, help_text="Released by who prepared it, for a life; another confirms it (decisions, E)"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    why = models.BinaryField(default=b"", help_text="Why it was stopped, void or recalled")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "ordinal"], name="production_ordinal_once"),
            models.CheckConstraint(
                condition=Q(state__in=["PREPARING", "STOPPED", "VOID"], file="")
                | (Q(made_at__isnull=False) & ~Q(file="") & ~Q(sha256="") & ~Q(manifest="")),
                name="production_made_has_a_package",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by="")
                | (
                    Q(released_at__isnull=False)
                    & ~Q(released_by="")
                    & (~Q(released_by=F("prepared_by")) | Q(alone=True))
                ),
                name="production_released_by_another_person",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RELEASED", "FETCHED", "RECALLED", "PURGED"])
                | Q(released_at__isnull=False),
                name="production_out_only_when_released",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="production_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["state", "-prepared_at"], name="production_by_state")]

    def __str__(self) -> str:
        return self.reference

    def turn(self, state: ProductionState, **columns: Any) -> bool:
        """Change the state and what belongs to it, if the row is still in the state that was read."""
        if state not in PRODUCTION_NEXT[ProductionState(self.state)]:
            return False
        mine = Production.objects.filter(pk=self.pk, state=self.state)
        if mine.update(state=state, **columns) != 1:
            return False
        self.state = state
        for name, value in columns.items():
            setattr(self, name, value)
        return True


class Handover(models.Model):
    """One way to one receiver: a vetted account, or the address on file with a code."""

    CLASSIFIED = classified(
        plain="id production way person call_back issued_at issued_by expires_at downloads_left tries_left state"
        " ended_at",
        sealed="address",
        credential="token_sha256 code_mark",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    production = models.ForeignKey(Production, models.PROTECT, related_name="handovers")
    way = models.CharField(max_length=10, choices=ways)
    person = models.CharField(max_length=80, blank=True, db_index=True)
    address = models.BinaryField(default=b"")
    token_sha256 = models.CharField(max_length=64, null=True, unique=True)
    code_mark = models.CharField(max_length=64, blank=True)
    call_back = models.CharField(
        max_length=40, blank=True, help_text="The number of the directory that got the code"
    )
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    downloads_left = models.IntegerField()
    tries_left = models.IntegerField(default=0)
    state = models.CharField(max_length=10, choices=handover_states, default="OPEN")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(way="ACCOUNT", token_sha256=None, code_mark="") & ~Q(person=""))
                | (
                    Q(way="ADDRESS", person="", token_sha256__isnull=False)
                    & ~Q(code_mark="")
                    & ~Q(call_back="")
                ),
                name="handover_to_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(downloads_left__gte=0, tries_left__gte=0), name="handover_counts"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at=None) | (~Q(state="OPEN") & Q(ended_at__isnull=False)),
                name="handover_ended_when_closed",
            ),
            models.UniqueConstraint(
                fields=["production", "person"],
                condition=Q(state="OPEN", way="ACCOUNT"),
                name="handover_open_once_for_person",
            ),
            models.UniqueConstraint(
                fields=["production"],
                condition=Q(state="OPEN", way="ADDRESS"),
                name="handover_open_once_for_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} of {self.production_id}"

    def close(self, state: HandoverState, *, at: datetime) -> bool:
        """End it, if it is open."""
        if state not in HANDOVER_NEXT[HandoverState(self.state)]:
            return False
        mine = Handover.objects.filter(pk=self.pk, state=self.state)
        if mine.update(state=state, ended_at=at) != 1:
            return False
        self.state, self.ended_at = state, at
        return True


class Download(models.Model):
    """One fetching of a package, stored before its first byte left."""

    CLASSIFIED = classified(plain="id handover at by receipt")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="downloads")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    receipt = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["by", "at"], name="download_of_person")]

    def __str__(self) -> str:
        return f"download of {self.handover_id}"

"""The tables of the case file. What a case says is sealed under its matter; columns hold what lists are sorted by."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.cases.states import (
    case_kinds,
    case_states,
    clock_states,
    entry_states,
    gate_states,
    quote_states,
    target_states,
)
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class LegalCase(models.Model):
    """One case: a demand, an order or an emergency."""

    CLASSIFIED = classified(
        plain="id reference kind state matter agency desk channel received_at opened_at opened_by owner due_at due_clock"
        " closed_at closed_by outcome joined_to guide_version targets_open",
        sealed="contact contact_print",
    )

    id = _id()
    reference = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=10, choices=case_kinds)
    state = models.CharField(max_length=6, choices=case_states, default="OPEN")
    matter = models.CharField(max_length=26, unique=True)
    agency = models.CharField(max_length=26, blank=True, help_text="Of the directory; empty: not known there")
    desk = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField(help_text="When the first paper of it arrived: the clock's beginning")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    owner = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True, help_text="The nearest end of a running clock")
    due_clock = models.CharField(max_length=40, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeats")
    guide_version = models.CharField(max_length=60)
    targets_open = models.PositiveIntegerField(default=0)
    contact = models.BinaryField()
    contact_print = models.CharField(max_length=64, blank=True, help_text="Tells equal addresses apart")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) & ~Q(closed_by="") & ~Q(outcome="")
                | ~Q(state="CLOSED") & Q(closed_at=None, closed_by="", outcome=""),
                name="case_closed_at_by_and_how_together",
            ),
            models.CheckConstraint(
                condition=Q(state="JOINED", joined_to__isnull=False) | ~Q(state="JOINED") & Q(joined_to=None),
                name="case_joined_says_to_which",
            ),
            models.CheckConstraint(condition=~Q(joined_to=F("id")), name="case_joined_to_another"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "kind", "due_at", "id"], name="case_queue"),
            models.Index(fields=["state", "owner", "due_at"], name="case_of_owner"),
            models.Index(fields=["agency", "-received_at"], name="case_of_agency"),
            models.Index(fields=["-received_at", "id"], name="case_received"),
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="case_due"),
            models.Index(fields=["contact_print"], name="case_of_contact"),
        ]

    def __str__(self) -> str:
        return self.reference


class CaseTarget(models.Model):
    """A number (or another identifier) and a half-open interval and a product: the key of every record request (R-110)."""

    CLASSIFIED = classified(
        plain="id case place product starts_at ends_at state turned_at turned_by added_at added_by identifier",
        sealed="value print",
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="targets")
    place = models.PositiveIntegerField()
    identifier = models.CharField(max_length=10)
    value = models.BinaryField(help_text="The identifier, and the words of the paper")
    print = models.CharField(max_length=64, db_index=True, help_text="Tells equal identifiers apart")
    product = models.CharField(max_length=60, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=target_states, default="ASKED")
    turned_at = models.DateTimeField(null=True)
    turned_by = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "place"], name="case_target_place"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="case_target_interval_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"target {self.place}"


class CaseDocument(models.Model):
    """A paper of the case: the original, sealed, and a harmless copy for the eyes."""

    CLASSIFIED = classified(
        plain="id case file copy text role source received_at added_at added_by pages", sealed="name print"
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="documents")
    file = models.CharField(max_length=26, unique=True, help_text="The stored file as it came")
    copy = models.CharField(max_length=26, blank=True, help_text="The stored harmless copy")
    text = models.CharField(max_length=26, blank=True, help_text="The stored text layer, with its places")
    role = models.CharField(max_length=20)
    source = models.CharField(max_length=60, blank=True, help_text="A message and its part, or by hand")
    name = models.BinaryField()
    print = models.CharField(max_length=64, db_index=True, help_text="Tells equal contents apart")
    pages = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "source"], condition=~Q(source=""), name="case_document_once_from_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class CaseEntry(models.Model):
    """A piece of correspondence: a message, a letter, a call."""

    CLASSIFIED = classified(
        plain="id case direction channel message notice sender state at settled_at settled_by by",
        sealed="said",
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="entries")
    direction = models.CharField(max_length=3)
    channel = models.CharField(max_length=20)
    message = models.CharField(max_length=26, blank=True, help_text="The message received, by its id")
    notice = models.CharField(max_length=26, blank=True, help_text="The notice sent, by its id")
    sender = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=entry_states, default="JOINED")
    said = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "message"], condition=~Q(message=""), name="case_entry_once_from_a_message"
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=~Q(notice=""), name="case_entry_once_of_notice"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "at"], name="case_correspondence"),
            models.Index(fields=["message"], condition=~Q(message=""), name="case_entry_of_message"),
            models.Index(fields=["at"], condition=Q(state="HELD"), name="case_entry_held"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} by {self.channel}"


class CaseNote(models.Model):
    """What a person of the carrier wrote down."""

    CLASSIFIED = classified(plain="id case at by", sealed="text")

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="notes")
    text = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"note {self.pk}"


class Gate(models.Model):
    """Something that must be given before work on the case goes on, such as an accepted fee (R-105)."""

    CLASSIFIED = classified(
        plain="id case kind subject state opened_at opened_by ended_at ended_by evidence rule guide_version",
        sealed="words",
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="gates")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True, help_text="What it is for: a product, a form")
    state = models.CharField(max_length=6, choices=gate_states, default="OPEN")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=26, blank=True, help_text="The document or message that proves it")
    rule = models.CharField(max_length=80, blank=True, help_text="The guide's rule that asks for it")
    guide_version = models.CharField(max_length=60)
    words = models.BinaryField(default=b"", help_text="What was asked, and what was said when it ended")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "kind", "subject"], name="case_gate_once"),
            models.CheckConstraint(
                condition=Q(state="OPEN", ended_at=None, ended_by="")
                | ~Q(state="OPEN") & Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="case_gate_ended_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class FeeQuote(models.Model):
    """What the guide said a part of the case costs, frozen as it was shown; exactly this is accepted (R-105, B11)."""

    CLASSIFIED = classified(
        plain="id reference case gate state on_day guide_version schedules currency low high digest offered_at offered_by"
        " ends_at settled_at settled_by how evidence",
        sealed="said given",
    )

    id = _id()
    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="quotes")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="quotes")
    state = models.CharField(max_length=8, choices=quote_states, default="OFFERED")
    on_day = models.DateField(help_text="The day whose schedule it was quoted by")
    guide_version = models.CharField(max_length=60)
    schedules = models.CharField(max_length=200, blank=True, help_text="The schedules its lines come from")
    currency = models.CharField(max_length=3)
    low = models.DecimalField(max_digits=12, decimal_places=2)
    high = models.DecimalField(max_digits=12, decimal_places=2)
    digest = models.CharField(max_length=64, help_text="SHA-256 of everything it says")
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=120)
    ends_at = models.DateTimeField(null=True, help_text="Until when it can be accepted")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=20, blank=True)
    evidence = models.CharField(max_length=26, blank=True, help_text="The paper or message that proves it")
    said = models.BinaryField(help_text="Lines, targets and notes")
    given = models.BinaryField(default=b"", help_text="Who answered, in words")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["gate"], condition=Q(state__in=["OFFERED", "ACCEPTED"]), name="fee_quote_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="OFFERED", settled_at=None, settled_by="", how="")
                | ~Q(state="OFFERED") & Q(settled_at__isnull=False) & ~Q(settled_by="") & ~Q(how=""),
                name="fee_quote_settled_at_by_and_how_together",
            ),
            models.CheckConstraint(
                condition=Q(high__gte=F("low"), low__gte=0), name="fee_quote_of_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class BillableFact(models.Model):
    """Something that happened and may be billed; the pure calculators of the guide price it later (issue H)."""

    CLASSIFIED = classified(
        plain="id case kind source target quantity unit details found cents currency reason evidence happened_at noted_at"
        " noted_by guide_version"
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="billable_facts")
    kind = models.CharField(max_length=60, help_text="In the words of the guide's fees")
    source = models.CharField(
        max_length=80, help_text="What happened: unique, so that nothing is billed twice"
    )
    target = models.ForeignKey(CaseTarget, on_delete=models.PROTECT, null=True, related_name="billable_facts")
    quantity = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=20)
    details = models.JSONField(
        default=dict, help_text="Codes that a fee may count by: service, type, switch, authority, act"
    )
    found = models.BooleanField(default=True, help_text="Whether what was looked for was there")
    cents = models.BigIntegerField(
        null=True, help_text="A cost that is passed on, in hundredths of the currency"
    )
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(
        max_length=60, blank=True, help_text="Why the cost is passed on: a word of the fee"
    )
    evidence = models.CharField(
        max_length=26, blank=True, help_text="The paper of the case that proves the cost"
    )
    happened_at = models.DateTimeField(help_text="Decides which schedule of fees holds (decision B11)")
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=120)
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "source"], name="billable_fact_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="billable_fact_of_something"),
            models.CheckConstraint(
                condition=Q(cents=None, currency="") | Q(cents__gt=0) & ~Q(currency=""),
                name="billable_fact_cost_in_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.unit} {self.kind}"


class CaseClock(models.Model):
    """A clock of the case: the answer promised, the return date, the end of a gag."""

    CLASSIFIED = classified(
        plain="id case kind state started_at due_at paused_at paused_for ended_at ended_by how over_at rule guide_version"
    )

    id = _id()
    case = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=7, choices=clock_states, default="RUNNING")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="Empty: no end is promised, or it is paused")
    paused_at = models.DateTimeField(null=True)
    paused_for = models.DurationField(null=True, help_text="What was left when it was paused")
    over_at = models.DateTimeField(null=True, help_text="When staff were told that it ran out")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=~Q(state="ENDED"), name="case_clock_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="PAUSED", paused_at__isnull=False, due_at=None)
                | Q(state="RUNNING", paused_at=None)
                | Q(state="ENDED", ended_at__isnull=False),
                name="case_clock_paused_has_no_end",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class CaseLink(models.Model):
    """That two cases have to do with each other; each side sees the other only if it may."""

    CLASSIFIED = classified(plain="id one other why at by")

    one = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="links_out")
    other = models.ForeignKey(LegalCase, on_delete=models.PROTECT, related_name="links_in")
    why = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["one", "other", "why"], name="case_link_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="case_link_of_two"),
        ]

    def __str__(self) -> str:
        return self.why

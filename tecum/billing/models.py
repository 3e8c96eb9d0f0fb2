"""The tables of billing: invoices and their lines, what settled each fact, payments. Amounts are whole cents."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tecum.billing.states import all_series, invoice_states, outcomes, paper_kinds, payment_states
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)


class InvoiceSeries(models.Model):
    """The last number given in a series. It moves in the transaction of its invoice: no gap, whatever crashes."""

    CLASSIFIED = classified(plain="series last")

    series = models.CharField(primary_key=True, max_length=3, choices=all_series)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class Bill(models.Model):
    """What is known about the price of one case beside its facts: circumstances, where the invoice goes, our order."""

    CLASSIFIED = classified(
        plain="case matter circumstances changed_at changed_by", personal="address reference"
    )

    case = models.CharField(primary_key=True, max_length=26)
    matter = models.CharField(max_length=26)
    circumstances = models.JSONField(
        default=list, help_text="Words of the guide's rules that a person found so"
    )
    address = models.TextField(blank=True, help_text="Verified by the agency on the receipt (R-134)")
    reference = models.CharField(max_length=120, blank=True, help_text="The agency's own reference")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"bill of {self.case}"


class Invoice(models.Model):
    """An invoice, or a credit note; what it says is frozen, and only its state moves."""

    CLASSIFIED = classified(
        plain="id kind series number case matter agency state cents paid_cents currency issued_at issued_by due_on credits"
        " guide_version process country region neutral reminders disputed_at disputed_by settled_at settled_by",
        personal="address reference why sent_to",
    )

    id = _id()
    kind = models.CharField(max_length=7, choices=paper_kinds, default="INVOICE")
    series = models.CharField(max_length=3, choices=all_series)
    number = models.PositiveBigIntegerField()
    case = models.CharField(max_length=26, db_index=True)
    matter = models.CharField(max_length=26, db_index=True)
    agency = models.CharField(max_length=26, blank=True)
    state = models.CharField(max_length=8, choices=invoice_states, default="OPEN")
    cents = models.BigIntegerField(help_text="In hundredths of the currency; a credit note's are negative")
    paid_cents = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    due_on = models.DateField(null=True, help_text="Empty: the guide sets no day (R-138)")
    credits = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="credit_notes")
    guide_version = models.CharField(max_length=60)
    process = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=10, blank=True)
    neutral = models.BooleanField(default=False, help_text="A silence binds us: it says less than it could")
    address = models.TextField()
    reference = models.CharField(max_length=120, blank=True)
    sent_to = models.CharField(max_length=254, blank=True, help_text="The address or fax it was last sent to")
    reminders = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=300, blank=True, help_text="Why it was disputed, credited or given up")
    disputed_at = models.DateTimeField(null=True)
    disputed_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "number"], name="invoice_number_once"),
            models.CheckConstraint(
                condition=Q(kind="INVOICE", credits=None, cents__gt=0)
                | Q(kind="CREDIT", credits__isnull=False, cents__lt=0) & ~Q(why=""),
                name="invoice_or_credit_note_of_one",
            ),
            models.CheckConstraint(
                condition=Q(state="DISPUTED", disputed_at__isnull=False) & ~Q(why="") & ~Q(disputed_by="")
                | ~Q(state="DISPUTED"),
                name="invoice_disputed_by_somebody_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PAID", "CREDITED", "GIVEN_UP"], settled_at__isnull=False)
                & ~Q(settled_by="")
                | Q(state__in=["OPEN", "DISPUTED"], settled_at=None, settled_by=""),
                name="invoice_settled_at_and_by_together",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "due_on", "id"], name="invoice_due"),
            models.Index(fields=["agency", "-issued_at"], name="invoice_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.number:06}"


class InvoiceLine(models.Model):
    """One line: what was charged, by which fee of which version, and why that much."""

    CLASSIFIED = classified(
        plain="id invoice place fee product label unit quantity unit_price cents full_cents basis version source how facts waiver"
        " waiver_label waived_by credits"
    )

    id = _id()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    fee = models.CharField(max_length=60)
    product = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    unit = models.CharField(max_length=80, blank=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit_price = models.CharField(max_length=40, blank=True)
    cents = models.BigIntegerField()
    full_cents = models.BigIntegerField(help_text="What it would cost without the waiver")
    basis = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=60)
    source = models.TextField(blank=True)
    how = models.JSONField(default=list)
    facts = models.JSONField(default=list, help_text="The billable facts it is for")
    waiver = models.CharField(max_length=60, blank=True)
    waiver_label = models.CharField(max_length=300, blank=True)
    waived_by = models.CharField(max_length=120, blank=True)
    credits = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="credited")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invoice", "place"], name="invoice_line_place"),
        ]

    def __str__(self) -> str:
        return self.label


class SettledFact(models.Model):
    """How one billable fact was settled; a fact without a row that stands is unbilled."""

    CLASSIFIED = classified(plain="id fact case outcome invoice settled_at settled_by released_at")

    fact = models.CharField(max_length=26)
    case = models.CharField(max_length=26, db_index=True)
    outcome = models.CharField(max_length=8, choices=outcomes)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="settled")
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=120)
    released_at = models.DateTimeField(null=True, help_text="A credit note made the fact unbilled again")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fact"], condition=Q(released_at=None), name="billable_fact_settled_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="INVOICED", invoice__isnull=False) | ~Q(outcome="INVOICED"),
                name="fact_invoiced_on_an_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.fact}"


class FeeWaiver(models.Model):
    """A charge that a person waives before it is invoiced, and why."""

    CLASSIFIED = classified(plain="id case fact fee at by ended_at", personal="reason")

    id = _id()
    case = models.CharField(max_length=26, db_index=True)
    fact = models.CharField(max_length=26)
    fee = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fact", "fee"], condition=Q(ended_at=None), name="charge_waived_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="charge_waived_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.fee} of {self.fact}"


class Payment(models.Model):
    """Money that came in; unmatched until a number or a person says for what."""

    CLASSIFIED = classified(
        plain="id source cents left_cents currency received_on state quote case read_at read_by ended_at ended_by",
        personal="payer said why",
    )

    id = _id()
    source = models.CharField(
        max_length=120, unique=True, help_text="The bank's own reference: taken in once"
    )
    cents = models.BigIntegerField()
    left_cents = models.BigIntegerField(help_text="What no invoice took yet")
    currency = models.CharField(max_length=3)
    received_on = models.DateField()
    payer = models.CharField(max_length=200, blank=True)
    said = models.CharField(
        max_length=200, blank=True, help_text="What the payer wrote: an invoice's number, if we are lucky"
    )
    state = models.CharField(max_length=9, choices=payment_states, default="WAITING")
    quote = models.CharField(
        max_length=26, blank=True, help_text="The quote of a case that it pays in advance, while it is held"
    )
    case = models.CharField(max_length=26, blank=True, help_text="The case of that quote")
    why = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(cents__gt=0, left_cents__gte=0, left_cents__lte=F("cents")),
                name="payment_of_something",
            ),
            models.CheckConstraint(
                condition=Q(state="MATCHED", left_cents=0) | ~Q(state="MATCHED"),
                name="payment_matched_wholly",
            ),
            models.CheckConstraint(
                condition=Q(state="HELD") & ~Q(quote="") & ~Q(case="")
                | ~Q(state="HELD") & Q(quote="", case=""),
                name="payment_held_for_a_quote",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "received_on", "id"], name="payment_waiting"),
            models.Index(fields=["case"], condition=~Q(case=""), name="payment_held_of_case"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Allocation(models.Model):
    """So much of a payment went to an invoice."""

    CLASSIFIED = classified(plain="id payment invoice cents at by undone_at undone_by")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    cents = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(cents__gt=0), name="allocation_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.cents} to {self.invoice_id}"

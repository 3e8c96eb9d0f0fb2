"""A court order from its arrival to its decision, the receipts that confirm it, and what agencies ask besides."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.surveillance.models.authorities import new_id
from tecum.surveillance.states import order_states


class CourtOrder(models.Model):
    """
    One order, extension or other request to Court Order Compliance. It has one legal process received; what it says is
    sealed under its case. The columns of its end are worked out anew whenever what they rest on changes.
    """

    CLASSIFIED = classified(
        plain="id case received kind state extends matter read_at read_by matched_at expires_at cut_at provisional governed_by"
        " computed_at act authority decided_at decided_by implemented_at gag gag_rule password_told_at password_told_by"
        " password_told_how refusal",
        sealed="said matched priced password",
    )

    id = new_id()
    case = models.OneToOneField("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    received = models.OneToOneField("tecum.Received", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, help_text="order, extension, cancellation or coverage (R-077)")
    state = models.CharField(max_length=10, choices=order_states, default="RECEIVED")
    extends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="extensions")
    matter = models.CharField(max_length=26)
    said = models.BinaryField(default=b"", help_text="What it says of targets, types, time and particulars")
    read_at = models.DateTimeField(null=True, help_text="When a person wrote down what it says")
    read_by = models.CharField(max_length=120, blank=True)
    matched = models.BinaryField(default=b"", help_text="What the comparison with the bill gave, by target")
    matched_at = models.DateTimeField(null=True)
    priced = models.BinaryField(
        default=b"", help_text="What of it the agency was told the price of, and did not refuse"
    )
    expires_at = models.DateTimeField(null=True)
    cut_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False, help_text="It moves once the surveillance begins")
    governed_by = models.CharField(max_length=80, blank=True, help_text="The reading in force")
    computed_at = models.DateTimeField(null=True)
    act = models.CharField(max_length=26, blank=True, help_text="What was proposed to authorise it")
    authority = models.CharField(
        max_length=26, blank=True, help_text="The authority that it became, or prolonged"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    implemented_at = models.DateTimeField(
        null=True, help_text="The first activation that a switch did not reject"
    )
    gag = models.CharField(max_length=12, blank=True)
    gag_rule = models.CharField(max_length=80, blank=True)
    password = models.BinaryField(
        default=b"", help_text="The surveillance password, told apart from the receipt"
    )
    password_told_at = models.DateTimeField(null=True)
    password_told_by = models.CharField(max_length=120, blank=True)
    password_told_how = models.CharField(max_length=20, blank=True)
    refusal = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(cut_at=None, expires_at=None) | Q(cut_at__lte=models.F("expires_at")),
                name="court_order_cut_by_its_end",
            ),
            models.CheckConstraint(
                condition=Q(read_at=None, read_by="") | Q(read_at__isnull=False) & ~Q(read_by=""),
                name="court_order_read_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(extends=None) | Q(kind__in=["extension", "cancellation"]),
                name="court_order_extends_as_extension",
            ),
            models.CheckConstraint(
                condition=Q(password_told_at=None, password_told_by="", password_told_how="")
                | Q(password_told_at__isnull=False) & ~Q(password_told_by="") & ~Q(password_told_how=""),
                name="court_order_password_told_by_and_how",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "cut_at"], name="court_order_queue"),
            models.Index(fields=["authority"], condition=~Q(authority=""), name="court_order_of_authority"),
            models.Index(fields=["act"], condition=~Q(act=""), name="court_order_of_act"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OrderReceipt(models.Model):
    """One Receipt of Court Order Confirmation as it was issued: never changed, only followed by another."""

    CLASSIFIED = classified(
        plain="id order ordinal why at by expires_at cut_at provisional notice sent_how digest guide_version",
        sealed="content",
    )

    id = new_id()
    order = models.ForeignKey(CourtOrder, on_delete=models.PROTECT, related_name="receipts")
    ordinal = models.PositiveIntegerField()
    why = models.CharField(max_length=20, help_text="received, implemented, changed, extended or corrected")
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    expires_at = models.DateTimeField(null=True)
    cut_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    content = models.BinaryField(help_text="What it says, field by field; it is printed from this alone")
    notice = models.CharField(max_length=26, blank=True)
    sent_how = models.CharField(max_length=10, help_text="email, fax or print")
    digest = models.CharField(
        max_length=64, help_text="SHA-256 of what it says: the same again is not issued again"
    )
    guide_version = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["order", "ordinal"], name="order_receipt_ordinal_once"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.ordinal}"

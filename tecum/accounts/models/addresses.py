"""Addresses that are to be proved by a link."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tecum.kernel.classification import classified


class AddressProof(models.Model):
    """
    A link sent to an address: who opens it and presses the button reads that address.

    Where the person asked, and not the desk, the address so far has a link too (`agree_sha256`), and both are used.
    """

    CLASSIFIED = classified(
        plain="id person asked_at asked_by expires_at read_at agreed_at proved_at voided_at",
        personal="address",
        credential="token_sha256 agree_sha256",
    )

    person = models.ForeignKey("tecum.Person", on_delete=models.PROTECT, related_name="address_proofs")
    address = models.EmailField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    agree_sha256 = models.CharField(max_length=64, blank=True, default="")
    read_at = models.DateTimeField(null=True, help_text="When the link at the new address was used")
    agreed_at = models.DateTimeField(null=True, help_text="When the link at the address so far was used")
    proved_at = models.DateTimeField(null=True, help_text="When the address became the person's")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(proved_at=None, voided_at=None), name="address_one_open_proof"
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None) | Q(voided_at=None), name="address_proved_or_voided"
            ),
            models.UniqueConstraint(
                fields=["agree_sha256"], condition=~Q(agree_sha256=""), name="address_agreement_once"
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None)
                | Q(agree_sha256="")
                | Q(read_at__isnull=False, agreed_at__isnull=False),
                name="address_of_ones_own_proved_at_both_ends",
            ),
            models.CheckConstraint(condition=Q(address=Lower("address")), name="address_proof_lower"),
        ]

    def __str__(self) -> str:
        return f"address of {self.person_id}"

"""The tables of customers, their cards, their consents and the campaign."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Q

from tecum.customers.rules import Card, ConsentVersion, ConsentView, CustomerView
from tecum.customers.states import (
    Basis,
    ConsentScope,
    CustomerStanding,
    card_states,
    consent_states,
    media,
    scopes,
    standings,
    steps,
)
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable

IN_FORCE = "IN_FORCE"


class Customer(models.Model):
    """A service provider that the carrier gives numbers to (R-016, R-019); the id is the one the inventory uses."""

    CLASSIFIED = classified(
        plain="id is_carrier standing standing_since standing_by standing_reason created_at created_by remind_at",
    )

    id = models.CharField(primary_key=True, max_length=40)
    is_carrier = models.BooleanField(help_text="Itself a carrier: 47 USC 222(b) covers what it told us")
    standing = models.CharField(max_length=20, choices=standings, default="ACTIVE")
    standing_since = models.DateTimeField()
    standing_by = models.CharField(max_length=80)
    standing_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    remind_at = models.DateField(null=True, help_text="When the campaign turns to this customer again")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(id=""), name="customer_has_an_id"),
            models.CheckConstraint(
                condition=Q(standing="ACTIVE") | ~Q(standing_reason=""),
                name="customer_out_of_standing_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def in_good_standing(self) -> bool:
        """Tell whether the customer's people may act."""
        return self.standing == CustomerStanding.ACTIVE

    def turn(self, standing: CustomerStanding, *, by: str, at: datetime, reason: str) -> None:
        """Write a new standing with who, when and why."""
        self.standing, self.standing_by, self.standing_since, self.standing_reason = standing, by, at, reason
        self.save(update_fields=["standing", "standing_by", "standing_since", "standing_reason"])

    def view(self, name: str) -> CustomerView:
        """Return the frozen row, with the name of the card in force."""
        return CustomerView(
            id=self.pk,
            name=name,
            is_carrier=self.is_carrier,
            standing=self.standing,
            standing_since=self.standing_since,
            standing_reason=self.standing_reason,
            created_at=self.created_at,
            remind_at=self.remind_at,
        )


class ContactCard(models.Model):
    """One version of what an officer is shown of a customer (R-020); any field but the name may be empty."""

    CLASSIFIED = classified(
        plain="id customer version state proposed_at proposed_by confirmed_at confirmed_by confirmed_how decided_at decided_by reason",
        cpni="legal_name address phone email website",
        personal="contact_person",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cards")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=card_states, default="PROPOSED")
    legal_name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    contact_person = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_how = models.CharField(max_length=300, blank=True, help_text="The other channel, in words")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "version"], name="card_version_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state=IN_FORCE), name="card_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state__in=["PROPOSED", "CONFIRMED"]), name="card_one_waiting"
            ),
            # A16: nobody puts their own change in force. The first card is the carrier's own record.
            models.CheckConstraint(
                condition=Q(version=1)
                | ~Q(state__in=[IN_FORCE, "REPLACED"])
                | (Q(confirmed_at__isnull=False) & ~Q(decided_by="") & ~Q(decided_by=F("proposed_by"))),
                name="card_confirmed_and_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} card {self.version}"

    def view(self) -> Card:
        """Return the frozen row."""
        names = [field for field in Card.__dataclass_fields__ if field != "customer"]
        return Card(customer=self.customer_id, **{name: getattr(self, name) for name in names})


class ConsentDocument(models.Model):
    """
    What proves a consent: the text agreed to on screen, or the paper that was received. Its bytes are a stored file.

    `content` holds the bytes of one that came before stored files did, until `seal_documents` has put them away.
    """

    CLASSIFIED = classified(
        plain="id customer file sha256 media_type size stored_at stored_by", personal="name content"
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="documents")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    file = models.CharField(max_length=26, blank=True, default="", help_text="Its stored file")
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file="", content__isnull=False) | (~Q(file="") & Q(content__isnull=True)),
                name="consent_document_sealed_or_not_yet",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class Consent(models.Model):
    """One version of a customer's consent, as evidence; at most one is in force."""

    CLASSIFIED = classified(
        plain="id customer version state bases scope account medium document given_at given_by good_until ended_at ended_by ended_reason",
        personal="signer_name signer_title",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=consent_states, default=IN_FORCE)
    bases = models.JSONField(help_text="Sorted list of customers.states.Basis")
    scope = models.CharField(max_length=10, choices=scopes)
    account = models.CharField(
        max_length=40, blank=True, help_text="The customer's name of the account, scope 'account' only"
    )
    medium = models.CharField(max_length=12, choices=media)
    document = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    good_until = models.DateTimeField(null=True, help_text="Where the customer limited it in time")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "version"], name="consent_version_once"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state=IN_FORCE), name="consent_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state=IN_FORCE, ended_at=None, ended_by="")
                | (~Q(state=IN_FORCE) & Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="consent_ended_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=(Q(scope="account") & ~Q(account="")) | (~Q(scope="account") & Q(account="")),
                name="consent_account_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} consent {self.version}"

    def reach(self) -> tuple[tuple[str, str], ...]:
        """Return its ranges in order; none where it reaches all numbers."""
        return tuple(sorted((each.first, each.last) for each in self.ranges.all()))

    def end(self, state: str, *, by: str, at: datetime, reason: str) -> None:
        """Write that this version is over, with who, when and why."""
        self.state, self.ended_by, self.ended_at, self.ended_reason = state, by, at, reason
        self.save(update_fields=["state", "ended_by", "ended_at", "ended_reason"])

    def view(self) -> ConsentView:
        """Return the frozen row with its evidence."""
        return ConsentView(
            id=self.pk,
            customer=self.customer_id,
            version=self.version,
            state=self.state,
            bases=tuple(Basis(each) for each in self.bases),
            scope=ConsentScope(self.scope),
            account=self.account,
            ranges=self.reach(),
            medium=self.medium,
            signer_name=self.signer_name,
            signer_title=self.signer_title,
            document=self.document_id,
            document_name=self.document.name,
            document_sha256=self.document.sha256,
            given_at=self.given_at,
            given_by=self.given_by,
            good_until=self.good_until,
            ended_at=self.ended_at,
            ended_by=self.ended_by,
            ended_reason=self.ended_reason,
        )


@lru_cache(64)
def _bases(stored: tuple[str, ...]) -> frozenset[Basis]:
    return frozenset(Basis(each) for each in stored)


def version_in_force(row: Any, ranges: list[tuple[str, str]]) -> ConsentVersion:
    """Return what a look-up rests on, from a consent or from a row with its columns."""
    return ConsentVersion(
        id=row.id,
        customer=row.customer_id,
        version=row.version,
        bases=_bases(tuple(row.bases)),
        scope=ConsentScope(row.scope),
        ranges=tuple(sorted(ranges)),
        given_at=row.given_at,
        good_until=row.good_until,
    )


class ConsentRange(models.Model):
    """Numbers a consent reaches, both ends included, where it does not reach all of the customer's."""

    CLASSIFIED = classified(plain="id consent", cpni="first last")

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="ranges")
    first = models.CharField(max_length=10)
    last = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="consent_range_ordered"),
            models.UniqueConstraint(fields=["consent", "first"], name="consent_range_once"),
        ]

    def __str__(self) -> str:
        return f"{self.consent_id} range"


class CampaignNote(models.Model):
    """Something done to win a customer's consent (R-035)."""

    CLASSIFIED = classified(plain="id customer at by step", personal="text")

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="campaign")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    step = models.CharField(max_length=10, choices=steps)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "at"], name="campaign_by_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.step}"

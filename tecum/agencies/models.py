"""The tables of the directory."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from tecum.agencies.rules import AgencyView, ContactView, NumberView
from tecum.agencies.states import Standing, agency_types, countries, standings
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class Agency(models.Model):
    """A law-enforcement or government agency of the United States or Canada (R-001)."""

    CLASSIFIED = classified(
        plain="id name type country subdivision address switchboard ori standing standing_since standing_by standing_reason created_at created_by"
        " overdue_since overdue_told",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=agency_types)
    country = models.CharField(max_length=2, choices=countries)
    subdivision = models.CharField(max_length=2, help_text="State or province, two letters")
    address = models.CharField(max_length=300, blank=True)
    switchboard = models.CharField(max_length=10, blank=True, help_text="Ten digits")
    ori = models.CharField(max_length=9, blank=True, help_text="Originating Agency Identifier, optional")
    standing = models.CharField(max_length=20, choices=standings, default="ACTIVE")
    standing_since = models.DateTimeField()
    standing_by = models.CharField(max_length=80)
    standing_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    overdue_since = models.DateField(
        null=True, help_text="The day its oldest open invoice was due; billing sets it"
    )
    overdue_told = models.CharField(
        max_length=300, blank=True, help_text="The rules of arrears that it was told of"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "country", "subdivision"], name="agency_once"),
            models.CheckConstraint(condition=Q(country__in=["US", "CA"]), name="agency_us_or_canada"),
            models.CheckConstraint(
                condition=Q(standing="ACTIVE") | (Q(standing="SUSPENDED") & ~Q(standing_reason="")),
                name="agency_suspended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def in_good_standing(self) -> bool:
        """Tell whether its people may act."""
        return self.standing == Standing.ACTIVE

    def turn(self, standing: Standing, *, by: str, at: datetime, reason: str) -> None:
        """Write a new standing with who, when and why."""
        self.standing, self.standing_by, self.standing_since, self.standing_reason = standing, by, at, reason
        self.save(update_fields=["standing", "standing_by", "standing_since", "standing_reason"])

    def view(self) -> AgencyView:
        """Return the frozen row, with its domains and its open call-back numbers."""
        return AgencyView(
            id=self.pk,
            name=self.name,
            type=self.type,
            country=self.country,
            subdivision=self.subdivision,
            address=self.address,
            switchboard=self.switchboard,
            ori=self.ori,
            standing=self.standing,
            standing_since=self.standing_since,
            standing_by=self.standing_by,
            standing_reason=self.standing_reason,
            created_at=self.created_at,
            domains=tuple(sorted(each.domain for each in self.domains.all())),
            call_back_numbers=tuple(
                each.view() for each in self.call_back_numbers.all() if each.ended_at is None
            ),
        )


class AgencyDomain(models.Model):
    """A mail domain that was verified to be the agency's; two agencies may share one (a county's)."""

    CLASSIFIED = classified(plain="id agency domain verified_at verified_by how")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="domains")
    domain = models.CharField(max_length=253)
    verified_at = models.DateTimeField()
    verified_by = models.CharField(max_length=80)
    how = models.CharField(max_length=300, help_text="How it was verified")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "domain"], name="agency_domain_once")]

    def __str__(self) -> str:
        return self.domain


class CallBackNumber(models.Model):
    """A number at which the agency is called back: proposed by one person, confirmed by another (assurance control 6)."""

    CLASSIFIED = classified(
        plain="id agency number label source proposed_at proposed_by confirmed_at confirmed_by ended_at ended_by",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="call_back_numbers")
    number = models.CharField(max_length=10, help_text="Ten digits")
    label = models.CharField(max_length=100, help_text="Which desk answers")
    source = models.CharField(
        max_length=300, help_text="The public source it was found in; never the message itself"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"], condition=Q(ended_at=None), name="call_back_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="call_back_number_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="call_back_number_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def view(self) -> NumberView:
        """Return the frozen row."""
        return NumberView(
            id=self.pk,
            number=self.number,
            label=self.label,
            source=self.source,
            proposed_at=self.proposed_at,
            proposed_by=self.proposed_by,
            confirmed_at=self.confirmed_at,
            confirmed_by=self.confirmed_by,
        )


class AgencyContact(models.Model):
    """
    A person whom an agency names for one subject (R-072 to R-074): proposed by one, confirmed by another who called back.

    `desk` is the desk of ours, by its id in the guide, whose subjects the person may speak for.
    """

    CLASSIFIED = classified(
        plain="id agency desk name title email phone source proposed_at proposed_by called confirmed_at confirmed_by"
        " ended_at ended_by",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contacts")
    desk = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=10, blank=True, help_text="Ten digits")
    source = models.CharField(max_length=300, help_text="Who named this person, and how")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    called = models.ForeignKey(CallBackNumber, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "desk", "email"],
                condition=Q(ended_at=None) & ~Q(email=""),
                name="agency_contact_once",
            ),
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="agency_contact_reachable"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("proposed_by")), name="agency_contact_two_people"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by="", called=None)
                | (Q(confirmed_at__isnull=False, called__isnull=False) & ~Q(confirmed_by="")),
                name="agency_contact_confirmed_by_a_call",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def view(self) -> ContactView:
        """Return the frozen row."""
        return ContactView(
            self.pk, self.agency_id, self.desk, self.name, self.title, self.email, self.phone, self.source,
            self.proposed_by, self.confirmed_at, self.confirmed_by,
        )  # fmt: skip

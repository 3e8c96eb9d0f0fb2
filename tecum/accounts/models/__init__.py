"""The tables of people, roles held, links, visits and lock-outs."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from tecum.access.rules import permissions_of
from tecum.accounts.models.addresses import AddressProof as AddressProof
from tecum.accounts.rules import AttestationView, PersonView, SharedUseView, withheld
from tecum.accounts.states import (
    Cause,
    PersonStanding,
    causes,
    job_roles,
    locked_steps,
    standings,
    visit_ends,
)
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """One human being with credentials of their own (R-005, R-006)."""

    CLASSIFIED = classified(
        plain="id agency customer standing standing_since standing_by standing_reason standing_cause attested_until terms_sha256 created_at created_by roles_changed_at last_login",
        personal="email name title job_role phone supervisor_name supervisor_email",
        credential="password",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    email = models.EmailField(unique=True, help_text="The user name (R-064), lower case")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    job_role = models.CharField(max_length=20, choices=job_roles, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey("tecum.Agency", on_delete=models.PROTECT, null=True, related_name="people")
    customer = models.ForeignKey("tecum.Customer", on_delete=models.PROTECT, null=True, related_name="people")
    supervisor_name = models.CharField(max_length=200, blank=True)
    supervisor_email = models.EmailField(blank=True)
    standing = models.CharField(max_length=20, choices=standings, default="ACTIVE")
    standing_since = models.DateTimeField()
    standing_by = models.CharField(max_length=80)
    standing_reason = models.CharField(max_length=300, blank=True)
    standing_cause = models.CharField(max_length=12, choices=causes, blank=True, default="")
    attested_until = models.DateTimeField(null=True, help_text="From then on no look-ups (W10)")
    terms_sha256 = models.CharField(max_length=64, blank=True, help_text="The very words accepted last")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    roles_changed_at = models.DateTimeField()

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower"),
            models.CheckConstraint(condition=Q(agency=None) | Q(customer=None), name="person_of_one_party"),
            models.CheckConstraint(
                condition=Q(standing="ACTIVE") | ~Q(standing_reason=""), name="person_suspended_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(standing="ACTIVE") | Q(standing_cause=""), name="person_cause_only_suspended"
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Tell Django and allauth whether the person may sign in at all."""
        return self.standing == PersonStanding.ACTIVE

    @property
    def ref(self) -> str:
        """Return the text that rows below `accounts` keep instead of a foreign key."""
        return f"person:{self.pk}"

    @property
    def welcome(self) -> bool:
        """Tell whether the person, their agency and their customer are all in good standing."""
        return (
            self.is_active
            and (self.agency is None or self.agency.in_good_standing)
            and (self.customer is None or self.customer.in_good_standing)
        )

    def held(self) -> tuple[str, ...]:
        """Return the roles held now, in order of name."""
        return tuple(sorted(each.role for each in self.roles.all() if each.ended_at is None))

    def permitted(self, *, now: datetime) -> frozenset[str]:
        """Return what the roles held now allow, less what waits for a supervisor's confirmation."""
        return permissions_of(self.held()) - withheld(attested_until=self.attested_until, now=now)

    def turn(
        self, standing: PersonStanding, *, by: str, at: datetime, reason: str, cause: Cause | None = None
    ) -> None:
        """Write a new standing with who, when and why."""
        self.standing, self.standing_by, self.standing_since, self.standing_reason = standing, by, at, reason
        self.standing_cause = cause.value if cause else ""
        self.save(update_fields=[f"standing{end}" for end in ("", "_by", "_since", "_reason", "_cause")])

    def actor(
        self,
        *,
        stepped_up_at: datetime | None = None,
        permissions: frozenset[str] = frozenset(),
        session: str = "",
        session_ends_at: datetime | None = None,
    ) -> Actor:
        """Return the person as the one who acts."""
        return Actor(
            ref=self.ref,
            kind=ActorKind.PERSON,
            name=self.name,
            permissions=permissions,
            agency=self.agency_id or "",
            customer=self.customer_id or "",
            stepped_up_at=stepped_up_at,
            session=session,
            session_ends_at=session_ends_at,
            active_since=self.created_at,
        )

    def view(self) -> PersonView:
        """Return the frozen row, with the roles held now."""
        return PersonView(
            id=self.pk,
            email=self.email,
            name=self.name,
            title=self.title,
            job_role=self.job_role,
            phone=self.phone,
            agency=self.agency_id or "",
            customer=self.customer_id or "",
            supervisor_name=self.supervisor_name,
            supervisor_email=self.supervisor_email,
            standing=self.standing,
            standing_since=self.standing_since,
            standing_reason=self.standing_reason,
            standing_cause=self.standing_cause,
            attested_until=self.attested_until,
            created_at=self.created_at,
            roles=self.held(),
            has_password=self.has_usable_password(),
        )


class HeldRole(models.Model):
    """A role given to a person, from when to when."""

    CLASSIFIED = classified(plain="id person role granted_at granted_by ended_at ended_by")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(ended_at=None), name="role_held_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="role_ended_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return self.role


class PasswordLink(models.Model):
    """A single-use link that sets a password; only the hash of its token is kept."""

    CLASSIFIED = classified(
        plain="id person issued_at issued_by expires_at used_at voided_at", credential="token_sha256"
    )

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(used_at=None, voided_at=None), name="link_one_open"
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(voided_at=None), name="link_used_or_voided"),
        ]

    def __str__(self) -> str:
        return f"link of {self.person_id}"


class ApiToken(models.Model):
    """A personal, short-lived token for programs (A17); only its hash is kept."""

    CLASSIFIED = classified(plain="id person fetches issued_at expires_at voided_at", credential="token_sha256")  # fmt: skip

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    fetches = models.BooleanField(default=False, help_text="Taken for fetching productions")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(voided_at=None), name="token_one_open"),
        ]

    def __str__(self) -> str:
        return f"token of {self.person_id}"


class Visit(models.Model):
    """One signed-in session, from the password or passkey to its end."""

    CLASSIFIED = classified(
        plain="person opened_at seen_at stepped_up_at alone ended_at ended_how",
        personal="address",
        credential="id",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="Last request, to the minute")
    stepped_up_at = models.DateTimeField(
        null=True, help_text="Last proof of a second factor in this visit; none, no permission"
    )
    alone = models.BooleanField(help_text="The person may be signed in at one place only")
    address = models.GenericIPAddressField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=24, choices=visit_ends, blank=True)

    class Meta:
        constraints = [
            # Assurance control 12: an officer's second session cannot exist beside the first.
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None, alone=True), name="visit_alone"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_how="") | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="visit_ended_at_and_how_together",
            ),
        ]
        indexes = [models.Index(fields=["person", "ended_at"], name="visit_by_person")]

    def __str__(self) -> str:
        return f"visit of {self.person_id}"


class LockOut(models.Model):
    """A time during which no further guess at a password or second factor is looked at."""

    CLASSIFIED = classified(plain="id person step at until", personal="login_sha256 address")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="lock_outs")
    login_sha256 = models.CharField(max_length=64, help_text="Of the user name that was typed, known or not")
    step = models.CharField(max_length=20, choices=locked_steps)
    at = models.DateTimeField()
    until = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["login_sha256", "until"], name="lock_out_by_login")]

    def __str__(self) -> str:
        return self.step


class Attestation(models.Model):
    """A supervisor's word that a person still serves and still needs the account (W10)."""

    CLASSIFIED = classified(plain="id person given_at given_by until", personal="how")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attestations")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    until = models.DateTimeField()
    how = models.CharField(
        max_length=300, blank=True, help_text="How it reached staff; empty when given here"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("given_at")), name="attestation_ends_later"),
        ]
        indexes = [models.Index(fields=["person", "-given_at"], name="attestation_of_person")]

    def __str__(self) -> str:
        return f"attestation of {self.person_id}"

    def view(self) -> AttestationView:
        """Return the frozen row."""
        return AttestationView(self.given_at, self.given_by, self.until, self.how)


class SharedUse(models.Model):
    """One account used at two places within a short time: evidence for a person, who writes down what it was."""

    CLASSIFIED = classified(
        plain="id person noticed_at first_seen_at looked_at looked_by",
        personal="first_address second_address finding",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shared_use")
    noticed_at = models.DateTimeField(help_text="When the second sign-in came")
    first_seen_at = models.DateTimeField(help_text="When the first place was last seen, to the minute")
    first_address = models.GenericIPAddressField()
    second_address = models.GenericIPAddressField()
    looked_at = models.DateTimeField(null=True)
    looked_by = models.CharField(max_length=80, blank=True)
    finding = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_at=None, looked_by="", finding="")
                | (Q(looked_at__isnull=False) & ~Q(looked_by="") & ~Q(finding="")),
                name="shared_use_looked_at_with_a_finding",
            ),
        ]
        indexes = [models.Index(fields=["looked_at", "-noticed_at"], name="shared_use_open")]

    def __str__(self) -> str:
        return f"two places of {self.person_id}"

    def view(self) -> SharedUseView:
        """Return the frozen row."""
        return SharedUseView(
            id=self.pk,
            person=self.person_id,
            noticed_at=self.noticed_at,
            first_seen_at=self.first_seen_at,
            first_address=self.first_address,
            second_address=self.second_address,
            looked_at=self.looked_at,
            looked_by=self.looked_by,
            finding=self.finding,
        )

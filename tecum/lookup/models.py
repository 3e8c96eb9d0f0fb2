"""The look-up's tables: quota slots, submissions, their lines, and the disclosure records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.kernel.prepared import Entry, Question
from tecum.lookup.rules import Judged
from tecum.lookup.states import Cause, Outcome


def outcomes() -> list[tuple[str, str]]:
    """Return the outcomes as choices; a callable, so that a new one writes no migration."""
    return [(outcome.value, outcome.value.lower()) for outcome in Outcome]


class QuotaHolder(models.Model):
    """One row per person whose quota is counted: touching it lines up everything that person submits."""

    CLASSIFIED = classified(plain="latest", personal="person")

    person = models.CharField(max_length=80, primary_key=True)
    latest = models.DateTimeField()

    def __str__(self) -> str:
        return self.person

    @classmethod
    def lock(cls, person: str, *, now: datetime) -> datetime:
        """
        Hold this person's quota until the end of the transaction, on both databases, and return the instant that counts.

        That is the latest of all that were counted: a request that was under way at midnight and comes after one of
        the new day counts in the new day, or the old one would be spent twice.
        """
        HOLDER.write([(person, now)])
        latest: datetime = LATEST(person).first().latest
        return latest


class QuotaSlot(models.Model):
    """One unit of a person's quota: spent on a number until `free_at` (assurance control 4)."""

    CLASSIFIED = classified(plain="id holder slot spent_at free_at", cpni="number", credential="session")

    holder = models.ForeignKey(QuotaHolder, models.PROTECT, related_name="slots")
    slot = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=10)
    spent_at = models.DateTimeField()
    free_at = models.DateTimeField()
    session = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "slot"], name="quota_one_row_per_unit"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="quota_slots_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"unit {self.slot} of {self.holder_id}"

    @classmethod
    def take(cls, rows: Sequence[tuple[Any, ...]], *, holder: str, back: Sequence[int]) -> None:
        """
        Write the units now spent, as `UNITS` has its columns, after clearing those that came `back`.

        A unit that is still spent cannot be taken twice: (holder, slot) is unique.
        """
        if back:
            QuotaSlot.objects.filter(holder=holder, slot__in=back).delete()
        UNITS.write(rows)


class Lookup(models.Model):
    """One submission: who asked, for which case, at what moment, on which inventory and guide."""

    CLASSIFIED = classified(
        plain="id reference agency submission attested by_staff asked_at inventory_version inventory_as_of"
        " guide_version charged left more_at receipt hits non_results",
        personal="person case_number purpose",
        cpni="not_in_service no_consent",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person = models.CharField(max_length=80)
    agency = models.CharField(max_length=40, blank=True)
    submission = models.CharField(max_length=64)
    case_number = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, blank=True)
    attested = models.BooleanField()
    by_staff = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    inventory_version = models.PositiveBigIntegerField()
    inventory_as_of = models.DateTimeField()
    guide_version = models.CharField(max_length=60)
    charged = models.PositiveSmallIntegerField()
    left = models.PositiveSmallIntegerField()
    more_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=80)
    # What came of the lines, counted once when they are written: the figures of half a year are sums of these.
    hits = models.PositiveSmallIntegerField(default=0)
    non_results = models.PositiveSmallIntegerField(default=0)
    not_in_service = models.PositiveSmallIntegerField(default=0)
    no_consent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "submission"], name="lookup_submitted_once"),
            models.CheckConstraint(condition=Q(attested=True), name="lookup_only_with_attestation"),
            models.CheckConstraint(
                condition=Q(non_results=F("not_in_service") + F("no_consent")), name="lookup_counts_add_up"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-asked_at"], name="lookup_history"),
            models.Index(fields=["agency", "-asked_at"], name="lookup_of_agency"),
            models.Index(fields=["asked_at"], name="lookup_by_time"),
        ]

    def __str__(self) -> str:
        return self.reference

    def keep(self, judged: Sequence[Judged], *, seen: Mapping[str, str] | None = None) -> None:
        """
        Write this submission with its lines, and the disclosure record of every hit, in three statements.

        `seen`: number → the customer that staff were shown of it, consented or not.
        """
        shown = seen or {}
        self.count((line.outcome, cause) for line, cause in judged)
        SUBMISSIONS.write([[getattr(self, name) for name in SUBMISSIONS.names]])
        keys = dict(
            LINES.write(
                [
                    (
                        *(self.id, line.place, line.typed, line.number, line.outcome.value, line.problem),
                        *(line.offence, line.repeats, cause.value if cause else ""),
                        shown.get(line.number, ""),
                    )
                    for line, cause in judged
                ]
            )
        )
        DISCLOSURES.write(
            [
                (
                    *(
                        hit.disclosure,
                        keys[line.place],
                        line.number,
                        hit.customer,
                        hit.consent,
                        hit.in_service,
                    ),
                    *(hit.shown, self.person, self.agency, self.asked_at),
                )
                for line, _ in judged
                if (hit := line.hit) is not None
            ]
        )

    def count(self, lines: Iterable[tuple[Outcome, Cause | None]]) -> None:
        """Count what came of its lines, into this row."""
        known = list(lines)
        outcomes = Counter(outcome for outcome, _ in known)
        causes = Counter(cause for _, cause in known)
        self.hits, self.non_results = outcomes[Outcome.HIT], outcomes[Outcome.NON_RESULT]
        self.not_in_service, self.no_consent = causes[Cause.NOT_IN_SERVICE], causes[Cause.NO_CONSENT]


class LookupLine(models.Model):
    """One line of a submission in its order; `cause` is for staff and never leaves by the officer's views."""

    CLASSIFIED = classified(
        plain="id lookup place outcome problem offence repeats", cpni="typed number cause customer"
    )

    lookup = models.ForeignKey(Lookup, models.CASCADE, related_name="lines")
    place = models.PositiveSmallIntegerField()
    typed = models.CharField(max_length=200)
    number = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=12, choices=outcomes)
    problem = models.CharField(max_length=200, blank=True)
    offence = models.PositiveSmallIntegerField(null=True)
    repeats = models.PositiveSmallIntegerField(null=True)
    cause = models.CharField(max_length=20, blank=True)
    customer = models.CharField(
        max_length=40, blank=True, default="", help_text="Whom staff were shown (A17)"
    )

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["lookup", "place"], name="lookup_one_line_per_place"),
            models.CheckConstraint(
                condition=Q(outcome="MALFORMED", number="") | (~Q(outcome="MALFORMED") & ~Q(number="")),
                name="lookup_a_number_unless_malformed",
            ),
            models.CheckConstraint(
                condition=Q(outcome="NON_RESULT") | Q(cause=""), name="lookup_cause_only_without_result"
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.place} of {self.lookup_id}"


class Disclosure(models.Model):
    """
    The disclosure record of one revealed answer (47 CFR 64.2009(c), invariant I13): what was shown of
    whose number to whom, and the version of the consent that it rested on. Kept at least one year (A14).
    """

    CLASSIFIED = classified(
        plain="id line consent to_agency disclosed_at",
        personal="to_person",
        cpni="number customer in_service shown",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    line = models.OneToOneField(LookupLine, models.PROTECT, related_name="disclosure")
    number = models.CharField(max_length=10)
    customer = models.CharField(max_length=40)
    consent = models.CharField(max_length=80)
    in_service = models.DateField()
    shown = models.JSONField()
    to_person = models.CharField(max_length=80)
    to_agency = models.CharField(max_length=40, blank=True)
    disclosed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(consent=""), name="disclosure_names_its_consent"),
        ]
        indexes = [
            models.Index(fields=["customer", "-disclosed_at"], name="disclosure_of_customer"),
            models.Index(fields=["disclosed_at"], name="disclosure_by_time"),
        ]

    def __str__(self) -> str:
        return self.id


# Written and read by every look-up, in words that are kept (`kernel.prepared`).
LATEST = Question(lambda person: QuotaHolder.objects.filter(person=person).values_list("latest"))
UNITS_OF = Question(
    lambda person: QuotaSlot.objects.filter(holder=person).values_list("slot", "number", "free_at", "session")
)
SUBMITTED = Question(
    lambda person, submission: Lookup.objects.filter(person=person, submission=submission).values_list("id")
)
HOLDER = Entry(
    lambda: QuotaHolder,
    "person",
    "latest",
    upsert=" ON CONFLICT (person) DO UPDATE SET latest = CASE WHEN excluded.latest > tecum_quotaholder.latest"
    " THEN excluded.latest ELSE tecum_quotaholder.latest END",
)
SUBMISSIONS = Entry(
    lambda: Lookup,
    *("id", "reference", "person", "agency", "submission", "case_number", "purpose", "attested", "by_staff"),
    *("asked_at", "inventory_version", "inventory_as_of", "guide_version", "charged", "left", "more_at"),
    *("receipt", "hits", "non_results", "not_in_service", "no_consent"),
)
UNITS = Entry(lambda: QuotaSlot, "holder", "slot", "number", "spent_at", "free_at", "session")
LINES = Entry(
    lambda: LookupLine,
    *("lookup", "place", "typed", "number", "outcome", "problem", "offence", "repeats", "cause", "customer"),
    returns=("place", "id"),
)
DISCLOSURES = Entry(
    lambda: Disclosure,
    *("id", "line", "number", "customer", "consent", "in_service", "shown"),
    *("to_person", "to_agency", "disclosed_at"),
)

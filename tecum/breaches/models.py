"""The tables of breaches: the matter, its clocks, its notices."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from tecum.breaches.rules import BreachView, ClockView, NoticeView
from tecum.breaches.states import BreachState, Duty, Receiver, breach_states, duties, receivers
from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable


class Breach(models.Model):
    """One account in other hands, from when to when, and how far we are with what that obliges us to."""

    CLASSIFIED = classified(
        plain="id reference matter person since until found_at opened_at opened_by guide_version state held_until"
        " closed_at closed_by",
        sealed="what how loss held_why closing",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=120)
    person = models.CharField(max_length=80)
    since = models.DateTimeField()
    until = models.DateTimeField(help_text="The first moment that no longer counts")
    found_at = models.DateTimeField(help_text="When the breach was reasonably determined")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    what = models.TextField()
    how = models.TextField(blank=True)
    loss = models.CharField(max_length=300, blank=True)
    guide_version = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=breach_states, default="OPEN")
    held_until = models.DateTimeField(
        null=True, help_text="No customer is told before, by an agency's direction"
    )
    held_why = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    closing = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="breach_has_an_interval"),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_at=None, closed_by="", closing="")
                | (Q(state="CLOSED", closed_at__isnull=False) & ~Q(closed_by="") & ~Q(closing="")),
                name="breach_closed_by_somebody_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(held_until=None, held_why="") | (Q(held_until__isnull=False) & ~Q(held_why="")),
                name="breach_held_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "-opened_at"], name="breach_by_state")]

    def __str__(self) -> str:
        return self.reference

    def view(self) -> BreachView:
        """Return the frozen row with its clocks and notices."""
        order = list(Receiver)
        notices = sorted(
            self.notices.all(), key=lambda one: (order.index(Receiver(one.receiver)), one.customer)
        )
        return BreachView(
            id=self.pk,
            reference=self.reference,
            matter=self.matter,
            person=self.person,
            since=self.since,
            until=self.until,
            found_at=self.found_at,
            opened_at=self.opened_at,
            opened_by=self.opened_by,
            what=self.what,
            how=self.how,
            loss=self.loss,
            guide_version=self.guide_version,
            state=BreachState(self.state),
            held_until=self.held_until,
            held_why=self.held_why,
            closed_at=self.closed_at,
            closing=self.closing,
            clocks=tuple(
                one.view() for one in sorted(self.clocks.all(), key=lambda one: (one.due_at, one.pk))
            ),
            notices=tuple(one.view() for one in notices),
        )


class BreachClock(models.Model):
    """One end that a version of the rule sets."""

    CLASSIFIED = classified(plain="id breach rule duty due_at basis met_at")

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="clocks")
    rule = models.CharField(max_length=60)
    duty = models.CharField(max_length=20, choices=duties)
    due_at = models.DateTimeField()
    basis = models.TextField(blank=True)
    met_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["breach", "rule", "duty"], name="breach_clock_once"),
        ]

    def __str__(self) -> str:
        return f"{self.duty} of {self.breach_id}"

    def view(self) -> ClockView:
        """Return the frozen row."""
        return ClockView(self.rule, Duty(self.duty), self.due_at, self.basis, self.met_at)


class BreachNotice(models.Model):
    """What one receiver is told: a draft until somebody records that, when and how it was given."""

    CLASSIFIED = classified(
        plain="id breach receiver drafted_at drafted_by given_at given_by",
        cpni="customer",
        sealed="subject text how",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="notices")
    receiver = models.CharField(max_length=10, choices=receivers)
    customer = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80)
    given_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=80, blank=True)
    how = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["breach", "receiver", "customer"], name="breach_notice_once"),
            models.CheckConstraint(
                condition=(Q(receiver="customer") & ~Q(customer=""))
                | (~Q(receiver="customer") & Q(customer="")),
                name="breach_notice_to_one_receiver",
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, given_by="", how="")
                | (Q(given_at__isnull=False) & ~Q(given_by="") & ~Q(how="")),
                name="breach_notice_given_by_somebody_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} of {self.breach_id}"

    def draft(self, *, subject: str, text: str, by: str, at: datetime) -> None:
        """Write the words of the draft."""
        self.subject, self.text, self.drafted_by, self.drafted_at = subject, text, by, at
        self.save()

    def view(self) -> NoticeView:
        """Return the frozen row."""
        return NoticeView(
            id=self.pk,
            receiver=Receiver(self.receiver),
            customer=self.customer,
            subject=self.subject,
            text=self.text,
            given_at=self.given_at,
            given_by=self.given_by,
            how=self.how,
        )

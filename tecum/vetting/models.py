"""The table of applications."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours
from tecum.vetting.states import OPEN, ApplicationState, application_states, code_purposes

DECIDED = [ApplicationState.ACCEPTED, ApplicationState.RETURNED, ApplicationState.REFUSED]


class Application(models.Model):
    """One person's application. What the form and the message say lies sealed under the matter's key."""

    CLASSIFIED = classified(
        plain="id reference matter message state received_at promised_by late_at proposed_by proposed_at proposed_agency act "
        "decided_at decided_by reasons person link_until link_over_at guide_version",
        personal="applicant_print",
        sealed="form mail note",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    matter = models.CharField(max_length=26, db_index=True)
    message = models.CharField(max_length=60, unique=True, help_text="The message that brought it")
    state = models.CharField(max_length=10, choices=application_states, default="RECEIVED")
    form = models.BinaryField(help_text="The values of the form")
    mail = models.BinaryField(help_text="The facts of the message")
    note = models.BinaryField(default=b"", help_text="What the person who decided wrote")
    applicant_print = models.CharField(
        max_length=64, db_index=True, help_text="Tells equal addresses apart from others"
    )
    guide_version = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    promised_by = models.DateTimeField(help_text="The end of the promised window (R-059)")
    late_at = models.DateTimeField(null=True, help_text="When staff were told that it waits too long (C7)")
    proposed_by = models.CharField(max_length=120, blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_agency = models.CharField(
        max_length=26, blank=True, help_text="Gets the new domain; none: a new agency"
    )
    act = models.CharField(max_length=64, blank=True, help_text="Hash of exactly what was proposed")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reasons = models.CharField(max_length=300, blank=True, help_text="The checks named in the letter")
    person = models.ForeignKey("tecum.Person", on_delete=models.PROTECT, null=True, related_name="+")
    link_until = models.DateTimeField(null=True)
    link_over_at = models.DateTimeField(null=True, help_text="When the link ran out unused (R-067)")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, decided_at__isnull=False) & ~Q(decided_by="")
                | ~Q(state__in=DECIDED) & Q(decided_at__isnull=True, decided_by=""),
                name="application_decided_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", proposed_at__isnull=False) & ~Q(proposed_by="") & ~Q(act="")
                | ~Q(state="PROPOSED"),
                name="application_proposed_says_what_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="ACCEPTED", person__isnull=False)
                | ~Q(state="ACCEPTED") & Q(person__isnull=True),
                name="application_accepted_has_a_person",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by="") | ~Q(state="ACCEPTED") | ~Q(proposed_by=models.F("decided_by")),
                name="application_second_person_is_another",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "received_at"], name="application_queue")
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def locked(cls, application: str) -> "Application":
        """
        Return an application's row, locked for a change.

        :raises NotYours: when unknown
        """
        row = cls.objects.select_for_update().filter(pk=application).first()
        if row is None:
            raise NotYours
        return row

    @property
    def is_open(self) -> bool:
        """Tell whether somebody has to decide."""
        return ApplicationState(self.state) in OPEN


class MailedCode(models.Model):
    """
    A code that goes to an address by mail. Whether there is anybody to send it to is found out afterwards, by the job
    that sends it: whoever asks sees the same, with the same work done, for a reference that there is and for any other.
    """

    CLASSIFIED = classified(
        plain="id purpose reference matter application asked_at good_until sent_at tries proved_at used_at",
        personal="address",
        credential="code_print",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    purpose = models.CharField(max_length=10, choices=code_purposes)
    reference = models.CharField(max_length=20, blank=True, help_text="The reference as typed")
    address = models.CharField(max_length=254, blank=True, help_text="The address to be proved")
    matter = models.CharField(max_length=26, blank=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, related_name="+")
    code_print = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    good_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(code_print="", sent_at=None) | ~Q(code_print="") & Q(sent_at__isnull=False),
                name="code_printed_when_sent",
            ),
            models.CheckConstraint(
                condition=Q(proved_at=None) | Q(sent_at__isnull=False), name="code_proved_only_when_sent"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(proved_at__isnull=False), name="code_used_only_when_proved"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["application", "sent_at"], name="code_of_application"),
            models.Index(fields=["address", "sent_at"], name="code_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

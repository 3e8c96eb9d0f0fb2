"""The table of legal process received. What it says is sealed under the case's matter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tecum.kernel.classification import classified
from tecum.kernel.ids import unguessable
from tecum.process.states import received_states


class Received(models.Model):
    """One legal process received; a case may have several."""

    CLASSIFIED = classified(
        plain="id case state channel process received_at entered_at entered_by message return_on guide_version"
        " confirmed_at confirmed_by answer answered_at answered_by answered_how unanswered_why letter letter_at repeats"
        " repeated_how gathered_at",
        sealed="said number_print",
    )

    id = models.CharField(primary_key=True, max_length=26, default=unguessable, editable=False)
    case = models.ForeignKey("tecum.LegalCase", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=received_states, default="RECEIVED")
    channel = models.CharField(max_length=20)
    process = models.CharField(max_length=60, blank=True, help_text="A process type of the guide, once known")
    received_at = models.DateTimeField(help_text="When it arrived; no later act moves it")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=120)
    message = models.CharField(max_length=26, blank=True, help_text="The message that brought it")
    return_on = models.DateField(null=True)
    guide_version = models.CharField(max_length=60)
    said = models.BinaryField()
    number_print = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Tells equal process numbers of one agency apart"
    )
    confirmed_at = models.DateTimeField(null=True, help_text="When a person confirmed what it says")
    confirmed_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=26, blank=True, help_text="The notice that told the case's number")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_how = models.CharField(max_length=20, blank=True)
    unanswered_why = models.CharField(max_length=120, blank=True)
    letter = models.CharField(max_length=26, blank=True, help_text="The last letter about it, as a notice")
    letter_at = models.DateTimeField(null=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="copies")
    repeated_how = models.CharField(max_length=40, blank=True)
    gathered_at = models.DateTimeField(null=True, help_text="When its papers were taken out of its message")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["message"], condition=~Q(message=""), name="received_once_from_a_message"
            ),
            models.CheckConstraint(
                condition=Q(state="REPEATED", repeats__isnull=False) | ~Q(state="REPEATED") & Q(repeats=None),
                name="received_repeated_says_what",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by="", answered_how="")
                | Q(answered_at__isnull=False) & ~Q(answered_by="") & ~Q(answered_how=""),
                name="received_answered_at_by_and_how",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "received_at"], name="received_of_case"),
            models.Index(fields=["received_at"], condition=Q(answered_at=None), name="received_unanswered"),
        ]

    def __str__(self) -> str:
        return self.pk

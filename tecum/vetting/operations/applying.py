"""An application on the page, for carriers whose guide allows it: same rules, same intake as by mail (R-046 to R-053)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tecum.audit import operations as audit
from tecum.inbox import operations as inbox
from tecum.inbox.facts import Envelope
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.rules import domain_of, is_address
from tecum.policy import queries as policy
from tecum.vetting import adapters, messages
from tecum.vetting.adapters import Upload
from tecum.vetting.models import MailedCode
from tecum.vetting.operations.codes import CodeWrong, door_must_be_open, is_proved
from tecum.vetting.states import CodePurpose

DOOR = "page"
LARGEST = 15 << 20


class CannotApply(Refused):
    """An application on the page that lacks what even a person could not work with."""


def proved_address(*, code: str, now: datetime) -> str:
    """
    Return the address that a code proved, for the form.

    :raises CodeWrong: without a proved code, two hours after, or once it was used
    """
    row = MailedCode.objects.filter(pk=code, purpose=CodePurpose.APPLY).first()
    if row is None or not is_proved(row, now=now):
        raise CodeWrong(
            "This form is open for two hours after the code, for one application. Please begin again."
        )
    return row.address


def apply_on_page(
    *, code: str, values: Mapping[str, str], credentials: Upload, by: Actor, now: datetime
) -> str:
    """
    Send an application in: it becomes a message, and goes the way of every message. Returns its reference there.

    The supervisor named in it is told, in the place of the copy that a mail would go to them with (R-051). What the
    rules find missing is answered as it is by mail; nothing is decided here.

    :raises DoorClosed: where the guide names only the mailbox (A17)
    :raises CodeWrong: without an address that was proved
    :raises CannotApply: for credentials that are empty or larger than 15 MiB
    :raises NoPrinter: where this machine cannot print the form
    """
    guide = policy.at(now)
    door_must_be_open(guide)
    address = proved_address(code=code, now=now)
    if not credentials.content or len(credentials.content) > LARGEST:
        raise CannotApply("Send your credentials as one picture or PDF of at most 15 MB.")
    box = guide.mailbox("portal").address
    typed = {**values, "applicant_email": address}
    raw = adapters.message(
        typed, credentials, form=adapters.empty_form(guide), guide=guide, sender=address,
        # One for each code: a second press of the button is the same message, and known as a duplicate.
        message_id=f"<apply.{code}@{domain_of(box)}>", now=now,
    )  # fmt: skip
    here = inbox.receive(raw, envelope=Envelope(address, (box,)), door=DOOR, by=by, now=now)
    if not _used(code, typed, by=by, now=now):
        raise CodeWrong("This application was sent a moment ago. It is looked at once.")
    return here.reference


@transaction.atomic
def _used(code: str, values: Mapping[str, str], *, by: Actor, now: datetime) -> bool:
    """Use the code up and tell the supervisor; tell whether it was still good."""
    row = MailedCode.objects.filter(pk=code).first()
    if row is None or MailedCode.objects.filter(pk=code, used_at=None).update(used_at=now) != 1:
        return False
    supervisor = values.get("supervisor_email", "").strip().lower()
    if is_address(supervisor) and supervisor != row.address:
        context = {"applicant": values.get("applicant_name", ""), "agency": values.get("agency_name", "")}
        notices.enqueue(
            messages.APPLICATION_COPIED.name,
            to=supervisor,
            context=context,
            matter=row.matter,
            by=by,
            now=now,
        )
    audit.record("application.sent_on_page", by=by, at=now, matter=row.matter, code=row.pk)
    return True

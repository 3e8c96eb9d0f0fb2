"""When an agency is reminded of an invoice: armed where it is made, disarmed where it is settled."""

from datetime import datetime, timedelta

from tecum.billing.models import Invoice
from tecum.deadlines import operations as deadlines
from tecum.guide.model.guide import Guide
from tecum.kernel import business

REMINDER = "billing.reminder"


def arm(row: Invoice, guide: Guide, *, now: datetime) -> None:
    """Let the next reminder of an invoice fall due on the day that the guide says, at its midnight."""
    if row.due_on is None or row.reminders >= len(guide.billing.reminders):
        return
    day = row.due_on + timedelta(days=guide.billing.reminders[row.reminders])
    deadlines.arm(
        REMINDER,
        subject=subject(row),
        due_at=business.midnight(guide.carrier.zone, day),
        matter=row.matter,
        now=now,
    )


def subject(row: Invoice) -> str:
    """Return the invoice and how often it was reminded of: arming the next leaves the one that rings in peace."""
    return f"{row.pk}/{row.reminders}"


def disarm(row: Invoice, *, now: datetime) -> None:
    """Let no reminder of an invoice go out any more."""
    deadlines.disarm(REMINDER, subject=subject(row), now=now)

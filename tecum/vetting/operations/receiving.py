"""An application arrives, is opened by a person, or waits too long."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.vetting import messages, rules, sealed
from tecum.vetting.facts import FormValues, MailFacts
from tecum.vetting.models import Application
from tecum.vetting.queries import ApplicationView, case_of, view
from tecum.vetting.states import OPEN

PROMISED = "vetting.promised"
NOTHING_MISSING = "At first sight nothing is missing."


@transaction.atomic
def receive(
    *,
    message: str,
    matter: str,
    mail: MailFacts,
    incoming: Incoming,
    arrived_at: datetime,
    by: Actor,
    now: datetime,
    right_address: str = "",
) -> str:
    """
    Take an application that a message brought, answer it automatically with what is missing, and return its reference.

    The same message again changes nothing. The promised window runs from the arrival, wherever the message came first.
    Where that was the wrong address, the one answer names `right_address`.
    """
    known = Application.objects.filter(message=message).first()
    if known is not None:
        return known.reference
    guide = policy.at(now)
    forms = mail.forms
    form = FormValues.read(forms[0].values) if forms else FormValues()
    row = Application(
        reference=ids.reference("AP"),
        matter=matter,
        message=message,
        received_at=arrived_at,
        promised_by=rules.promised_by(guide, arrived_at),
        guide_version=guide.version,
        applicant_print=sealed.fingerprint(form.applicant_email),
    )
    sealed.close(row, form, mail, incoming)
    row.save(force_insert=True)
    deadlines.arm(PROMISED, subject=row.pk, due_at=row.promised_by, now=now)
    answers = rules.examined(case_of(row, sealed.opened(row), now=now))
    unmet = [answer.check.value for answer in answers if not answer.met]
    audit.record("application.received", by=by, at=now, matter=matter, application=row.pk, unmet=unmet)
    context = {
        "reference": row.reference,
        "window": str(guide.lookup.vetting.window),
        "missing": rules.missing(answers) or NOTHING_MISSING,
    }
    kind = messages.APPLICATION_MISDIRECTED if right_address else messages.APPLICATION_RECEIVED
    notices.reply(
        kind.name,
        to=incoming,
        context={**context, "address": right_address} if right_address else context,
        matter=matter,
        conversation=f"application:{row.pk}",
        by=by,
        now=now,
    )
    return row.reference


def open_application(*, application: str, by: Actor, now: datetime) -> ApplicationView:
    """
    Show one application to a person; that it was opened is remembered before it is shown.

    :raises NotYours: without the permission, or for an unknown application
    """
    require(by, "application.read", now=now)
    row = Application.objects.select_related("person").filter(pk=application).first()
    if row is None:
        raise NotYours
    audit.note("application.opened", by=by, at=now, matter=row.matter, application=row.pk)
    return view(row, now=now)


def late(*, application: str, by: Actor, now: datetime) -> None:
    """Tell staff that an application waits longer than was promised; the applicant hears nothing (C7, R-059)."""
    row = Application.objects.select_for_update().filter(pk=application, state__in=OPEN, late_at=None).first()
    if row is None:
        return
    row.late_at = now
    row.save(update_fields=["late_at"])
    guide = policy.at(now)
    desk = guide.desk(guide.mailbox("portal").desk)
    audit.record("application.late", by=by, at=now, matter=row.matter, application=row.pk)
    if desk.email:
        context = {"reference": row.reference, "window": str(guide.lookup.vetting.window)}
        notices.enqueue(
            messages.APPLICATION_LATE.name, to=desk.email, context=context, matter=row.matter, by=by, now=now
        )

"""From a profile to an account that works: the pair of messages (decision A6), the link, and a new link."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.policy import queries as policy
from tecum.vetting import messages
from tecum.vetting.facts import FormValues
from tecum.vetting.models import Application
from tecum.vetting.sealed import opened
from tecum.vetting.states import ApplicationState

LINK = "account.link_expires"


class CannotIssue(Refused):
    """A link for somebody who has no profile, or who has set the password."""


def send_pair(row: Application, form: FormValues, *, person: str, by: Actor, now: datetime) -> None:
    """Enqueue the pair of messages, in the caller's transaction: the code word first, then the link (A6, R-061, R-064)."""
    guide = policy.at(now)
    _welcome(guide, row, form, by=by, now=now)
    _link(guide, row, form, person=person, by=by, now=now)


@transaction.atomic
def issue_again(*, application: str, by: Actor, now: datetime) -> None:
    """
    Send a new link, which voids the earlier one (R-067).

    :raises NotYours: without the permission, or for an unknown application
    :raises CannotIssue: before the application is accepted, or once the password is set
    """
    require(by, "application.decide", now=now)
    accounts.stand(by=by, now=now)
    row = Application.locked(application)
    if row.state != ApplicationState.ACCEPTED or row.person is None:
        raise CannotIssue("There is no profile yet: the application is not accepted.")
    if row.person.has_usable_password():
        raise CannotIssue("The password is set; a lost one is mended on the person's page.")
    _link(policy.at(now), row, opened(row).form, person=row.person.pk, by=by, now=now)


def link_over(*, application: str, by: Actor, now: datetime) -> None:
    """Remember that a link ran out before it was used, so that staff see it; the person asks for a new one (R-067)."""
    row = Application.objects.select_for_update().filter(pk=application).first()
    if row is None or row.person is None or row.person.has_usable_password():
        return
    row.link_over_at = now
    row.save(update_fields=["link_over_at"])
    audit.record("application.link_over", by=by, at=now, matter=row.matter, application=row.pk)


def _welcome(guide: Guide, row: Application, form: FormValues, *, by: Actor, now: datetime) -> None:
    next_subject = guide.wording[messages.ACTIVATION_LINK.name].subject
    notices.enqueue(
        messages.ACTIVATION_WELCOME.name,
        to=form.applicant_email,
        context={
            "applicant": form.applicant_name,
            "code_word": form.code_word,
            "next_subject": next_subject,
            "user_guide": settings.PUBLIC_ADDRESS + reverse("public:manual"),
        },
        mailbox=_sender(guide),
        matter=row.matter,
        by=by,
        now=now,
    )


def _link(guide: Guide, row: Application, form: FormValues, *, person: str, by: Actor, now: datetime) -> None:
    issued = accounts.issue_link(person=person, by=by, now=now)
    row.link_until, row.link_over_at = issued.expires_at, None
    row.save(update_fields=["link_until", "link_over_at"])
    deadlines.arm(LINK, subject=row.pk, due_at=issued.expires_at, now=now)
    zone = guide.carrier.zone.tz
    notices.enqueue(
        messages.ACTIVATION_LINK.name,
        to=form.applicant_email,
        context={
            "user_name": form.applicant_email,
            "link": settings.PUBLIC_ADDRESS + reverse("set_password", args=[issued.token]),
            "expires": f"{words.moment(issued.expires_at, zone)} ({words.utc(issued.expires_at)})",
        },
        mailbox=_sender(guide),
        matter=row.matter,
        by=by,
        now=now,
    )


def _sender(guide: Guide) -> str:
    return guide.lookup.activation_sender or "portal"

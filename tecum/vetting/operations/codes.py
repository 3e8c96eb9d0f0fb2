"""
Codes by mail, which prove an address: how one's application stands (R-060, C7), and the form on the page.

Whoever asks about a reference gets one answer, and the same work is done, whether there is such an application or not:
only the job that would send the code finds out.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import F

from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.ids import ALPHABET, unguessable
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.rules import Incoming, is_address, reply_address
from tecum.policy import queries as policy
from tecum.secrecy import operations as secrecy
from tecum.vetting import messages, queries, rules, sealed
from tecum.vetting.models import Application, MailedCode
from tecum.vetting.states import CodePurpose

SEND = "vetting.code_asked"
HOUR = timedelta(hours=1)
LENGTH = 8  # Crockford characters: 40 bits against a few tries


class CodeWrong(Refused):
    """The code does not fit, is no longer good, or there is none: nobody is told which."""


class DoorClosed(Refused):
    """The guide does not let people apply on the page (A17)."""


class NoAgencyAddress(Refused):
    """An address that no agency has."""


@transaction.atomic
def ask_status(*, reference: str, by: Actor, now: datetime) -> str:
    """Let a code go to the address of an application, if there is one, and return the id under which it is entered."""
    vetting = policy.at(now).lookup.vetting
    row = MailedCode.objects.create(
        purpose=CodePurpose.STATUS,
        reference=reference.strip().upper()[:20],
        asked_at=now,
        good_until=now + vetting.code_life.elapsed,
    )
    deadlines.arm(SEND, subject=row.pk, due_at=now, now=now)
    audit.record("code.asked", by=by, at=now, code=row.pk, purpose="status")
    return row.pk


@transaction.atomic
def ask_to_apply(*, address: str, by: Actor, now: datetime) -> str:
    """
    Let a code go to the address that somebody wants to apply with, and return the id under which it is entered.

    :raises DoorClosed: where the guide names only the mailbox (A17)
    :raises NoAgencyAddress: for what is no address, or one of a mail service for everybody
    """
    guide = policy.at(now)
    door_must_be_open(guide)
    vetting = guide.lookup.vetting
    clean = address.strip().lower()
    if not is_address(clean):
        raise NoAgencyAddress("That is no e-mail address.")
    if rules.domain_of(clean) in guide.mail.free_mail:
        raise NoAgencyAddress(
            "Use the address that your agency gave you; this one is of a mail service for everybody."
        )
    row = MailedCode(
        id=unguessable(), purpose=CodePurpose.APPLY, address=clean, asked_at=now, good_until=now + vetting.code_life.elapsed,
        matter=secrecy.open_matter(kind="mail", by=by, now=now),
    )  # fmt: skip
    row.save(force_insert=True)
    deadlines.arm(SEND, subject=row.pk, due_at=now, now=now)
    audit.record("code.asked", by=by, at=now, matter=row.matter, code=row.pk, purpose="apply")
    return row.pk


def send_code(*, code: str, by: Actor, now: datetime) -> None:
    """Send a code that was asked for to the address it is for; nothing happens where there is none, or too many went there."""
    row = MailedCode.objects.select_for_update().filter(pk=code, sent_at=None).first()
    if row is None or row.good_until <= now:
        return
    if row.purpose == CodePurpose.STATUS:
        row.application = Application.objects.filter(reference=row.reference).first()
        if row.application is None:
            return
        row.matter, to = row.application.matter, _address_of(row.application)
        recent = MailedCode.objects.filter(application=row.application)
    else:
        to, recent = row.address, MailedCode.objects.filter(address=row.address)
    guide = policy.at(now)
    if not to or recent.filter(sent_at__gt=now - HOUR).count() >= guide.lookup.vetting.codes_per_hour:
        return
    text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row.code_print, row.sent_at = _print(row.pk, text), now
    row.save(update_fields=["code_print", "sent_at", "application", "matter"])
    message = messages.CODE_STATUS if row.purpose == CodePurpose.STATUS else messages.CODE_APPLY
    until = f"{words.moment(row.good_until, guide.carrier.zone.tz)} ({words.utc(row.good_until)})"
    notices.enqueue(
        message.name, to=to, context={"code": f"{text[:4]}-{text[4:]}", "good_until": until}, matter=row.matter,
        by=by, now=now,
    )  # fmt: skip
    audit.record("code.sent", by=by, at=now, matter=row.matter, code=row.pk)


def prove(*, code: str, typed: str, by: Actor, now: datetime) -> None:
    """
    Take a code that was typed; a wrong one counts, and as many as the guide says close it.

    :raises CodeWrong: whatever does not fit
    """
    clean = (
        "".join(typed.split()).replace("-", "").upper().replace("O", "0").replace("I", "1").replace("L", "1")
    )
    vetting = policy.at(now).lookup.vetting
    with transaction.atomic():
        tried = MailedCode.objects.filter(
            pk=code, good_until__gt=now, tries__lt=vetting.code_tries, proved_at=None
        )
        counted = tried.update(tries=F("tries") + 1)
        known = MailedCode.objects.filter(pk=code).values_list("code_print", flat=True).first() or ""
        fits = compare_digest(known or "0" * 64, _print(code, clean)) and bool(counted)
        if fits:
            MailedCode.objects.filter(pk=code).update(proved_at=now)
        audit.record("code.tried", by=by, at=now, code=code if counted else "unknown", fits=fits)
    if not fits:
        raise CodeWrong(
            f"That is not the code, or it is no longer good. A code works for {vetting.code_life} and {vetting.code_tries} tries."
        )


@transaction.atomic
def tell_status(*, reference: str, incoming: Incoming, by: Actor, now: datetime, matter: str = "") -> str:
    """
    Answer a mail that asks how an application stands: to the application's own address only (R-060).

    Any other address hears one sentence, the same for a reference that there is and for one that there is not.
    Returns a code of what was done.
    """
    row = Application.objects.filter(reference=reference).first()
    to = reply_address(incoming).lower()
    if row is None or to not in _addresses_of(row):
        notices.reply(
            messages.APPLICATION_STATUS_OWN.name, to=incoming, context={}, matter=matter, by=by, now=now
        )
        audit.record("application.status_refused", by=by, at=now, matter=matter)
        return "not_told"
    guide = policy.at(now)
    context = {
        "reference": row.reference,
        "stands": rules.how_it_stands(queries.facts_of(row), guide, now=now),
        "window": str(guide.lookup.vetting.window),
    }
    notices.reply(
        messages.APPLICATION_STATUS.name, to=incoming, context=context, matter=row.matter,
        conversation=f"status:{row.pk}:{incoming.message_id or incoming.mark}", by=by, now=now,
    )  # fmt: skip
    audit.record("application.status_told", by=by, at=now, matter=row.matter, application=row.pk, door="mail")
    return row.reference


def show_status(*, code: str, by: Actor, now: datetime) -> "queries.Standing":
    """
    Show on the page how an application stands, once the code is proved; that it was shown is remembered first.

    :raises CodeWrong: without a proved code, or later than the guide keeps the page open
    """
    row = (
        MailedCode.objects.select_related("application__person")
        .filter(pk=code, purpose=CodePurpose.STATUS)
        .first()
    )
    if row is None or row.application is None or not is_proved(row, now=now):
        raise CodeWrong(
            f"This page is open for {policy.at(now).lookup.vetting.status_open} after the code. Please ask for a new one."
        )
    audit.note(
        "application.status_seen",
        by=by,
        at=now,
        matter=row.application.matter,
        application=row.application.pk,
    )
    return queries.standing(row.application, now=now)


def is_proved(row: MailedCode, *, now: datetime) -> bool:
    """Tell whether a code was proved lately and is not used."""
    at, vetting = row.proved_at, policy.at(now).lookup.vetting
    open_for = vetting.status_open if row.purpose == CodePurpose.STATUS else vetting.form_open
    return at is not None and row.used_at is None and now < at + open_for.elapsed


def door_must_be_open(guide: Guide) -> None:
    """Refuse an application on the page where the guide names only the mailbox. :raises DoorClosed: then"""
    if "page" not in guide.lookup.vetting.apply_by:
        raise DoorClosed(f"Applications are sent by mail only, to {guide.mailbox('portal').address}.")


def _addresses_of(row: Application) -> frozenset[str]:
    said = sealed.opened(row)
    return frozenset({said.form.applicant_email, said.mail.sender} - {""})


def _address_of(row: Application) -> str:
    said = sealed.opened(row)
    return next((each for each in (said.form.applicant_email, said.mail.sender) if is_address(each)), "")


def _print(code: str, text: str) -> str:
    return secrecy.fingerprint(f"{code} {text}".encode(), purpose="mailed code")

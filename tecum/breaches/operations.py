"""What is done after an account was in other hands: rewind, open the matter, tell agencies and customers, close."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.audit import operations as audit
from tecum.breaches import adapters, messages, queries, rules
from tecum.breaches.models import Breach, BreachClock, BreachNotice
from tecum.breaches.rules import BreachView, End, NoticeView
from tecum.breaches.states import BREACH_NEXT, DUTIES, NAMES, BreachState, Duty, Receiver
from tecum.customers import queries as customers
from tecum.deadlines import operations as deadlines
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.kernel.actors import Actor
from tecum.kernel.ids import reference
from tecum.kernel.refusals import NotYours, Refused
from tecum.lookup import queries as lookups
from tecum.lookup.adapters import File
from tecum.lookup.rules import GivenAnswer
from tecum.notices import operations as outbox
from tecum.notices import queries as letters
from tecum.notices.drivers.letters import Letter
from tecum.policy import queries as policy
from tecum.production.rules.views import Delivered
from tecum.secrecy import operations as secrecy

NEAR, OVER = "breach.clock_near", "breach.clock_over"


class NotABreach(Refused):
    """What was typed cannot be a breach: no interval, a moment to come, or nothing said."""


class AlreadyGiven(Refused):
    """The notice was given; its words are what was said."""


class TooEarly(Refused):
    """Customers may not be told yet."""


class NotFinished(Refused):
    """A breach is closed once agencies and customers were told."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known when a breach is opened; instants are aware, `until` is the first moment that no longer counts."""

    person: str
    since: datetime
    until: datetime
    found_at: datetime
    what: str
    how: str = ""
    loss: str = ""


@transaction.atomic
def open_breach(*, found: Found, by: Actor, now: datetime) -> BreachView:
    """
    Open the matter of a compromised account: keep it out, start the clocks of every version of the rule, draft the notices.

    :raises NotYours: for an unknown person
    :raises NotABreach: without an interval in the past or a description
    """
    require(by, "breach.manage", now=now)
    accounts.stand(by=by, now=now)
    _checked(found, now=now)
    who = people.person(id=found.person, by=by, now=now)
    if not who.suspended:
        accounts.suspend_person(person=who.id, reason="The account was in other hands.", by=by, now=now)
    guide = policy.at(now)
    row = Breach.objects.create(
        reference=reference("BR"),
        matter=secrecy.open_matter(kind="breaches", by=by, now=now),
        person=who.ref,
        since=found.since,
        until=found.until,
        found_at=found.found_at,
        opened_at=now,
        opened_by=by.ref,
        what=found.what.strip(),
        how=found.how.strip(),
        loss=found.loss.strip(),
        guide_version=guide.version,
    )
    for end in rules.first_ends(guide, found_at=found.found_at):
        _start(row, end, now=now)
    answers = _answers(row, by=by, now=now)
    _draft(row, answers, guide, by=by, now=now)
    audit.record(
        "breach.opened", by=by, at=now, matter=row.matter, breach=row.pk, person=who.id,
        answers=len(answers), customers=len(_revealed(answers)),
    )  # fmt: skip
    return row.view()


def read_answers(*, breach: str, by: Actor, now: datetime, reveal: bool) -> list[GivenAnswer]:
    """
    Return every answer that the account got in the interval; that they were read is recorded first.

    `reveal` says whether the reader is shown whole numbers; a door that hides them says no.

    :raises NotYours: without the permission, or for an unknown breach
    """
    view = queries.breach(id=breach, by=by, now=now)
    answers = lookups.answers_of(person=view.person, since=view.since, until=view.until, by=by, now=now)
    audit.note(
        "breach.answers_read", by=by, at=now, matter=view.matter, breach=breach, answers=len(answers),
        numbers="shown" if reveal else "hidden",
    )  # fmt: skip
    return answers


def read_productions(*, breach: str, by: Actor, now: datetime) -> list[Delivered]:
    """
    Return every production that the account fetched in the interval; that they were read is recorded first.

    :raises NotYours: without the permission, or for an unknown breach
    """
    view = queries.breach(id=breach, by=by, now=now)
    found = queries.productions(view)
    audit.note(
        "breach.productions_read", by=by, at=now, matter=view.matter, breach=breach, productions=len(found)
    )
    return found


def export_answers(*, breach: str, form: str, by: Actor, now: datetime) -> File:
    """
    Return the list of answers as a file, `xlsx` or `csv`; that it was taken is recorded first.

    :raises NotYours: without the permission, for an unknown breach or another form
    """
    view = queries.breach(id=breach, by=by, now=now)
    if form not in ("xlsx", "csv"):
        raise NotYours
    answers = lookups.answers_of(person=view.person, since=view.since, until=view.until, by=by, now=now)
    cards = customers.cards(_revealed(answers))
    names = {id: card.legal_name for id, card in cards.items()}
    file = adapters.listed(view, answers, names=names, form=form, zone=policy.at(now).carrier.zone.tz)
    audit.note("breach.exported", by=by, at=now, matter=view.matter, breach=breach, form=form)
    return file


@transaction.atomic
def word(*, notice: str, subject: str, text: str, by: Actor, now: datetime) -> NoticeView:
    """
    Mend the words of a draft.

    :raises AlreadyGiven: once it was given
    :raises NotABreach: without words
    """
    require(by, "breach.manage", now=now)
    row = _notice(notice)
    if not subject.strip() or not text.strip():
        raise NotABreach("A notice has a subject and a text.")
    row.draft(subject=subject.strip(), text=text.strip(), by=by.ref, at=now)
    audit.record(
        "breach.notice_worded", by=by, at=now, matter=row.breach.matter, breach=row.breach_id, notice=notice
    )
    return row.view()


@transaction.atomic
def give(*, notice: str, how: str, by: Actor, now: datetime, urgent: bool = False) -> NoticeView:
    """
    Record that a notice was given, and how. The last of a version's agencies starts the wait before customers.

    `urgent`: the investigating agency was consulted and agrees that customers are told at once, to avoid immediate and
    irreparable harm (47 CFR 64.2011(b)(2) before its amendment).

    :raises TooEarly: for a customer before the agencies, within the wait, or while an agency's direction holds it
    :raises AlreadyGiven: when it was
    """
    require(by, "breach.manage", now=now)
    row = _notice(notice)
    if not how.strip():
        raise NotABreach("Say how it was given: by which channel, to whom, with which confirmation.")
    if row.receiver == Receiver.CUSTOMER and not urgent:
        _not_too_early(row.breach, now=now)
    row.given_at, row.given_by, row.how = now, by.ref, how.strip()
    row.save(update_fields=["given_at", "given_by", "how"])
    audit.record(
        "breach.notice_given", by=by, at=now, matter=row.breach.matter, breach=row.breach_id, notice=notice,
        receiver=row.receiver, urgent=urgent,
    )  # fmt: skip
    _meet(row.breach, now=now)
    return row.view()


@transaction.atomic
def hold_customers(*, breach: str, until: datetime, why: str, by: Actor, now: datetime) -> BreachView:
    """
    Record an agency's direction that customers are not told before an instant; it may be given again.

    :raises NotABreach: without the agency's words, or for longer than the guide's rule lets an agency direct at once
    """
    require(by, "breach.manage", now=now)
    row = _open(breach)
    latest = rules.longest_hold(policy.at(now), now=now)
    if not why.strip() or not now < until <= latest:
        raise NotABreach(
            "Say which agency directed it, and until when: a moment to come, within what the rule allows at once."
        )
    row.held_until, row.held_why = until, why.strip()
    row.save(update_fields=["held_until", "held_why"])
    audit.record("breach.held", by=by, at=now, matter=row.matter, breach=breach, until=until)
    return row.view()


@transaction.atomic
def close(*, breach: str, why: str, by: Actor, now: datetime) -> BreachView:
    """
    Close a breach, once everybody was told.

    :raises NotFinished: while a notice is not given
    """
    require(by, "breach.manage", now=now)
    row = _open(breach)
    if (
        BreachState.CLOSED not in BREACH_NEXT[BreachState(row.state)]
        or row.notices.filter(given_at=None).exists()
    ):
        raise NotFinished("Notices are not given yet. The breach stays open until they are.")
    if not why.strip():
        raise NotABreach("Say what came of it.")
    row.state, row.closed_at, row.closed_by, row.closing = BreachState.CLOSED, now, by.ref, why.strip()
    row.save(update_fields=["state", "closed_at", "closed_by", "closing"])
    audit.record("breach.closed", by=by, at=now, matter=row.matter, breach=breach)
    return row.view()


@transaction.atomic
def clock_rings(*, clock: str, by: Actor, now: datetime) -> None:
    """Tell the desk that an end comes near, or has passed, while its notices are not given."""
    require(by, "breach.manage", now=now)
    found = BreachClock.objects.select_related("breach").filter(pk=int(clock), met_at=None).first()
    if found is None or found.breach.state == BreachState.CLOSED:
        return
    guide = policy.at(now)
    context = {
        "reference": found.breach.reference,
        "duty": DUTIES[Duty(found.duty)],
        "due": words.moment(found.due_at, guide.carrier.zone.tz),
        "page": settings.PUBLIC_ADDRESS + reverse("oversight:breach", args=[found.breach_id]),
    }
    outbox.enqueue(
        messages.BREACH_CLOCK.name, to=guide.mailbox("portal").address, context=context, matter=found.breach.matter,
        by=by, now=now,
    )  # fmt: skip
    audit.record(
        "breach.clock_rang", by=by, at=now, matter=found.breach.matter, breach=found.breach_id, duty=found.duty,
        over=now >= found.due_at,
    )  # fmt: skip


def _checked(found: Found, *, now: datetime) -> None:
    if not found.since < found.until <= now or found.found_at > now:
        raise NotABreach("The interval begins before it ends, and neither it nor the finding lies ahead.")
    if not found.what.strip():
        raise NotABreach("Describe what happened.")


def _open(breach: str) -> Breach:
    row = Breach.objects.select_for_update().filter(pk=breach, state=BreachState.OPEN).first()
    if row is None:
        raise NotYours
    return row


def _notice(notice: str) -> BreachNotice:
    """Return a draft with its breach, both held; the breach first, so that two people do not wait for each other."""
    known = BreachNotice.objects.filter(pk=notice).values_list("breach", flat=True).first()
    held = _open(known or "")
    row = BreachNotice.objects.select_for_update().get(pk=notice)
    row.breach = held
    if row.given_at is not None:
        raise AlreadyGiven("This notice was given; what was said stays as it was.")
    return row


def _start(row: Breach, end: End, *, now: datetime) -> None:
    clock, fresh = BreachClock.objects.get_or_create(
        breach=row, rule=end.rule, duty=end.duty, defaults={"due_at": end.due_at, "basis": end.basis}
    )
    if fresh and end.duty is not Duty.CUSTOMERS_AFTER:
        deadlines.arm(NEAR, subject=str(clock.pk), due_at=max(end.remind_at, now), now=now)
        deadlines.arm(OVER, subject=str(clock.pk), due_at=max(end.due_at, now), now=now)


def _meet(row: Breach, *, now: datetime) -> None:
    """Stop the clocks whose notices are all given, and start the wait that follows."""
    guide = policy.version(row.guide_version, now)
    left = set(row.notices.filter(given_at=None).values_list("receiver", flat=True))
    for rule in rules.applied(guide, row.found_at):
        if left.isdisjoint(rule.receivers):
            _stop(row, rule.id, Duty.AGENCIES_BY, now=now)
            wait = rules.waits(guide, rule, told_at=_told_at(row, rule.receivers))
            if wait is not None:
                _start(row, wait, now=now)
        if Receiver.CUSTOMER not in left:
            _stop(row, rule.id, Duty.CUSTOMERS_BY, now=now)


def _told_at(row: Breach, receivers: Sequence[str]) -> datetime:
    told = row.notices.filter(receiver__in=receivers).values_list("given_at", flat=True)
    return max(at for at in told if at is not None)


def _stop(row: Breach, rule: str, duty: Duty, *, now: datetime) -> None:
    for clock in BreachClock.objects.filter(breach=row, rule=rule, duty=duty, met_at=None):
        clock.met_at = now
        clock.save(update_fields=["met_at"])
        for kind in (NEAR, OVER):
            deadlines.disarm(kind, subject=str(clock.pk), now=now)


def _not_too_early(row: Breach, *, now: datetime) -> None:
    if row.notices.filter(given_at=None).exclude(receiver=Receiver.CUSTOMER).exists():
        raise TooEarly("Customers are told after the agencies: record first that those were told.")
    waits = row.clocks.filter(duty=Duty.CUSTOMERS_AFTER, due_at__gt=now).order_by("-due_at").first()
    until = max(waits.due_at if waits else now, row.held_until or now)
    if now < until:
        zone = policy.at(now).carrier.zone.tz
        raise TooEarly(f"No customer may be told before {words.moment(until, zone)}.")


def _answers(row: Breach, *, by: Actor, now: datetime) -> list[GivenAnswer]:
    return lookups.answers_of(person=row.person, since=row.since, until=row.until, by=by, now=now)


def _revealed(answers: Iterable[GivenAnswer]) -> set[str]:
    return {one.customer for one in answers if one.customer}


def _draft(row: Breach, answers: Sequence[GivenAnswer], guide: Guide, *, by: Actor, now: datetime) -> None:
    """Write the first words of every notice, by the guide."""
    zone = guide.carrier.zone.tz
    known = {
        "reference": row.reference,
        "what": row.what,
        "begins": words.moment(row.since, zone),
        "ends": words.moment(row.until, zone),
        "found": words.moment(row.found_at, zone),
    }
    revealed = _revealed(answers)
    more = {
        "how": row.how or "not known yet",
        "loss": row.loss or "none known",
        "answers": str(len(answers)),
        "customers": str(len(revealed)),
    }
    for receiver in rules.receivers(rules.applied(guide, row.found_at)):
        context = {**known, **more, "receiver": NAMES[receiver]}
        _keep(
            row, receiver, "", letters.preview(messages.BREACH_AGENCY.name, context, now=now), by=by, now=now
        )
    for customer in sorted(revealed):
        count = len({one.number for one in answers if one.customer == customer})
        context = {**known, "numbers": str(count)}
        letter = letters.preview(messages.BREACH_CUSTOMER.name, context, now=now)
        _keep(row, Receiver.CUSTOMER, customer, letter, by=by, now=now)


def _keep(
    row: Breach, receiver: Receiver, customer: str, letter: Letter, *, by: Actor, now: datetime
) -> None:
    notice = BreachNotice(breach=row, receiver=receiver, customer=customer)
    notice.draft(subject=letter.subject, text=letter.text, by=by.ref, at=now)

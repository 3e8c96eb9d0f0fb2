"""
What an agency's overdue invoices change for it, as the guide says (`[[arrears]]`): kept at the agency, told to it once.

The rules are judged where they bind: at the door, before work, at the release. Here it is only known since when the
oldest open invoice is overdue. Invoices of sealed cases do not count: nobody learns of such a case by a closed door.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from tecum.agencies import operations as agencies
from tecum.agencies import queries as directory
from tecum.audit import operations as audit
from tecum.billing import adapters, messages
from tecum.billing.models import Invoice
from tecum.billing.states import InvoiceState, PaperKind, Series
from tecum.deadlines import operations as deadlines
from tecum.guide import saying
from tecum.guide.calculators import payment
from tecum.guide.model.fees import Arrears
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.guide.values import shift
from tecum.kernel import business
from tecum.kernel.actors import Actor
from tecum.kernel.business import BusinessCalendar
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours
from tecum.notices import operations as notices
from tecum.policy import queries as policy

ARREARS = "billing.arrears"


@transaction.atomic
def judge_arrears(*, agency: str, by: Actor, now: datetime) -> None:
    """Keep since when an agency is overdue, tell it what that changes from now on, and wait for the next change."""
    guide = policy.at(now)
    today = now.astimezone(guide.carrier.zone.tz).date()
    rows = list(_counting(agency).order_by("due_on"))
    late = [row for row in rows if row.due_on is not None and row.due_on < today]
    since = late[0].due_on if late else None
    holding = _holding(guide, since, today)
    try:
        told = agencies.note_overdue(
            agency=agency, since=since, told=[rule.id for rule in holding], by=by, now=now
        )
    except NotYours:  # no entry of the directory: nothing can be kept or closed
        return
    fresh = [rule for rule in holding if rule.id not in told]
    if fresh and since is not None:
        _tell(agency, guide, fresh, late, since, by=by, now=now)
    _wait(agency, guide, rows, since, now=now)


def _counting(agency: str) -> "QuerySet[Invoice]":
    return Invoice.objects.filter(
        agency=agency, kind=PaperKind.INVOICE, state=InvoiceState.OPEN, series=Series.ORDINARY, due_on__isnull=False
    ).exclude(agency="")  # fmt: skip


def _holding(guide: Guide, since: date | None, today: date) -> list[Arrears]:
    if since is None:
        return []
    ids = payment.terms(guide, Question(on=today), overdue=(today - since).days).arrears
    return [rule for rule in guide.on(guide.arrears, today) if rule.id in ids]


def _wait(agency: str, guide: Guide, rows: list[Invoice], since: date | None, *, now: datetime) -> None:
    """Arm the next instant at which an invoice becomes overdue, or a rule of the guide begins to hold."""
    zone = str(guide.carrier.zone)
    coming = [business.midnight(zone, row.due_on + timedelta(days=1)) for row in rows if row.due_on]
    if since is not None:
        due = business.midnight(zone, since)
        coming += [
            shift(due, rule.after.high, rule.after.unit, BusinessCalendar(zone, ())) for rule in guide.arrears
        ]
    ahead = [at for at in coming if at > now]
    if ahead:
        deadlines.arm(ARREARS, subject=agency, due_at=min(ahead), now=now)
    else:
        deadlines.disarm(ARREARS, subject=agency, now=now)


def _tell(
    agency: str,
    guide: Guide,
    rules: list[Arrears],
    late: list[Invoice],
    since: date,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Tell an agency what changes from now on, where its last invoice went; never which cases it is about."""
    to = next(
        (row.sent_to for row in sorted(late, key=lambda row: row.issued_at, reverse=True) if row.sent_to), ""
    )
    sent = bool(to) and guide.writes_mail
    if sent:
        views = [adapters.invoice(row) for row in late]
        currency = guide.carrier.currency
        owed = Money.of_cents(
            sum(each.owed.cents for each in views if each.owed.currency == currency), currency
        )
        notices.enqueue(
            messages.ARREARS.name, to=to, by=by, now=now, mailbox=messages.mailbox(guide),
            context={
                "agency": directory.names({agency}).get(agency, ""), "owed": str(owed), "since": f"{since:%d %B %Y}",
                "changes": list(saying.changed_by_arrears([rule.id for rule in rules], guide)), "invoices": [f"{each.number}: {each.owed}" for each in views],
                "remit_to": saying.pays_to(guide),
            },
        )  # fmt: skip
    for rule in rules:
        audit.record("billing.arrears_told", by=by, at=now, agency=agency, rule=rule.id, sent=sent)

"""
The watch over accounts of targets: one that is unpaid, closing or closed is raised before the tap dies (R-147, R-149).

Full lists are compared here, inside Tecum. Nothing marks or asks for a target in a system whose staff could see it
(decisions, part E).
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as people
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.records.queries import lists
from tecum.records.queries.lists import LeavingAccount
from tecum.surveillance import messages
from tecum.surveillance.models import AccountWarning, TapTarget
from tecum.surveillance.operations import charging, noticing, telling
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.states import ON, WarningState

RAISED = "surveillance.account"
REPEAT = timedelta(days=1)
HOWS = frozenset({"agency_pays", "agency_told", "stays_active", "ends_anyway"})
REASONS = {
    "delinquent": "The account is delinquent",
    "possible_fraud": "It was identified as possibly fraudulent",
}


class CannotSettle(Refused):
    """A warning that is settled already, or a way that there is not."""


@transaction.atomic
def watch(*, by: Actor, now: datetime) -> int:
    """Compare every account that leaves with every target that is on; open, renew or settle warnings. Return how many are open."""
    targets: dict[str, list[TapTarget]] = defaultdict(list)
    live = TapTarget.objects.select_related("surveillance").filter(taps__state__in=ON).distinct()
    for target in live:
        targets[target.print].append(target)
    found: set[tuple[str, str]] = set()
    for account in lists.leaving_accounts() if targets else ():
        for target in targets.get(sealed.fingerprint(account.number, purpose="target"), ()):
            found.add((target.pk, account.source))
            _warn(target, account, by=by, now=now)
    for row in AccountWarning.objects.select_related("target__surveillance").filter(state=WarningState.OPEN):
        if (row.target_id, row.source) not in found:
            _settle(row, "no_longer", by=by, now=now)
    return len(found)


@transaction.atomic
def remind(*, warning: str, by: Actor, now: datetime) -> datetime | None:
    """Tell the desk that a target's account may end, and return when again: every day until somebody settled it."""
    row = (
        AccountWarning.objects.select_related("target__surveillance").filter(pk=warning, state="OPEN").first()
    )
    if row is None:
        return None
    home = row.target.surveillance
    until = (
        f"Its service ends on {row.service_until:%Y-%m-%d}."
        if row.service_until
        else "Its service may end at any time."
    )
    telling.tell_desk(
        home.reference, "the account of a target is about to end", until, matter=home.matter, by=by, now=now
    )
    row.told_at, row.told = now, row.told + 1
    row.save(update_fields=["told_at", "told"])
    audit.record("account.raised", by=by, at=now, matter=home.matter, warning=row.pk, times=row.told)
    return now + REPEAT


@transaction.atomic
def ask_agency(*, warning: str, reason: str, by: Actor, now: datetime) -> str:
    """
    Ask the agency to pay the service and airtime charges that keep the account active (R-147); return the letter's id.

    :raises CannotSettle: for a reason that there is not, or where there is no address for a letter
    """
    row = _locked(warning, by=by, now=now)
    if reason not in REASONS:
        raise CannotSettle(
            "The charges are asked for where the account is delinquent, or possibly fraudulent."
        )
    context = {
        "case": "",
        "reason": REASONS[reason].lower(),
        "until": f"{row.service_until:%-d %B %Y}" if row.service_until else "not known",
    }
    home = row.target.surveillance
    notice = noticing.write(home, messages.ACCOUNT_LEAVING.name, context, policy.at(now), by=by, now=now)
    if not notice:
        raise CannotSettle("Neither a mailbox of ours nor an address of theirs is known: call them.")
    row.asked_at, row.asked_by, row.notice = now, by.ref, notice
    row.save(update_fields=["asked_at", "asked_by", "notice"])
    audit.record("account.agency_asked", by=by, at=now, matter=home.matter, warning=row.pk, reason=reason)
    return notice


@transaction.atomic
def agency_pays(*, warning: str, reason: str, cost: Money, evidence: str, by: Actor, now: datetime) -> None:
    """
    Note the cost that the agency agreed to pay, with its record: it is passed on, once (R-147, B9); the warning is settled.

    :raises CannotSettle: without a reason of the fee, a cost or its record
    """
    row = _locked(warning, by=by, now=now)
    if reason not in REASONS or cost.cents <= 0 or not evidence.strip():
        raise CannotSettle("A cost is passed on with its reason, its amount and the record that shows it.")
    target = row.target
    charging.home(target, by=by, now=now)
    cases.note_billable(
        case=target.home_case, kind=charging.product(policy.at(now)), source=f"airtime {row.pk}", happened_at=now, unit="target",
        target=target.home_target, details={"authority": target.surveillance_id}, cost=cost, reason=reason,
        evidence=evidence.strip(), by=by, now=now,
    )  # fmt: skip
    row.agreed_at, row.agreed_by = now, by.ref
    row.save(update_fields=["agreed_at", "agreed_by"])
    _settle(row, "agency_pays", by=by, now=now)


@transaction.atomic
def settle(*, warning: str, how: str, by: Actor, now: datetime) -> None:
    """Settle a warning as a person who knows what follows. :raises CannotSettle: for a way that there is not"""
    row = _locked(warning, by=by, now=now)
    if how not in HOWS - {"agency_pays"}:
        raise CannotSettle("Say what follows.")
    _settle(row, how, by=by, now=now)


def _warn(target: TapTarget, account: LeavingAccount, *, by: Actor, now: datetime) -> None:
    row = AccountWarning.objects.filter(target=target, source=account.source, state=WarningState.OPEN).first()
    if row is not None and row.status == account.status and row.service_until == account.service_until:
        AccountWarning.objects.filter(pk=row.pk).update(last_seen_at=now)
        return
    last = AccountWarning.objects.filter(target=target, source=account.source, since=account.since)
    if (
        row is None
        and last.filter(status=account.status, service_until=account.service_until)
        .exclude(how="no_longer")
        .exists()
    ):
        return  # a person settled exactly this already
    row = row or AccountWarning(id=ids.unguessable(), target=target, source=account.source, seen_at=now)
    row.status, row.service_until, row.since, row.last_seen_at = (
        account.status,
        account.service_until,
        account.since,
        now,
    )
    row.save()
    home = target.surveillance
    audit.record(
        "account.warned",
        by=by,
        at=now,
        matter=home.matter,
        warning=row.pk,
        surveillance=home.pk,
        status=account.status,
    )
    deadlines.arm(RAISED, subject=row.pk, due_at=now, matter=home.matter, now=now)


def _settle(row: AccountWarning, how: str, *, by: Actor, now: datetime) -> None:
    rows = AccountWarning.objects.filter(pk=row.pk, state=WarningState.OPEN)
    if not rows.update(state=WarningState.SETTLED, settled_at=now, settled_by=by.ref, how=how):
        raise CannotSettle("It is settled already.")
    deadlines.disarm(RAISED, subject=row.pk, now=now)
    audit.record(
        "account.settled", by=by, at=now, matter=row.target.surveillance.matter, warning=row.pk, how=how
    )


def _locked(warning: str, *, by: Actor, now: datetime) -> AccountWarning:
    require(by, "trouble.work", now=now)
    people.stand(by=by, now=now)
    row = (
        AccountWarning.objects.select_for_update(of=("self",))
        .select_related("target__surveillance")
        .filter(pk=warning)
        .first()
    )
    if row is None or not readable(by=by, now=now).filter(pk=row.target.surveillance_id).exists():
        raise NotYours
    if row.state != WarningState.OPEN:
        raise CannotSettle("It is settled already.")
    return row

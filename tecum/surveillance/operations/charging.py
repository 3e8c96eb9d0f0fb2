"""What may be billed of a surveillance: each start of a type on a switch, each month that begins; once, whatever crashes."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tecum.cases import operations as cases
from tecum.cases import queries as case_queries
from tecum.cases.facts import Asked
from tecum.deadlines import operations as deadlines
from tecum.guide.model.fees import Fee
from tecum.guide.model.guide import Guide
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.surveillance.models import Tap, TapTarget, TapTurn
from tecum.surveillance.operations.rows import said_of
from tecum.surveillance.rules import months
from tecum.surveillance.states import TapState

MONTH = "surveillance.month"
PRODUCT = "surveillance"


def started(row: Tap, *, at: datetime, by: Actor, now: datetime) -> None:
    """
    Note that a tap started, in the transaction that writes down that the switch shows it.

    The facts say service, type, switch and the continuous surveillance (B14); what is charged of them the guide's fees say.
    """
    guide, target = policy.at(now), row.target
    target.refresh_from_db(fields=["first_on_at", "next_month_at"])  # another tap of it may have been first
    market = guide.switch(row.switch).market
    for kind in row.types.split():
        details = {
            "service": row.service,
            "type": kind,
            "switch": row.switch,
            "authority": target.surveillance_id,
            "act": row.authority_id,
        }
        cases.note_billable(
            case=target.home_case, kind=product(guide), source=f"{row.pk} {kind}", happened_at=at, unit="target",
            target=target.home_target, details=details | ({"market": market} if market else {}),
            version=case_queries.accepted_version(target.home_case), by=by, now=now,
        )  # fmt: skip
    if TapTurn.objects.filter(tap=row, generation=row.generation - 1, on=False).exists():
        _edge(row, "on", at=at, by=by, now=now)
    _month(target, guide, row, at=at, by=by, now=now)


def ended(row: Tap, *, at: datetime, by: Actor, now: datetime) -> None:
    """
    Note that a tap ended, where a month that is begun is not charged as a whole (the fee's `partial`).

    The fact is priced by the schedule that priced its month: what was not used is taken off at the price it had.
    """
    if row.on_at is not None and row.target.home_target:
        _edge(row, "off", at=at, by=by, now=now)


def _edge(row: Tap, unit: str, *, at: datetime, by: Actor, now: datetime) -> None:
    """Note for each type that a tap went off, or on again, priced as the month in which it did."""
    target, guide = row.target, policy.at(at)
    begun = policy.at(max(_begun(guide, target, at), target.first_on_at or at))
    if not (_in_parts(begun) or _in_parts(guide)):
        return
    for kind in row.types.split():
        details = {
            "service": row.service,
            "type": kind,
            "switch": row.switch,
            "authority": target.surveillance_id,
        }
        cases.note_billable(
            case=target.home_case, kind=product(guide), source=f"{row.pk} {unit} {row.generation} {kind}", happened_at=at,
            unit=unit, target=target.home_target, details=details,
            version=case_queries.accepted_version(target.home_case) or begun.version, by=by, now=now,
        )  # fmt: skip


def _in_parts(guide: Guide) -> bool:
    return any(fee.partial != "whole" for fee in _monthly(guide))


@transaction.atomic
def month_begins(*, target: str, by: Actor, now: datetime) -> datetime | None:
    """Note that a month began in which a target is still under surveillance; return when the next one does (R-142)."""
    found = (
        TapTarget.objects.select_for_update(of=("self",))
        .select_related("surveillance")
        .filter(pk=target)
        .first()
    )
    if found is None or found.first_on_at is None or found.next_month_at is None:
        return None
    guide = policy.at(now)
    while found.next_month_at <= now and (running := _on(found, found.next_month_at)):
        _note_month(found, guide, running, at=found.next_month_at, by=by, now=now)
        found.next_month_at = _next(guide, found, after=found.next_month_at)
    found.save(update_fields=["next_month_at"])
    return found.next_month_at if _on(found, now) else None


def product(guide: Guide) -> str:
    """Return the guide's product that is a surveillance; its plain name where the guide has none."""
    return next((each.id for each in guide.products if each.kind == "surveillance"), PRODUCT)


def _month(target: TapTarget, guide: Guide, row: Tap, *, at: datetime, by: Actor, now: datetime) -> None:
    """Note the month of a start, which a fee may include elsewhere, and wait for the next one."""
    _note_month(target, guide, [row], at=_begun(guide, target, at), by=by, now=now)
    if target.next_month_at is None or target.next_month_at <= now:
        target.next_month_at = _next(guide, target, after=at)
        target.save(update_fields=["next_month_at"])
    deadlines.arm(
        MONTH, subject=target.pk, due_at=target.next_month_at, matter=target.surveillance.matter, now=now
    )


def _begun(guide: Guide, target: TapTarget, at: datetime) -> datetime:
    """Return when the month began that an instant lies in: its first start in the first month."""
    begun = target.first_on_at or at
    while (after := _next(guide, target, after=begun)) <= at:
        begun = after
    return begun


def _note_month(
    target: TapTarget, guide: Guide, running: Iterable[Tap], *, at: datetime, by: Actor, now: datetime
) -> None:
    """Note the month for each service and type that runs, all at one instant: a fee counts them once or each (B3)."""
    name = months.name(at, months.zone_of(guide), how=_how(guide), first=target.first_on_at or at)
    for service, kind in sorted({(row.service, kind) for row in running for kind in row.types.split()}):
        details = {"authority": target.surveillance_id, "service": service, "type": kind}
        cases.note_billable(
            case=target.home_case, kind=product(guide), source=f"{target.pk} month {name} {service} {kind}",
            happened_at=at, unit="month", target=target.home_target, details=details,
            version=case_queries.accepted_version(target.home_case), by=by, now=now,
        )  # fmt: skip


def _next(guide: Guide, target: TapTarget, *, after: datetime) -> datetime:
    return months.next_after(after, months.zone_of(guide), how=_how(guide), first=target.first_on_at or after)


def _how(guide: Guide) -> str:
    """Return how the guide's own fee for a month counts months (B12)."""
    kinds = [fee.month for fee in _monthly(guide)]
    return kinds[0] if kinds else "calendar"


def _monthly(guide: Guide) -> list[Fee]:
    """Return the fees that a surveillance costs month by month."""
    mine = product(guide)
    return [fee for fee in guide.fees if "month" in fee.per and (not fee.products or mine in fee.products)]


def _on(target: TapTarget, at: datetime) -> list[Tap]:
    """Return the taps of a target that ran at an instant."""
    rows = Tap.objects.filter(target=target, on_at__lte=at)
    return [
        row for row in rows if row.state != TapState.ENDED or (row.off_at is not None and row.off_at > at)
    ]


def home(target: TapTarget, *, by: Actor, now: datetime) -> None:
    """Let everything of a target be noted in the case where its surveillance began: an order after an emergency is the same one."""
    if target.home_target:
        return
    guide = policy.at(now)
    case, number = target.surveillance.case_id, said_of(target).number
    known = [each for each in case_queries.targets(case=case, by=by, now=now) if each.value == number]
    home = (
        known[0]
        if known
        else cases.add_target(case=case, asked=Asked(number, None, product(guide)), by=by, now=now)
    )
    target.home_case, target.home_target = case, home.id
    target.save(update_fields=["home_case", "home_target"])

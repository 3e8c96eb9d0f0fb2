"""
Telling a customer that legal process asks for records about them, where the guide owes it (issue D, 7).

What is owed follows the scope, the gag, the seal and the release; the clock makes it due; a person sends it. Whatever
forbids it is asked again at that moment, with the demand's row held.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.cases.states import Direction, GateState
from tecum.deadlines import operations as deadlines
from tecum.demands import messages
from tecum.demands.models import CustomerOwed, Demand
from tecum.demands.operations.rows import locked
from tecum.demands.queries import customers as queries
from tecum.demands.queries.customers import Holder, OwedView, Reached
from tecum.demands.queries.reading import readable
from tecum.demands.rules.owing import SENTENCES, owing
from tecum.demands.states import OWED_NEXT, DemandState, OwedState
from tecum.guide.calculators import calendars
from tecum.guide.model.guide import Guide
from tecum.kernel import ids
from tecum.kernel.actors import Actor
from tecum.kernel.business import midnight
from tecum.kernel.refusals import NotYours, Refused
from tecum.notices import operations as notices
from tecum.notices.drivers import letters
from tecum.notices.drivers.letters import Letter
from tecum.notices.rules import is_address
from tecum.policy import queries as policy
from tecum.recovery import operations as recovery
from tecum.secrecy import operations as keys
from tecum.secrecy import queries as secrecy

DUE, WAITED = "demand.customer_due", "demand.customer_waited"
GATE = "customer_told"
HOUSE = Actor.system("demands")
AGAIN = timedelta(days=1)  # how often a sealed case is looked at again
ENDED = {DemandState.WITHDRAWN, DemandState.REFUSED, DemandState.ROUTED}


class CannotTell(Refused):
    """A notice to a customer that is not to go out, or not so."""


def settle(row: Demand, *, now: datetime, rings: str = "") -> None:
    """
    Bring what customers are owed in line with the demand as it stands now; the caller holds its row.

    `rings` is the deadline that is being worked on: it is left to whoever claimed it.
    """
    guide = policy.at(now)
    wanted = {mark: holder for holder in queries.wanted(row) if (mark := _mark(row, holder))}
    standing = {
        each.mark: each
        for each in CustomerOwed.objects.select_for_update()
        .filter(demand=row)
        .exclude(state=OwedState.SPARED)
    }
    for mark in set(wanted) - set(standing):
        made = _begin(row, wanted[mark], mark, guide, now=now)
        if made is not None:
            standing[mark] = made
    for mark, made in standing.items():
        if made.state == OwedState.SENT:
            continue
        gone = _gone(row, made, mark in wanted)
        if gone:
            _spare(row, made, gone, rings=rings, by=HOUSE, now=now)
        else:
            _place(row, made, guide, rings=rings, now=now)


@transaction.atomic
def produced(row: Demand, *, now: datetime) -> None:
    """Keep that records about the customers of the scope in force have left, and what follows."""
    marks = [_mark(row, holder) for holder in queries.wanted(row)]
    CustomerOwed.objects.filter(demand=row, mark__in=marks, produced_at=None).update(produced_at=now)
    settle(row, now=now)


@transaction.atomic
def customer_due(*, rings: str, by: Actor, now: datetime) -> bool:
    """Look again whether a customer is to be told now; tell whether it is. For the clockwork."""
    made = _held(rings.partition("/")[0])
    if made is None or made.state in {OwedState.SENT, OwedState.SPARED}:
        return False
    settle(made.demand, rings=rings, now=now)
    made.refresh_from_db()
    return made.state == OwedState.DUE


@transaction.atomic
def customer_waited(*, owed: str, by: Actor, now: datetime) -> bool:
    """The time in which a customer may object is over: the production waits no more. For the clockwork."""
    made = _held(owed)
    if made is None or made.wait_until is None or made.wait_until > now:
        return False
    _ungate(made, "The customer was told, and its time to object is over.", rings=True, now=now)
    return True


@transaction.atomic
def tell_customer(
    *, owed: str, way: str, name: str, to: str, by: Actor, now: datetime, posted_on: date | None = None
) -> OwedView:
    """
    Tell a customer: by mail at once, or write down that the printed letter was posted.

    :raises NotYours: when it is unknown, or not for this person
    :raises CannotTell: while a gag or a seal forbids it, before its day, or without an address
    """
    row, made = _mine(owed, by=by, now=now)
    recovery.refuse(leaves=True)  # a gag that came after the copy is not in it
    settle(row, now=now)
    made.refresh_from_db()
    if made.state != OwedState.DUE:
        raise CannotTell(SENTENCES.get(made.why) or "This customer was told already.")
    if not name.strip() or not to.strip():
        raise CannotTell("Say who the customer is, and where the notice goes.")
    today = now.astimezone(policy.at(now).carrier.zone.tz).date()
    if posted_on is not None and posted_on > today:
        raise CannotTell("A letter cannot have been posted on a day to come.")
    notice = (
        _mail(row, made, to, by=by, now=now) if way == "mail" else _post(row, made, posted_on, by=by, now=now)
    )
    said = {**_said(row, made), "name": name.strip(), "to": to.strip(), "posted": str(posted_on or "")}
    made.said = sealed.close(sealed.key_of(row.matter), _about(made), said)
    made.way, made.notice, made.sent_at, made.sent_by = way, notice, now, by.ref
    _turn(made, OwedState.SENT, why="", now=now)
    audit.record(
        "demand.customer_told", by=by, at=now, matter=row.matter, demand=row.pk, owed=made.pk, way=way
    )
    _wait(row, made, now=now)
    return queries.view(made, row)


@transaction.atomic
def spare_customer(*, owed: str, exception: str, reason: str, by: Actor, now: datetime) -> OwedView:
    """
    Find that a notice is not owed by one of the guide's exceptions, and keep why.

    :raises CannotTell: for what is no exception of the guide, without a reason, or once it is sent
    """
    row, made = _mine(owed, by=by, now=now)
    if exception not in queries.exceptions(made, row, now=now):
        raise CannotTell("The guide names no such exception.")
    if len(reason.strip()) < 3:
        raise CannotTell("Say why; that is kept with the case.")
    said = {**_said(row, made), "exception": exception, "reason": reason.strip()[:2000]}
    made.said = sealed.close(sealed.key_of(row.matter), _about(made), said)
    made.save(update_fields=["said"])
    _spare(row, made, "exception", by=by, now=now)
    return queries.view(made, row)


def show_customer(*, owed: str, by: Actor, now: datetime) -> tuple[Reached, Letter]:
    """
    Show who a customer is, how they are reached and what the notice says; that somebody looked is recorded first.

    :raises NotYours: when it is unknown, or not for this person
    """
    require(by, "demand.tell_customer", now=now)
    made = CustomerOwed.objects.filter(pk=owed).select_related("demand__case").first()
    if made is None or not readable(by=by, now=now).filter(pk=made.demand_id).exists():
        raise NotYours
    row, guide = made.demand, policy.at(now)
    audit.note("demand.customer_shown", by=by, at=now, matter=row.matter, demand=row.pk, owed=made.pk)
    letter = letters.write(guide, queries.wording(row, made, guide), queries.context(row, row.case.reference))
    return queries.reached(made, row, now=now), letter


def _begin(row: Demand, holder: Holder, mark: str, guide: Guide, *, now: datetime) -> CustomerOwed | None:
    found = queries.judged(row, holder.products, guide)
    if not owing(found, today=now.date(), sealed=False, produced=False).owed:
        return None
    if CustomerOwed.objects.filter(demand=row, mark=mark, why="exception").exists():
        return None  # a person found it not owed
    made = CustomerOwed(id=ids.unguessable(), demand=row, mark=mark, made_at=now, guide_version=guide.version)
    made.said = sealed.close(sealed.key_of(row.matter), _about(made), asdict(holder))
    made.save(force_insert=True)
    audit.record("demand.customer_owed", by=HOUSE, at=now, matter=row.matter, demand=row.pk, owed=made.pk)
    return made


def _gone(row: Demand, made: CustomerOwed, granted: bool) -> str:
    """Return why a notice is not owed after all; nothing where it still is."""
    if made.produced_at is not None:
        return ""
    if DemandState(row.state) in ENDED:
        return "ended"
    if row.state == DemandState.NO_RECORDS:
        return "nothing_left"
    return "" if granted else "scope"


def _place(row: Demand, made: CustomerOwed, guide: Guide, *, rings: str, now: datetime) -> None:
    """Let a notice be due, or wait for what keeps it back."""
    zone = guide.carrier.zone
    found = owing(
        queries.judged(row, _said(row, made)["products"], guide),
        today=now.astimezone(zone.tz).date(),
        sealed=secrecy.is_sealed(row.matter),
        produced=made.produced_at is not None,
    )
    if not found.owed:
        _spare(row, made, found.why, rings=rings, by=HOUSE, now=now)
        return
    made.due_at = now if found.due else midnight(zone, found.day) if found.day else None
    if found.due and made.state != OwedState.DUE:
        _turn(made, OwedState.DUE, why="", now=now)
        audit.record("demand.customer_due", by=HOUSE, at=now, matter=row.matter, demand=row.pk, owed=made.pk)
    elif not found.due:
        _turn(made, OwedState.WAITING, why=found.why, now=now)
    _arm(row, made, found.why, rings=rings, now=now)
    if found.gates and made.produced_at is None:
        _gate(row, made, now=now)
    else:
        _ungate(made, "Nothing keeps the production back.", now=now)


def _arm(row: Demand, made: CustomerOwed, why: str, *, rings: str, now: datetime) -> None:
    at = now + AGAIN if why == "seal" else made.due_at if why in {"day", "gag"} else None
    subject = f"{made.pk}/{int(at.timestamp())}" if at else ""
    if made.armed not in {"", rings, subject}:
        deadlines.disarm(DUE, subject=made.armed, now=now)
    if at is not None and subject not in {rings, made.armed}:
        deadlines.arm(DUE, subject=subject, due_at=max(at, now), matter=row.matter, now=now)
    made.armed = subject
    made.save(update_fields=["armed"])


def _spare(row: Demand, made: CustomerOwed, why: str, *, by: Actor, now: datetime, rings: str = "") -> None:
    made.spared_at, made.spared_by, made.due_at = now, by.ref, None
    _turn(made, OwedState.SPARED, why=why, now=now)
    _arm(row, made, why, rings=rings, now=now)
    _ungate(made, SENTENCES[why], now=now)
    audit.record(
        "demand.customer_spared", by=by, at=now, matter=row.matter, demand=row.pk, owed=made.pk, why=why
    )


def _turn(made: CustomerOwed, to: OwedState, *, why: str, now: datetime) -> None:
    was = OwedState(made.state)
    if to is not was and to not in OWED_NEXT[was]:
        raise CannotTell("This customer was told already, or is not owed a notice.")
    made.state, made.why = to, why
    made.save()


def _mail(row: Demand, made: CustomerOwed, to: str, *, by: Actor, now: datetime) -> str:
    guide = policy.at(now)
    if not guide.writes_mail or not is_address(to.strip()):
        raise CannotTell("This is no mail address that the guide's mailbox could write to: send it by post.")
    home = files.case(case=row.case_id, by=by, now=now)
    sent = notices.enqueue(
        messages.CUSTOMER_NOTICE.name, to=to.strip(), context=queries.context(row, home.reference),
        wording=queries.wording(row, made, guide), mailbox=guide.writes_from, matter=row.matter, by=by, now=now,
    )  # fmt: skip
    cases.note_sent(
        case=row.case_id, notice=sent.id, said={"subject": "Notice to the customer"}, by=by, now=now
    )
    return sent.id


def _post(row: Demand, made: CustomerOwed, posted_on: date | None, *, by: Actor, now: datetime) -> str:
    guide = policy.at(now)
    if posted_on is None:
        raise CannotTell("Say on which day the letter was posted.")
    home = files.case(case=row.case_id, by=by, now=now)
    letter = letters.write(guide, queries.wording(row, made, guide), queries.context(row, home.reference))
    cases.write_down(
        case=row.case_id, direction=Direction.OUT, channel="post",
        said={"subject": "Notice to the customer", "text": letter.text}, at=now, by=by, now=now,
    )  # fmt: skip
    return ""


def _wait(row: Demand, made: CustomerOwed, *, now: datetime) -> None:
    """Let the production wait as long as the guide says after the notice."""
    if not made.gate:
        return
    guide = policy.at(now)
    waits = [each.wait for each in queries.judged(row, _said(row, made)["products"], guide) if each.wait]
    if not waits:
        _ungate(made, "The customer was told.", now=now)
        return
    made.wait_until = max(calendars.later(guide, now, each) for each in waits)
    made.save(update_fields=["wait_until"])
    deadlines.arm(WAITED, subject=made.pk, due_at=made.wait_until, matter=row.matter, now=now)


def _gate(row: Demand, made: CustomerOwed, *, now: datetime) -> None:
    if made.gate:
        return
    made.gate = cases.open_gate(
        case=row.case_id, kind=GATE, subject=f"{made.pk}/{int(now.timestamp())}", by=HOUSE, now=now,
        asked="The notice to a customer goes out before the production, and its time passes.",
    )  # fmt: skip
    made.save(update_fields=["gate"])


def _ungate(made: CustomerOwed, given: str, *, now: datetime, rings: bool = False) -> None:
    if not made.gate:
        return
    known = {each.id: each for each in files.gates(case=made.demand.case_id, by=HOUSE, now=now)}
    if made.gate in known and known[made.gate].state is GateState.OPEN:
        cases.close_gate(gate=made.gate, given=given, by=HOUSE, now=now)
    made.gate = ""
    made.save(update_fields=["gate"])
    if not rings:
        deadlines.disarm(WAITED, subject=made.pk, now=now)


def _held(owed: str) -> CustomerOwed | None:
    """Return a row with its demand, which is locked first, as everywhere."""
    known = CustomerOwed.objects.filter(pk=owed).values_list("demand", flat=True).first()
    if known is None:
        return None
    demand = Demand.objects.select_for_update(of=("self",)).select_related("case").get(pk=known)
    made = CustomerOwed.objects.select_for_update().get(pk=owed)
    made.demand = demand
    return made


def _mine(owed: str, *, by: Actor, now: datetime) -> tuple[Demand, CustomerOwed]:
    case = CustomerOwed.objects.filter(pk=owed).values_list("demand__case", flat=True).first()
    row = locked(case or "", by=by, now=now, permission="demand.tell_customer")
    made = CustomerOwed.objects.select_for_update().get(pk=owed)
    if made.state == OwedState.SPARED:
        raise NotYours
    made.demand = row
    return row, made


def _said(row: Demand, made: CustomerOwed) -> dict[str, Any]:
    return sealed.opened(sealed.key_of(row.matter), _about(made), made.said) or {}


def _about(made: CustomerOwed) -> str:
    return f"owed {made.pk}"


def _mark(row: Demand, holder: Holder) -> str:
    return keys.fingerprint(
        f"{row.pk} {holder.kind} {holder.id or holder.number}".encode(), purpose="customer"
    )

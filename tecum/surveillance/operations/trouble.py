"""An agency lost its capability: account and provisioning first, then an internal ticket, then the finding (R-148 to R-153)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import sealed
from tecum.kernel import ids
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.surveillance import messages
from tecum.surveillance.models import Surveillance, TroubleStep, TroubleTicket
from tecum.surveillance.operations import noticing, telling
from tecum.surveillance.queries import trouble as queries
from tecum.surveillance.queries.reading import readable
from tecum.surveillance.rules import trouble as rules
from tecum.surveillance.rules.trouble import AFTER, FIRST, OUTCOMES, PARTS, Cause
from tecum.surveillance.states import TROUBLE_NEXT, TROUBLE_OPEN, TroubleState

WORK, FIX = "trouble.work", "trouble.fix"
CHANNELS = frozenset({"telephone", "fax", "email", "person", "portal"})
TOLD = frozenset({"telephone", "person", "fax"})
SENTENCE = {
    Cause.ACCOUNT: "the account of a target was closed",
    Cause.PROVISIONING: "the surveillance is not in force as you expect it: an authority ended, or not all is provisioned",
    Cause.CARRIER: "a fault on our side was found and mended",
    Cause.AGENCY: "our engineers found no fault up to your demarcation point; please look from there to your collection facility",
}
S = TroubleState


class CannotReport(Refused):
    """A loss that is not said well enough, or that has an open ticket already."""


class CannotTurn(Refused):
    """A ticket that is not in the state for that, or a step that comes too early."""


@transaction.atomic
def report(
    *,
    surveillance: str,
    channel: str,
    reporter: str,
    words: str,
    reported_at: datetime,
    by: Actor,
    now: datetime,
    phone: str = "",
    lost_at: datetime | None = None,
    evidence: str = "",
) -> str:
    """
    Open a ticket for an agency that lost its capability, and return its id (R-148).

    :raises NotYours: for a surveillance that is not for this actor to know of
    :raises CannotReport: without who reported it, for a moment to come, or while another ticket of it is open
    """
    home = _home(surveillance, by=by, now=now)
    if channel not in CHANNELS or not reporter.strip():
        raise CannotReport("Say who reported it, and how.")
    if reported_at > now or (lost_at is not None and lost_at > now):
        raise CannotReport("It was lost and reported already: that moment lies ahead.")
    known = TroubleTicket.objects.filter(surveillance=home, state__in=sorted(TROUBLE_OPEN)).first()
    if known is not None:
        raise CannotReport(f"Ticket {known.reference} of this surveillance is open; add to it.")
    row = TroubleTicket(
        id=ids.unguessable(), reference=ids.reference("TT"), surveillance=home, channel=channel, evidence=evidence,
        reported_at=reported_at, lost_at=lost_at, opened_by=by.ref,
    )  # fmt: skip
    _say(row, {"reporter": reporter.strip(), "phone": phone.strip(), "words": words.strip()})
    row.save(force_insert=True)
    audit.record(
        "trouble.reported",
        by=by,
        at=now,
        matter=home.matter,
        ticket=row.pk,
        surveillance=home.pk,
        channel=channel,
    )
    telling.tell_desk(
        row.reference, "an agency lost its interception capability", "Look first at account and provisioning.", matter=home.matter,
        by=by, now=now,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def explain(*, ticket: str, cause: str, finding: str, by: Actor, now: datetime) -> None:
    """
    Write down that a closed account, or the provisioning, explains the loss: the agency is advised accordingly (R-149, R-150).

    :raises CannotTurn: for another cause, or without a sentence
    """
    row = _locked(ticket, WORK, by=by, now=now)
    if cause not in FIRST or row.state != S.REPORTED:
        raise CannotTurn("Before troubleshooting it is the account or the provisioning.")
    _found(row, Cause(cause), finding, by=by, now=now)


@transaction.atomic
def troubleshoot(*, ticket: str, by: Actor, now: datetime, despite: str = "") -> None:
    """
    Open the internal ticket: engineers look up to the agency's demarcation point (R-151).

    :raises CannotTurn: while a closed account or the provisioning explains the loss, unless somebody says why that is not it
    """
    row = _locked(ticket, WORK, by=by, now=now)
    why = rules.cause(queries.known(row.surveillance_id, now=now), now)
    if row.state == S.REPORTED and why is not None and not despite.strip():
        raise CannotTurn(
            "The account or the provisioning explains it (R-149): advise the agency, or say why that is not it."
        )
    again = row.state == S.WITH_AGENCY
    _turn(row, S.TROUBLESHOOTING)
    row.troubleshooting_at = now
    if again:
        row.cause, row.found_by, row.found_at, row.told_at, row.told_how, row.told_by = (
            "",
            "",
            None,
            None,
            "",
            "",
        )
    if despite.strip():
        _say(row, {"despite": despite.strip()})
    row.save()
    audit.record(
        "trouble.troubleshooting", by=by, at=now, matter=row.surveillance.matter, ticket=row.pk, despite=bool(despite.strip()),
        again=again,
    )  # fmt: skip


@transaction.atomic
def look(*, ticket: str, part: str, outcome: str, said: str, by: Actor, now: datetime) -> None:
    """
    Write down what an engineer saw of one part of the way, up to the demarcation point; the first one takes the ticket.

    :raises CannotTurn: for a part or an outcome that there is not, or a ticket that nobody troubleshoots
    """
    row = _locked(ticket, FIX, by=by, now=now)
    if row.state != S.TROUBLESHOOTING or part not in PARTS or outcome not in OUTCOMES or not said.strip():
        raise CannotTurn(
            "Say at which part you looked, and what you saw; only while it is being troubleshot."
        )
    step = TroubleStep(id=ids.unguessable(), ticket=row, part=part, outcome=outcome, at=now, by=by.ref)
    step.said = sealed.close(sealed.key_of(row.surveillance.matter), f"step {step.pk}", said.strip())
    step.save(force_insert=True)
    if not row.owner:
        row.owner = by.ref
        row.save(update_fields=["owner"])
    audit.record(
        "trouble.looked",
        by=by,
        at=now,
        matter=row.surveillance.matter,
        ticket=row.pk,
        part=part,
        outcome=outcome,
    )


@transaction.atomic
def conclude(*, ticket: str, cause: str, finding: str, by: Actor, now: datetime) -> None:
    """
    Say what the engineers found: mended on our side, or ruled out up to the demarcation point (R-152).

    :raises CannotTurn: before every part up to the demarcation point was looked at, or while a fault is not mended
    """
    row = _locked(ticket, FIX, by=by, now=now)
    if row.state != S.TROUBLESHOOTING or cause not in AFTER:
        raise CannotTurn("It is mended on our side, or ruled out as ours.")
    last = {each.part: each.outcome for each in row.steps.order_by("at", "pk")}
    if cause == Cause.AGENCY and (set(last) != set(PARTS) or "fault" in last.values()):
        raise CannotTurn("It is ruled out as ours once every part up to the demarcation point works (R-151).")
    if cause == Cause.CARRIER and "mended" not in last.values():
        raise CannotTurn("Say first which part had the fault, and that it is mended.")
    _found(row, Cause(cause), finding, by=by, now=now)


@transaction.atomic
def advise(*, ticket: str, how: str, by: Actor, now: datetime) -> str:
    """
    Tell the agency what was found: by letter (`how` letter), or as a person told it; return the notice's id, if one left (R-152).

    On the agency's side the ticket stays with the agency until it says what it found there (R-153); else it is closed.

    :raises CannotTurn: before anything was found, or where the agency has no address for a letter
    """
    row = _locked(ticket, WORK, by=by, now=now)
    if row.state != S.FOUND or how not in {*TOLD, "letter"}:
        raise CannotTurn("There is nothing to tell yet, or it was told.")
    notice = _letter(row, by=by, now=now) if how == "letter" else ""
    if how == "letter" and not notice:
        raise CannotTurn(
            "Neither a mailbox of ours nor an address of theirs is known: call them, then say so."
        )
    with_agency = row.cause == Cause.AGENCY
    row.told_at, row.told_by, row.told_how, row.notice = now, by.ref, how, notice
    _turn(row, S.WITH_AGENCY if with_agency else S.CLOSED)
    if not with_agency:
        row.closed_at, row.closed_by = now, by.ref
    row.save()
    audit.record(
        "trouble.told", by=by, at=now, matter=row.surveillance.matter, ticket=row.pk, cause=row.cause, how=how
    )
    return notice


@transaction.atomic
def close(*, ticket: str, finding: str, by: Actor, now: datetime) -> None:
    """Write down what the agency found on its side, and close the ticket (R-153). :raises CannotTurn: while it is not with them"""
    row = _locked(ticket, WORK, by=by, now=now)
    if row.state != S.WITH_AGENCY or not finding.strip():
        raise CannotTurn("Say what the agency found; only while it looks on its side.")
    _turn(row, S.CLOSED)
    _say(row, {"agency_found": finding.strip()})
    row.closed_at, row.closed_by = now, by.ref
    row.save()
    audit.record("trouble.closed", by=by, at=now, matter=row.surveillance.matter, ticket=row.pk)


@transaction.atomic
def heard(*, case: str, entry: str, reporter: str, words: str, at: datetime, by: Actor, now: datetime) -> str:
    """
    Open a ticket from a message that joined an order's case and speaks of a loss, by the guide's words; "" where it does not.

    For the mailroom: the message was judged, and stays in the correspondence of its case whatever follows.
    """
    text = " ".join(words.split()).casefold()
    if not any(each.casefold() in text for each in policy.at(now).surveillance.trouble_words):
        return ""
    home = readable(by=by, now=now).filter(case=case).order_by("-opened_at").first()
    open_one = TroubleTicket.objects.filter(surveillance=home, state__in=sorted(TROUBLE_OPEN)).exists()
    if home is None or open_one:
        return ""
    return report(
        surveillance=home.pk, channel="email", reporter=reporter or "not known", words=words, reported_at=at, evidence=entry, by=by,
        now=now,
    )  # fmt: skip


def show_work(*, ticket: str, by: Actor, now: datetime) -> queries.WorkTicket:
    """Show an engineer where to look; that it was seen is stored first. :raises NotYours: for others"""
    require(by, FIX, now=now)
    row = TroubleTicket.objects.select_related("surveillance").filter(pk=ticket).first()
    if row is None or by.agency or row.state != S.TROUBLESHOOTING:
        raise NotYours
    audit.note("trouble.work_shown", by=by, at=now, matter=row.surveillance.matter, ticket=row.pk)
    return queries.work_view(row)


def _home(surveillance: str, *, by: Actor, now: datetime) -> Surveillance:
    if by.kind is not ActorKind.SYSTEM:
        require(by, WORK, now=now)
        accounts.stand(by=by, now=now)
    home = readable(by=by, now=now).filter(pk=surveillance).first()
    if home is None:
        raise NotYours
    cases.locked(home.case_id, by=by, now=now, writing=False)
    return home


def _locked(ticket: str, permission: str, *, by: Actor, now: datetime) -> TroubleTicket:
    require(by, permission, now=now)
    accounts.stand(by=by, now=now)
    row = (
        TroubleTicket.objects.select_for_update(of=("self",))
        .select_related("surveillance")
        .filter(pk=ticket)
        .first()
    )
    if row is None or by.agency:
        raise NotYours
    # An engineer works on an internal ticket without knowing whose it is; everybody else has to know of the case.
    mine = permission == FIX or readable(by=by, now=now).filter(pk=row.surveillance_id).exists()
    if not mine:
        raise NotYours
    return row


def _found(row: TroubleTicket, cause: Cause, finding: str, *, by: Actor, now: datetime) -> None:
    if not finding.strip():
        raise CannotTurn("Say what was found.")
    row.cause, row.found_at, row.found_by = cause, now, by.ref
    _turn(row, S.FOUND)
    _say(row, {"finding": finding.strip()})
    row.save()
    audit.record("trouble.found", by=by, at=now, matter=row.surveillance.matter, ticket=row.pk, cause=cause)
    telling.tell_desk(
        row.reference, "the agency is to be told what was found", "Open the page of trouble tickets.",
        matter=row.surveillance.matter, by=by, now=now,
    )  # fmt: skip


def _letter(row: TroubleTicket, *, by: Actor, now: datetime) -> str:
    context = {"case": "", "ticket": row.reference, "finding": SENTENCE[Cause(row.cause)]}
    return noticing.write(
        row.surveillance, messages.TROUBLE_FINDING.name, context, policy.at(now), by=by, now=now
    )


def _turn(row: TroubleTicket, to: TroubleState) -> None:
    if to not in TROUBLE_NEXT[S(row.state)]:
        raise CannotTurn(f"Ticket {row.reference} is {row.state.lower().replace('_', ' ')}.")
    row.state = to


def _say(row: TroubleTicket, said: dict[str, Any]) -> None:
    key = sealed.key_of(row.surveillance.matter)
    kept = sealed.opened(key, f"trouble {row.pk}", row.said) if row.said else {}
    row.said = sealed.close(key, f"trouble {row.pk}", {**kept, **said})

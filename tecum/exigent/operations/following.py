"""What must follow an emergency: armed with its start, reminded ahead, found missing at its end. It cuts nothing by itself."""

from datetime import datetime, timedelta

from django.db import transaction

from tecum.audit import operations as audit
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases import sealed
from tecum.deadlines import operations as deadlines
from tecum.exigent import messages
from tecum.exigent.models import ExigentFollowUp, ExigentRequest
from tecum.exigent.operations import telling
from tecum.exigent.operations.rows import NOT_STOOD_BY, held, locked, turn
from tecum.exigent.queries import reading
from tecum.exigent.queries.reading import RequestView
from tecum.exigent.rules import following as rules
from tecum.exigent.rules.following import Due
from tecum.exigent.states import FOLLOW_UP_NEXT, FollowUpState, RequestState
from tecum.guide.model.guide import NotInGuide
from tecum.kernel import ids, words
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.oncall import operations as oncall
from tecum.oncall import queries as ladders
from tecum.oncall.rules.views import Caller
from tecum.policy import queries as policy

REMIND, DUE = "exigent.remind", "exigent.due"
MOST_REMINDERS = 12
STORM, STORM_OF = 20, timedelta(minutes=15)  # so many that nobody has verified, within so long
CONFIRMATION = "confirmation"
SELF = Actor.system("exigent")


class CannotSettle(Refused):
    """Something that does not wait, or nothing that shows that it came."""


def ring(row: ExigentRequest, *, cause: str, by: Actor, now: datetime) -> None:
    """
    Start the ladder about an emergency: it climbs until somebody calls back (C5). Where the guide has none, the desk is told.

    In a storm of requests they share one ladder, so that two hundred at once wake the people on duty once.
    """
    guide = policy.at(now)
    try:
        ladder = reading.pathway_of(row, guide).ladder
    except NotInGuide:
        ladder = ""
    if not guide.ladders:
        telling.desk(row, rules.CAUSES[cause], "It waits now.", by=by, now=now)
        return
    storm = ExigentRequest.objects.filter(received_at__gt=now - STORM_OF, state="RECEIVED").count() > STORM
    said = reading.said_of(row)
    caller = Caller(said.name[:120], said.phone, said.agency[:120], "")
    oncall.begin(
        about=f"storm:{now:%Y%m%d%H}" if storm else about(row), matter="" if storm else row.matter, cause=cause, ladder=ladder,
        received_at=row.received_at if cause == "exigent_request" else now, caller=None if storm else caller, by=by, now=now,
    )  # fmt: skip


def alarm(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Page whoever is on call, and write to the desk: the agency of a request that was acted on knows nothing of it."""
    guide = policy.at(now)
    if guide.ladders:
        oncall.begin(
            about=_denied(row), matter=row.matter, cause="exigent_denied", signal=True, by=by, now=now
        )
    telling.desk(row, rules.CAUSES["exigent_denied"], "Decide now what it was.", by=by, now=now)


def calm(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Let whoever was paged about a denial be: somebody decided what it was."""
    known = ladders.latest(_denied(row))
    if known is not None and known.open:
        oncall.stand_down(escalation=known.id, by=by, now=now)


def _denied(row: ExigentRequest) -> str:
    return f"denied:{row.case_id}"


def about(row: ExigentRequest) -> str:
    """Return what the ladder calls a request."""
    return f"case:{row.case_id}"


def answered(
    row: ExigentRequest, *, spoke_with: str, number: str, at: datetime, by: Actor, now: datetime
) -> bool:
    """Stop the ladder of a request, because somebody was called back: the verification call is that call-back too."""
    return oncall.called_back_about(
        about=about(row), spoke_with=spoke_with, number=number, at=at, by=by, now=now
    )


def quiet(row: ExigentRequest, *, by: Actor, now: datetime) -> None:
    """Stop everything that still waits of a request which is worked on no more."""
    for each in row.follow_ups.filter(state__in=["WAITING", "MISSING"]):
        _disarm(each, now=now)
        _settle(each, FollowUpState.WAIVED, evidence="", at=now, note="", by=by, now=now)


def no_more(row: ExigentRequest, what: str, *, note: str, by: Actor, now: datetime) -> None:
    """Let something follow no more, because of what happened."""
    for each in row.follow_ups.filter(what=what, state__in=["WAITING", "MISSING"]):
        _disarm(each, now=now)
        _settle(each, FollowUpState.WAIVED, evidence="", at=now, note=note, by=by, now=now)
        audit.record("exigent.waived", by=by, at=now, matter=row.matter, request=row.pk, what=what)


def plan(
    row: ExigentRequest, wanted: tuple[Due, ...], *, started_at: datetime, by: Actor, now: datetime
) -> None:
    """
    Write down what must follow, with its end and its reminders armed in the same transaction. What needed to follow no more,
    because the request was stopped, must follow again once it is decided anew.
    """
    key = sealed.key_of(row.matter)
    for each in wanted:
        known = row.follow_ups.filter(what=each.what).first()
        if known is not None and known.state != FollowUpState.WAIVED:
            continue
        made = known or ExigentFollowUp(id=ids.unguessable(), request=row, what=each.what)
        made.state, made.settled_at, made.settled_by, made.evidence = FollowUpState.WAITING, None, "", ""
        made.rule, made.started_at, made.due_at = each.clock, started_at, each.at
        said = {"words": each.words, "otherwise": each.otherwise, "note": ""}
        made.said = sealed.close(key, f"exigent follow-up {made.pk}", said)
        made.save(force_insert=known is None)
        _arm(made, each.reminders, now=now)
        audit.record(
            "exigent.must_follow",
            by=by,
            at=now,
            matter=row.matter,
            request=row.pk,
            what=each.what,
            due=each.at,
        )


def wait_longer(row: ExigentRequest, what: str, *, until: datetime, by: Actor, now: datetime) -> bool:
    """Wait longer for something, because what ends without it ends later; tell whether it was waited for, and shorter."""
    known = row.follow_ups.select_for_update().filter(what=what, state="WAITING", due_at__lt=until).first()
    if known is None:
        return False
    _, reminders = rules.ended(policy.at(now), known.rule, known.started_at)
    known.due_at = until
    known.save(update_fields=["due_at"])
    _disarm(known, now=now)
    _arm(known, reminders, now=now)
    audit.record(
        "exigent.must_follow", by=by, at=now, matter=row.matter, request=row.pk, what=what, due=until
    )
    return True


def settle_kind(
    row: ExigentRequest, what: str, *, evidence: str, at: datetime, by: Actor, now: datetime, note: str = ""
) -> bool:
    """Find that something of a kind came; tell whether it was waited for."""
    known = row.follow_ups.select_for_update().filter(what=what, state__in=["WAITING", "MISSING"]).first()
    if known is None:
        return False
    in_time = known.due_at is None or at <= known.due_at
    late = known.state == FollowUpState.MISSING or not in_time
    if late and known.state == FollowUpState.WAITING:
        _turn(known, FollowUpState.MISSING, now=now)
    to = FollowUpState.LATE if late else FollowUpState.CAME
    _settle(known, to, evidence=evidence, at=at, note=note, by=by, now=now)
    _disarm(known, now=now)
    audit.record(
        "exigent.followed", by=by, at=now, matter=row.matter, request=row.pk, what=what, late=late, evidence=evidence or None
    )  # fmt: skip
    return True


@transaction.atomic
def note(
    *, case: str, follow_up: str, evidence: str, at: datetime, words_: str, by: Actor, now: datetime
) -> RequestView:
    """
    Write down that something which must follow came: the application was made, the paper is here (R-180).

    :raises CannotSettle: for a time that has not come, without a word on how it is known, or what waits no more
    """
    row = locked(case, by=by, now=now)
    known = row.follow_ups.filter(pk=follow_up).first()
    if known is None:
        raise NotYours
    if at > now:
        raise CannotSettle("That time has not come yet.")
    if len(words_.strip()) < 3:
        raise CannotSettle("Say how it is known: who said so, or which paper shows it.")
    if known.what in {"order", CONFIRMATION}:
        raise CannotSettle("This has a page of its own.")
    if not settle_kind(row, known.what, evidence=evidence, at=at, note=words_.strip(), by=by, now=now):
        raise CannotSettle("This is settled already.")
    audit.record("exigent.noted", by=by, at=now, matter=row.matter, request=row.pk, what=known.what)
    close_when_settled(row, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def waive(*, case: str, follow_up: str, why: str, by: Actor, now: datetime) -> RequestView:
    """
    Let something follow no more, and keep why: nothing was activated, the agency withdrew its request.

    :raises CannotSettle: without a reason, or for another person's confirmation, which nobody waives
    """
    row = locked(case, by=by, now=now)
    known = row.follow_ups.filter(pk=follow_up).first()
    if known is None:
        raise NotYours
    if len(why.strip()) < 3:
        raise CannotSettle("Say why it need not follow; that is kept.")
    if known.what == CONFIRMATION:
        raise CannotSettle(
            "A decision that one person made alone is confirmed by another; nobody waives that."
        )
    if FollowUpState.WAIVED not in FOLLOW_UP_NEXT[FollowUpState(known.state)]:
        raise CannotSettle("This is settled already.")
    _disarm(known, now=now)
    _settle(known, FollowUpState.WAIVED, evidence="", at=now, note=why.strip(), by=by, now=now)
    audit.record("exigent.waived", by=by, at=now, matter=row.matter, request=row.pk, what=known.what)
    close_when_settled(row, by=by, now=now)
    return reading.view(row, by=by, now=now)


@transaction.atomic
def remind(*, reminder: str, by: Actor, now: datetime) -> bool:
    """Remind the agency, and the desk, of what must follow and until when; tell whether it was still waited for."""
    found, _, _ = reminder.partition("/")
    mine = ExigentFollowUp.objects.filter(pk=found)
    held(mine, by=by, now=now)
    known = mine.select_for_update().filter(state=FollowUpState.WAITING).first()
    if known is None or known.due_at is None or known.due_at <= now:
        return False
    row, zone = known.request, policy.at(now).carrier.zone.tz
    said = reading.follow_up_view(known, sealed.key_of(row.matter))
    due = words.moment(known.due_at, zone)
    stands_by = NOT_STOOD_BY not in files.gates_open(row.case_id)  # else whoever asked is none of theirs
    told = known.what != CONFIRMATION and stands_by and telling.agency(
        row, messages.EXIGENT_FOLLOWS.name,
        {"what": said.words, "due": due, "due_utc": words.utc(known.due_at), "otherwise": said.otherwise or "We write to you again."},
        by=by, now=now,
    )  # fmt: skip
    telling.desk(row, f"{rules.TITLES[known.what]} is still missing", f"It is due {due}.", by=by, now=now)
    known.reminded += 1
    known.save(update_fields=["reminded"])
    audit.record(
        "exigent.reminded", by=by, at=now, matter=row.matter, request=row.pk, what=known.what, agency=told
    )
    return True


@transaction.atomic
def due(*, follow_up: str, by: Actor, now: datetime) -> bool:
    """
    Find that something did not follow in time: it is told to the desk, a missing confirmation to counsel. Nothing is cut here.

    What ends a surveillance is its authority's own deadline (C4); what was disclosed cannot be taken back.
    """
    mine = ExigentFollowUp.objects.filter(pk=follow_up)
    held(mine, by=by, now=now)
    known = mine.select_for_update().filter(state=FollowUpState.WAITING).first()
    if known is None or known.due_at is None or known.due_at > now:
        return False
    row = known.request
    _turn(known, FollowUpState.MISSING, now=now)
    what = f"{rules.TITLES[known.what]} did not come in time"
    if known.what == CONFIRMATION:
        telling.counsel(row, what, "One person decided alone; nothing is cut by this.", by=by, now=now)
    telling.desk(row, what, "Write to the agency, and write down what became of it.", by=by, now=now)
    audit.record("exigent.missing", by=by, at=now, matter=row.matter, request=row.pk, what=known.what)
    if known.what == "order":  # without one the authority has just ended by its own deadline
        ended(row, at=known.due_at, by=by, now=now)
    return True


def close_when_settled(row: ExigentRequest, *, by: Actor, now: datetime) -> bool:
    """Close the request and its case once it was decided, has ended, and nothing has to follow any more."""
    if row.state != RequestState.APPROVED or row.ended_at is None:
        return False
    if row.follow_ups.filter(state__in=["WAITING", "MISSING"]).exists():
        return False
    turn(row, RequestState.CLOSED, by=by, now=now)
    if row.case.state == "OPEN":
        cases.close(case=row.case_id, outcome="emergency_over", by=by, now=now)
    return True


def ended(row: ExigentRequest, *, at: datetime, by: Actor, now: datetime) -> None:
    """Write down that what was decided is done: disclosed, or no longer on."""
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    close_when_settled(row, by=by, now=now)


def _arm(made: ExigentFollowUp, reminders: tuple[timedelta, ...], *, now: datetime) -> None:
    if made.due_at is None:
        return
    deadlines.arm(DUE, subject=made.pk, due_at=made.due_at, now=now, matter=made.request.matter)
    for place, ahead in enumerate(reminders[:MOST_REMINDERS]):
        if made.due_at - ahead > now:
            deadlines.arm(
                REMIND,
                subject=f"{made.pk}/{place}",
                due_at=made.due_at - ahead,
                now=now,
                matter=made.request.matter,
            )


def _disarm(made: ExigentFollowUp, *, now: datetime) -> None:
    deadlines.disarm(DUE, subject=made.pk, now=now)
    for place in range(MOST_REMINDERS):
        deadlines.disarm(REMIND, subject=f"{made.pk}/{place}", now=now)


def _turn(known: ExigentFollowUp, to: FollowUpState, *, now: datetime) -> None:
    was = FollowUpState(known.state)
    rows = ExigentFollowUp.objects.filter(pk=known.pk, state=was)
    if to not in FOLLOW_UP_NEXT[was] or not rows.update(state=to):
        raise CannotSettle("This is settled already.")
    known.state = to


def _settle(
    known: ExigentFollowUp,
    to: FollowUpState,
    *,
    evidence: str,
    at: datetime,
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    key = sealed.key_of(known.request.matter)
    was = FollowUpState(known.state)
    if to not in FOLLOW_UP_NEXT[was]:
        raise CannotSettle("This is settled already.")
    said = sealed.opened(key, f"exigent follow-up {known.pk}", known.said) or {}
    known.said = sealed.close(key, f"exigent follow-up {known.pk}", {**said, "note": note[:2000]})
    known.state, known.settled_at, known.settled_by, known.evidence = to, at, by.ref, evidence
    known.save()

"""An emergency ends before its clock: by one way to hear of it, for surveillances and for permission to locate alike (R-181)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tecum.cases import sealed
from tecum.cases.states import CaseKind
from tecum.exigent import operations as exigent
from tecum.exigent import queries
from tecum.exigent.states import CallState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.models import Authority, EndRequest, Escalation, ExigentRequest, Notice, Tap
from tecum.surveillance import operations as surveillance
from tecum.surveillance.queries import asking
from tests import emergencies
from tests.emergencies import NUMBER, wireless  # noqa: F401
from tests.make import NOON
from tests.subscribers import billing  # noqa: F401
from tests.taps import carried

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("wireless"),
]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = NOON + HOUR


def locating(**more):
    """Return an emergency whose target may be located for four hours."""
    made = emergencies.asked(**more).call()
    by = made.at(made.caller)
    made.approve(exigent.propose_location(case=made.case, targets=[NUMBER], hours=4, by=by, now=NOON))
    return made


def reported(made, why="information_obtained", at=LATER) -> str:
    by = made.at(made.caller, at)
    exigent.report_end(
        case=made.case, why=why, channel="telephone", words="she was found", heard_at=at, by=by, now=at
    )
    return queries.of_case(case=made.case, by=by, now=at).ends[-1].id


def located(made, at) -> None:
    (decision,) = made.seen(at).decided
    exigent.locate(
        decision=decision.id, number=NUMBER, found="42.1 N, 81.2 W", told=made.seen(at).call.id,
        by=made.at(made.caller, at), now=at,
    )  # fmt: skip


@pytest.mark.requirement("R-181")
def test_permission_to_locate_ends_once_the_agency_stood_by_it_and_nothing_is_located_after():
    made = locating()
    request = reported(made)
    located(made, LATER)  # a word from outside ends nothing

    by = made.at(made.caller, LATER + MINUTE)
    exigent.settle_end(
        request=request, obey=True, called=made.entry, spoke_with="Sgt. Cole", by=by, now=LATER + MINUTE
    )

    with pytest.raises(exigent.CannotLocate, match="has ended"):
        located(made, LATER + 2 * MINUTE)
    assert made.seen(LATER).ended_at == LATER + MINUTE
    assert not Escalation.objects.filter(about=f"end_request:{request}", ended_at=None).exists()


def test_a_refused_end_leaves_permission_to_locate_as_it_was():
    made = locating()
    request = reported(made)

    exigent.settle_end(
        request=request, obey=False, called=made.entry, spoke_with="Sgt. Cole", by=made.at(made.caller, LATER), now=LATER
    )  # fmt: skip

    located(made, LATER)
    assert [each.state for each in made.seen(LATER).ends] == ["REFUSED"]


def test_an_agency_that_is_in_no_directory_is_called_back_as_its_emergency_was():
    made = emergencies.asked(number=False)
    number = "4925550155"
    exigent.find_source(
        case=made.case, number=number, where="the county's official site", by=made.at(made.approver), now=NOON
    )
    made.call(entry="", number=number)
    by = made.at(made.caller)
    made.approve(exigent.propose_location(case=made.case, targets=[NUMBER], hours=4, by=by, now=NOON))
    request = reported(made)
    call = f"{exigent.CALL}{made.seen(LATER).call.id}"
    end = {
        "request": request,
        "obey": True,
        "by": made.at(made.caller, LATER + MINUTE),
        "now": LATER + MINUTE,
    }
    with pytest.raises(exigent.CannotEnd, match="Call the agency back"):
        exigent.settle_end(called=call, **end)  # that call was about the request, an hour before the end

    made.call(entry="", number=number, now=LATER + MINUTE)
    exigent.settle_end(called=f"{exigent.CALL}{made.seen(LATER).call.id}", **end)

    assert EndRequest.objects.get().state == "OBEYED"


def test_what_an_emergency_and_a_surveillance_hear_stands_in_one_list():
    tapped = emergencies.tapped()
    found = locating(again=tapped)
    one, two = reported(tapped, "application_denied"), reported(found)

    rows = asking.end_requests(by=tapped.at(tapped.caller, LATER), now=LATER)

    assert {(each.id, each.why) for each in rows} == {
        (one, "application_denied"),
        (two, "information_obtained"),
    }
    assert [bool(each.surveillance) for each in sorted(rows, key=lambda each: each.id != one)] == [
        True,
        False,
    ]


def test_an_end_is_asked_for_of_what_runs_and_of_nothing_else():
    made = emergencies.asked().call()
    made.approve(made.propose())

    with pytest.raises(exigent.CannotEnd, match="Nothing of it runs"):
        reported(made)


def test_an_officer_who_ends_it_on_the_portal_lets_the_order_follow_no_more():
    made = emergencies.tapped()
    request = reported(made)
    surveillance.obey_end(
        request=request, called=made.entry, spoke_with="Sgt. Cole", by=made.at(made.caller, LATER), now=LATER
    )  # as the portal does: the emergency is told by the clockwork

    exigent.turned(
        surveillance_id=made.seen(LATER).decided[0].surveillance, by=Actor.system("jobs"), now=LATER
    )

    followed = {each.what: each.state for each in made.seen(LATER).follow_ups}
    assert followed["order"] == "WAIVED"


@pytest.mark.slow
def test_an_end_that_was_reported_before_the_tables_were_one_is_still_there():
    made = emergencies.tapped()
    made.call(outcome=CallState.VERIFIED)
    row, call = ExigentRequest.objects.get(case=made.case), made.seen().call.id
    said = sealed.close(
        sealed.key_of(row.matter), "exigent end 0123456789abcdefghijklmnop", {"words": "it is over"}
    )
    try:
        call_command("migrate", "tecum", "0064", verbosity=0)
        before = (
            MigrationExecutor(connection)
            .loader.project_state([("tecum", "0064_surveillance_carriers_signature")])
            .apps
        )
        before.get_model("tecum", "ExigentEnd").objects.create(
            id="0123456789abcdefghijklmnop", request_id=row.pk, why="application_denied", channel="email", said=said,
            heard_at=LATER, heard_by=made.caller.ref, state="OBEYED", call_id=call, settled_at=LATER,
            settled_by=made.caller.ref,
        )  # fmt: skip
    finally:
        call_command("migrate", "tecum", verbosity=0)

    (end,) = made.seen(LATER).ends

    assert (end.state, end.why, end.channel, end.said) == (
        "OBEYED",
        "application_denied",
        "mail",
        "it is over",
    )
    assert (end.case, end.surveillance) == (made.case, made.seen(LATER).decided[0].surveillance)


FORGED = "the sheriff knows nobody of that name"


def test_what_runs_because_of_a_forged_request_ends_in_the_act_that_marks_it():
    made = emergencies.tapped()
    seeking = locating(again=made)

    for each in (made, seeking):
        exigent.mark_forged(case=each.case, why=FORGED, by=each.at(each.caller, LATER), now=LATER)

    (authority,) = Authority.objects.all()
    assert (authority.state, authority.ended_at) == ("ENDED", LATER)
    assert set(Tap.objects.values_list("state", flat=True)) == {"STOPPING"}
    assert seeking.seen(LATER).decided[0].ends_at == LATER
    assert made.seen(LATER).state == "FORGED"


def denied(made):
    """Write down a call back in which the agency knows nothing of it."""
    made.call(now=LATER, outcome=CallState.DENIED)


def obeyed(at=LATER):
    """Let the switch show that it obeyed."""
    carried(at)
    assert set(Tap.objects.values_list("state", flat=True)) == {"ENDED"}


@pytest.mark.requirement("R-097")
def test_an_agency_that_knows_nothing_of_it_ends_what_runs_in_that_call_and_somebody_is_paged():
    made = emergencies.tapped()
    seeking = locating(again=made)

    for each in (made, seeking):
        denied(each)

    (authority,) = Authority.objects.all()
    assert (authority.state, authority.ended_at) == ("ENDED", LATER)
    assert set(Tap.objects.values_list("state", flat=True)) == {"STOPPING"}
    assert seeking.seen(LATER).decided[0].ends_at == LATER
    assert made.seen(LATER).denial.called_at == LATER
    for each in (made, seeking):
        assert Escalation.objects.filter(about=f"denied:{each.case}", ended_at=None).count() == 1


@pytest.mark.sabotage("control 5")
def test_without_that_end_a_person_would_be_watched_on_nobodys_word(monkeypatch):
    made = emergencies.tapped()
    monkeypatch.setattr("tecum.exigent.operations.ending.stop", lambda *_, **__: False)

    denied(made)

    assert Authority.objects.get().state == "IN_FORCE"


def test_a_search_for_what_the_agency_knows_nothing_of_stops():
    made = emergencies.asked().call()
    made.approve(made.propose())

    denied(made)

    (decision,) = made.seen(LATER).decided
    assert decision.gathering.state == "STOPPED"
    with pytest.raises(exigent.CannotDisclose, match="call back first"):
        exigent.search_again(decision=decision.id, by=made.at(made.approver, LATER), now=LATER)


def test_a_mistaken_denial_is_corrected_by_a_good_call_and_two_people_and_gives_no_new_hours():
    made = emergencies.tapped()
    (first,) = Authority.objects.all()
    denied(made)
    obeyed()
    with pytest.raises(Refused, match="Call the agency back"):
        made.propose_tap(now=LATER)

    made.call(now=LATER + MINUTE)
    proposal = made.propose_tap(now=LATER + MINUTE)
    with pytest.raises(exigent.CalledBack):
        made.approve(proposal, by=made.caller, now=LATER + MINUTE)
    made.approve(proposal, now=LATER + MINUTE)

    again = Authority.objects.get(state="IN_FORCE")
    assert (again.pk != first.pk, again.ends_at) == (True, first.ends_at)
    assert made.seen(LATER).ended_at is None
    assert not Escalation.objects.filter(about=f"denied:{made.case}", ended_at=None).exists()


def test_what_was_acted_on_is_closed_by_one_person_only_after_its_agency_knew_nothing_of_it():
    made = emergencies.tapped()
    close = {"case": made.case, "why": "denied", "by": made.at(made.caller, LATER), "now": LATER}
    with pytest.raises(exigent.CannotDecide, match="acted on"):
        exigent.refuse(**close)
    denied(made)

    exigent.refuse(**close)

    seen = made.seen(LATER)
    assert (seen.state, {each.state for each in seen.follow_ups}) == ("REFUSED", {"WAIVED"})
    assert not Escalation.objects.filter(about=f"denied:{made.case}", ended_at=None).exists()


def test_what_is_taken_up_again_after_that_must_be_followed_by_an_order_again():
    made = emergencies.tapped()
    denied(made)
    obeyed()
    at = made.at(made.caller, LATER)
    exigent.refuse(case=made.case, why="denied", by=at, now=LATER)

    exigent.look_again(case=made.case, by=at, now=LATER)
    with pytest.raises(exigent.CannotTurn, match="acted on"):
        exigent.is_ordinary(case=made.case, kind=CaseKind.DEMAND, by=at, now=LATER)
    made.call(now=LATER)
    made.approve(made.propose_tap(now=LATER), now=LATER)

    followed = {each.what: each.state for each in made.seen(LATER).follow_ups}
    assert followed["order"] == "WAITING"


def test_whoever_asked_hears_no_reminder_while_the_agency_knows_nothing_of_it():
    made = emergencies.tapped()
    denied(made)
    order = next(each for each in made.seen(LATER).follow_ups if each.what == "order")
    before = Notice.objects.filter(message="exigent_follows").count()

    exigent.remind(reminder=f"{order.id}/0", by=Actor.system("jobs"), now=LATER)

    assert Notice.objects.filter(message="exigent_follows").count() == before

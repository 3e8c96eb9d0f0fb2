"""A legal demand from its arrival to its end: taken, read, judged, scoped by two, held, silenced, narrowed, withdrawn."""

from datetime import date, timedelta

import pytest

from tecum.accounts import operations as accounts
from tecum.approvals.operations import Changed, SamePerson
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseState, ClockState, TargetState
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.rules.withdrawing import Asking
from tecum.demands.states import DemandState, Outcome
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import Approval, Demand, DemandHold, Notice
from tecum.process.facts import Said
from tests import make
from tests.make import NOON, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
NUMBER = "2925550142"
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))
SUBPOENA = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", signer="A. Fairlamb",
    issued_on=date(2026, 9, 3), entity="Meadowlark Wholesale Telephone Company", country="US", gag=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def example_guide(settings):
    settings.TECUM_GUIDE = "example"


@pytest.fixture
def desk():
    """Two analysts."""
    return tuple(make.analyst() for _ in range(2))


def arrived(*, numbers=(NUMBER,), said=SUBPOENA, product="cdr", period=APRIL, **more):
    """Receive a demand by fax, with its targets; return the id of its case."""
    got = demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked(number, period, product, words="item 1") for number in numbers], by=SYSTEM, now=NOON, **more,
    )  # fmt: skip
    return got.case


def reviewed(by, **more):
    """Take a demand as far as a process found sound."""
    case = arrived(**more)
    demands.take(case=case, by=by, now=NOON)
    demands.confirm(case=case, said=more.get("said", SUBPOENA), targets=[], by=by, now=NOON)
    demands.accept(case=case, despite="read by hand", by=by, now=NOON)
    for each in files.targets(case=case, by=by, now=NOON):
        demands.choose(
            case=case,
            target=each.id,
            holders=["unknown"],
            withheld=False,
            reason="Seen on the bill.",
            by=by,
            now=NOON,
        )
    return case


def scoped(first, second, **more):
    case = reviewed(first, **more)
    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)
    return case


def state(case):
    return DemandState(Demand.objects.get(case=case).state)


@pytest.mark.requirement("R-108")
def test_records_are_held_from_receipt_on_and_the_officer_can_be_told_until_when(desk):
    case = arrived()

    holds = DemandHold.objects.filter(demand__case=case, lifted_at=None)
    assert [(hold.starts_at, hold.ends_at) for hold in holds] == [(APRIL.start, APRIL.end)]


def test_an_analyst_takes_a_demand_and_owns_it_and_nobody_takes_it_again(desk):
    first, second = desk
    case = arrived()

    demands.take(case=case, by=first, now=NOON)

    assert files.case(case=case, by=first, now=NOON).owner == first.ref
    with pytest.raises(demands.CannotTurn):
        demands.take(case=case, by=second, now=NOON)


def test_a_scope_is_proposed_by_one_and_approved_by_another_never_by_the_same(desk):
    first, second = desk
    case = reviewed(first)
    proposal = demands.propose_scope(case=case, by=first, now=NOON)

    with pytest.raises(SamePerson):
        demands.approve_scope(proposal=proposal, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)

    assert state(case) is DemandState.SCOPED
    assert [line.outcome for line in queries.lines(case=case, by=first, now=NOON)] == [Outcome.GRANTED]


def test_a_target_added_after_the_proposal_makes_it_void(desk):
    first, second = desk
    case = reviewed(first)
    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    cases.add_target(case=case, asked=Asked("2925550143", APRIL, "cdr", words="item 2"), by=first, now=NOON)

    with pytest.raises(Changed):
        demands.approve_scope(proposal=proposal, by=second, now=NOON)

    assert state(case) is DemandState.IN_REVIEW


@pytest.mark.sabotage("control 6")
def test_without_the_hash_a_widened_scope_would_pass_on_an_older_approval(desk, monkeypatch):
    first, second = desk
    case = reviewed(first)
    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    cases.add_target(case=case, asked=Asked("2925550143", APRIL, "cdr", words="item 2"), by=first, now=NOON)
    monkeypatch.setattr("tecum.demands.operations.scoping.digest", lambda *_: "0" * 64)
    Demand.objects.get(case=case).scopes.update(digest="0" * 64)
    Approval.objects.filter(act="demand.scope").update(digest="0" * 64)

    demands.approve_scope(proposal=proposal, by=second, now=NOON)

    assert state(case) is DemandState.SCOPED


def test_a_new_decision_about_a_target_ends_an_approved_scope_and_the_review_goes_on(desk):
    first, second = desk
    case = scoped(first, second)
    target = files.targets(case=case, by=first, now=NOON)[0].id

    demands.choose(
        case=case, target=target, holders=[], withheld=True, reason="Narrowed by mail.", by=first, now=NOON
    )

    assert state(case) is DemandState.IN_REVIEW


@pytest.mark.requirement("R-109", "R-110")
def test_while_nobody_said_whose_records_are_meant_nothing_is_proposed(desk):
    first, _ = desk
    case = arrived()
    demands.take(case=case, by=first, now=NOON)
    demands.confirm(case=case, said=SUBPOENA, targets=[], by=first, now=NOON)
    demands.accept(case=case, despite="read by hand", by=first, now=NOON)

    with pytest.raises(demands.CannotScope, match="Decide first"):
        demands.propose_scope(case=case, by=first, now=NOON)


def test_a_decision_without_a_reason_is_refused(desk):
    first, _ = desk
    case = arrived()
    target = files.targets(case=case, by=first, now=NOON)[0].id

    with pytest.raises(demands.NeedsReason):
        demands.choose(
            case=case, target=target, holders=["unknown"], withheld=False, reason=" ", by=first, now=NOON
        )


@pytest.mark.requirement("R-105")
def test_while_a_fee_is_not_accepted_no_scope_is_proposed(desk):
    first, _ = desk
    case = reviewed(first)
    cases.open_gate(case=case, kind="fee_accepted", asked="$50 for one report", by=first, now=NOON)

    with pytest.raises(cases.GateOpen):
        demands.propose_scope(case=case, by=first, now=NOON)


def test_a_deficiency_letter_pauses_the_clock_and_the_holds_lapse_thirty_days_later(desk):
    first, _ = desk
    case = arrived()
    demands.take(case=case, by=first, now=NOON)
    demands.find_deficient(case=case, note="The interval has no time zone.", by=first, now=NOON)
    lapses = Demand.objects.get(case=case).lapses_at

    clocks = files.clocks(case=case, by=first, now=NOON)
    early = demands.holds_lapse(
        demand=Demand.objects.get(case=case).pk, by=SYSTEM, now=lapses - timedelta(minutes=1)
    )
    lapsed = demands.holds_lapse(demand=Demand.objects.get(case=case).pk, by=SYSTEM, now=lapses)

    assert lapses - NOON == timedelta(days=30)
    assert {clock.state for clock in clocks} == {ClockState.PAUSED}
    assert (early, lapsed) == (0, 1)
    assert not DemandHold.objects.filter(lifted_at=None).exists()


def test_when_the_agency_mends_it_in_time_the_review_goes_on_and_the_holds_stay(desk):
    first, _ = desk
    case = arrived()
    demands.take(case=case, by=first, now=NOON)
    demands.find_deficient(case=case, note="The interval has no time zone.", by=first, now=NOON)

    demands.go_on(case=case, by=first, now=NOON + timedelta(days=2))

    assert state(case) is DemandState.IN_REVIEW
    assert DemandHold.objects.filter(lifted_at=None).count() == 1
    assert Demand.objects.get(case=case).lapses_at is None


@pytest.mark.requirement("R-045")
def test_an_officer_on_the_list_withdraws_and_the_case_closes_and_a_day_later_the_holds_end(desk):
    agency = make.agency()
    officer = make.officer(at=agency)
    case = arrived(agency=agency.id, people=(acting(officer).ref,))

    demands.withdraw(case=case, how="portal", by=acting(officer), now=NOON)
    held_meanwhile = DemandHold.objects.filter(lifted_at=None).count()
    demand = Demand.objects.get(case=case)
    demands.settle(demand=demand.pk, by=SYSTEM, now=NOON + timedelta(hours=24))

    assert state(case) is DemandState.WITHDRAWN
    assert files.case(case=case, by=desk[0], now=NOON).state is CaseState.CLOSED
    assert held_meanwhile == 1
    assert not DemandHold.objects.filter(lifted_at=None).exists()


def test_another_officer_of_the_same_agency_withdraws_nothing(desk):
    agency = make.agency()
    mine, other = make.officer(at=agency), make.officer(at=agency)
    case = arrived(agency=agency.id, people=(acting(mine).ref,))

    with pytest.raises(NotYours):
        demands.withdraw(case=case, how="portal", by=acting(other), now=NOON)

    assert state(case) is DemandState.RECEIVED


def test_within_a_day_a_withdrawal_is_undone_with_its_targets_and_later_it_is_not(desk):
    agency = make.agency()
    officer = acting(make.officer(at=agency))
    case = arrived(agency=agency.id, people=(officer.ref,))
    demands.withdraw(case=case, how="portal", by=officer, now=NOON)

    demands.undo(case=case, by=officer, now=NOON + timedelta(hours=23))

    assert state(case) is DemandState.RECEIVED
    assert [each.state for each in files.targets(case=case, by=desk[0], now=NOON)] == [TargetState.ASKED]
    demands.withdraw(case=case, how="portal", by=officer, now=NOON)
    with pytest.raises(demands.CannotTurn):
        demands.undo(case=case, by=officer, now=NOON + timedelta(hours=24))


def test_one_of_two_targets_withdrawn_narrows_the_demand_and_does_not_close_it(desk):
    first, _ = desk
    case = arrived(numbers=(NUMBER, "2925550143"))
    target = files.targets(case=case, by=first, now=NOON)[0].id

    demands.withdraw(case=case, how="telephone", targets=[target], by=first, now=NOON)

    assert state(case) is DemandState.RECEIVED
    assert [each.state for each in files.targets(case=case, by=first, now=NOON)] == [
        TargetState.WITHDRAWN,
        TargetState.ASKED,
    ]


@pytest.mark.requirement("R-043")
def test_a_proven_message_of_somebody_on_the_list_withdraws_and_a_forgery_waits_for_a_person(desk):
    agency = make.agency()
    officer = make.officer(at=agency)
    case = arrived(agency=agency.id, people=(acting(officer).ref,))
    reference = files.case(case=case, by=desk[0], now=NOON).reference
    genuine = Asking(sender=officer.email, proven=True, automatic=False, references=frozenset({reference}))
    forged = Asking(sender=officer.email, proven=False, automatic=False, references=frozenset({reference}))

    first = demands.withdraw_by_mail(asking=forged, by=SYSTEM, now=NOON)
    after_forgery = state(case)
    second = demands.withdraw_by_mail(asking=genuine, by=SYSTEM, now=NOON)

    assert (first.withdraws, first.person, after_forgery) == (False, True, DemandState.RECEIVED)
    assert second.withdraws
    assert state(case) is DemandState.WITHDRAWN


def test_a_preservation_lasts_ninety_days_is_renewed_once_and_ends_with_its_holds(desk):
    first, _ = desk
    case = arrived()
    made = demands.preserve(case=case, by=first, now=NOON)
    renewed = demands.renew(case=case, by=first, now=NOON + timedelta(days=80))

    with pytest.raises(demands.CannotPreserve, match="as often"):
        demands.renew(case=case, by=first, now=NOON + timedelta(days=100))
    ended = demands.preservation_ends(preservation=made.id, by=SYSTEM, now=renewed.ends_at)

    assert ended
    assert (renewed.ends_at - NOON).days == 180
    assert not DemandHold.objects.filter(lifted_at=None).exists()


def test_the_process_that_follows_a_preservation_takes_its_holds_over(desk):
    first, _ = desk
    asked = arrived()
    demands.preserve(case=asked, by=first, now=NOON)
    subpoena = arrived(numbers=(NUMBER,), said=SUBPOENA)

    demands.follow(case=asked, by_case=subpoena, by=first, now=NOON + timedelta(days=30))

    holds = DemandHold.objects.filter(lifted_at=None)
    assert {hold.demand.case_id for hold in holds} == {subpoena}


def test_a_gag_without_an_end_gets_the_guides_and_who_would_learn_says_the_customer_does_not(desk):
    first, _ = desk
    case = arrived()

    view = demands.set_gag(
        case=case, gag=True, starts=date(2026, 9, 3), until=None, cited=True, by=first, now=NOON
    )
    learns = {each.channel.name: each for each in queries.who_would_learn(case=case, by=first, now=NOON)}

    assert (view.silence.state, view.silence.until) == ("in_force", date(2026, 12, 2))
    assert not learns["CUSTOMER"].learns
    assert not learns["PROVIDER"].learns


def test_an_objection_goes_by_letter_with_its_reasons_and_ends_what_was_proposed(desk):
    first, second = desk
    case = scoped(first, second)

    demands.object_to(case=case, reasons="Ten years of calls.", proposal="One month.", by=first, now=NOON)

    assert state(case) is DemandState.OBJECTED
    sent = Notice.objects.get(message="demand_objection")
    assert sent.recipient == "vane@agency.example.gov"
    assert not Demand.objects.get(case=case).scopes.filter(ended_at=None).exists()


def test_what_is_due_first_stands_first_and_a_sealed_demand_is_not_there_for_others(desk):
    first, second = desk
    one, other = arrived(), arrived()
    cases.seal(case=other, people=[make.analyst().ref], by=first, now=NOON)

    mine = {line.case for line in queries.queue(by=first, now=NOON).lines}
    theirs = {line.case for line in queries.queue(by=second, now=NOON).lines}

    assert mine == {one, other}
    assert theirs == {one}
    assert sum(queries.counts(by=second, now=NOON).values()) == 1
    with pytest.raises(NotYours):
        queries.of_case(case=other, by=second, now=NOON)


def test_many_demands_are_given_to_one_person_or_none_is(desk):
    first, second = desk
    chosen = [arrived(), arrived()]

    demands.assign_many(cases_chosen=chosen, owner=second.ref, by=first, now=NOON)
    with pytest.raises(NotYours):
        demands.assign_many(cases_chosen=[chosen[0], "nothing"], owner=first.ref, by=first, now=NOON)

    assert {line.owner for line in queries.queue(by=first, now=NOON).lines} == {second.ref}


def test_a_suspended_analyst_proposes_nothing(desk):
    first, _ = desk
    case = reviewed(first)
    accounts.suspend_person(person=first.ref.removeprefix("person:"), reason="left", by=make.ROOT, now=NOON)

    with pytest.raises(Refused):
        demands.propose_scope(case=case, by=first, now=NOON)

    assert not Demand.objects.get(case=case).scopes.exists()

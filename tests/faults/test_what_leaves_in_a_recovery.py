"""
T13, the other half: after an old copy was put back nothing leaves the house, by staff's own hands either, before two people have
ended the recovery; ends never wait, and what a life hangs on goes where all of it began after the copy (control 13).
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tecum.approvals.rules import ApprovalView
from tecum.billing import operations as invoices
from tecum.cases import operations as cases
from tecum.exigent import operations as exigent
from tecum.exigent.operations.deciding import CannotDecide
from tecum.jobs import long
from tecum.kernel.actors import Actor
from tecum.models import ExigentGathering, Handover, Invoice, Person, Production, Tap
from tecum.production import holding
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.recovery import operations as recovery
from tecum.recovery import queries as recoveries
from tecum.secrecy import operations as secrecy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.queries import resuming
from tests import emergencies, make, taps
from tests import productions as packages
from tests.emergencies import wireless  # noqa: F401
from tests.faults.test_putting_a_copy_back import another_installation, copied, places, put_back  # noqa: F401
from tests.make import NOON, acting
from tests.productions import signing  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = NOON + HOUR


def in_recovery(at=LATER) -> None:
    recovery.enter(
        copied_at=NOON, copy="a" * 64, origin="example.net/trail-2", known_outside=120, in_copy=100, by=make.ROOT, now=at
    )  # fmt: skip


def over(at=LATER) -> None:
    one, two = (acting(make.person(roles=["counsel"]), stepped_up_at=at) for _ in range(2))
    asked = recovery.propose_leave(by=one, now=at)
    recovery.approve_leave(approval=asked.id, by=two, now=at)


def again(who: Actor, at=LATER) -> Actor:
    return acting(make.again_by_ref(who.ref), stepped_up_at=at)


@pytest.fixture
def wholesale(settings):
    settings.TECUM_GUIDE = "example"


def proposed(found: packages.Case, made: str) -> ApprovalView:
    return productions.propose_release(
        production=made, receivers=found.receivers, by=again(found.preparer), now=LATER
    )


@pytest.mark.sabotage("control 13")
def test_a_release_of_an_old_copy_waits_until_two_people_have_ended_the_recovery(
    wholesale,
    signing,  # noqa: F811
    tmp_path: Path,
    settings,
    monkeypatch,
):
    """It was withdrawn after the copy was made; the copy says that it is ready to go."""
    found = packages.case()
    made, gone = found.made(), found.released()
    copy = copied(tmp_path)

    with another_installation(tmp_path / "new", settings):
        put_back(copy, now=LATER)
        asked = proposed(found, made)
        with pytest.raises(recovery.InRecovery, match="nothing leaves it"):
            productions.approve_release(
                production=made, approval=asked.id, by=again(found.approver), now=LATER
            )
        with pytest.raises(recovery.InRecovery, match="nothing leaves it"):
            productions.hand_to_account(
                production=gone, person=found.officer.ref, by=again(found.preparer), now=LATER
            )
        assert Production.objects.get(pk=made).state == "MADE"
        assert not Handover.objects.filter(state="OPEN").exists()

        with monkeypatch.context() as taken_away:
            taken_away.setattr(holding, "hold", lambda *_, **__: None)
            productions.hand_to_account(
                production=gone, person=found.officer.ref, by=again(found.preparer), now=LATER
            )
            assert Handover.objects.filter(state="OPEN").exists()  # without the control it has left

        over()
        productions.approve_release(production=made, approval=asked.id, by=again(found.approver), now=LATER)
        assert Production.objects.get(pk=made).state == "RELEASED"


def test_an_agency_ends_its_surveillance_in_a_recovery_as_at_any_time():
    tap = taps.order().authorize().activate()
    taps.carried(NOON)
    officer = make.acting(make.again_by_ref(f"person:{Person.objects.get(name='Dana Ruiz').pk}"))
    with transaction.atomic():
        secrecy.let_know(tap.case.matter, officer.ref, by=make.ROOT, now=NOON)
    in_recovery()

    ended = surveillance.ask_end(surveillance=tap.surveillance, words="Arrest made.", by=officer, now=LATER)
    taps.carried(LATER)

    assert ended == 1
    assert Tap.objects.get().state == "ENDED"


def test_no_invoice_and_no_credit_note_of_an_old_copy_takes_a_number_that_was_given_since(wholesale):
    clerk = acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    home = make.legal_case(agency=make.agency().id, numbers=("2925550142",))
    cases.note_billable(case=home.id, kind="cdr", source="s-1", happened_at=NOON, by=SYSTEM, now=NOON)
    cases.close(case=home.id, outcome="produced", by=SYSTEM, now=NOON)
    in_recovery()

    with pytest.raises(recovery.InRecovery):
        invoices.issue(case=home.id, by=again(clerk), now=LATER)
    over()

    made = invoices.issue(case=home.id, by=again(clerk), now=LATER)
    assert made is not None


@pytest.mark.sabotage("control 13")
def test_a_credit_note_of_an_old_copy_waits_as_its_invoice_does(wholesale, monkeypatch):
    clerk = acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    home = make.legal_case(agency=make.agency().id, numbers=("2925550142",))
    cases.note_billable(case=home.id, kind="cdr", source="s-1", happened_at=NOON, by=SYSTEM, now=NOON)
    cases.close(case=home.id, outcome="produced", by=SYSTEM, now=NOON)
    first = invoices.issue(case=home.id, by=clerk, now=NOON)
    in_recovery()
    credit = {
        "invoice": first.id, "lines": [line.id for line in first.lines], "reason": "Wrong agency", "again": True,
        "by": again(clerk), "now": LATER,
    }  # fmt: skip

    with pytest.raises(recovery.InRecovery, match="nothing leaves it"):
        invoices.credit(**credit)
    assert Invoice.objects.count() == 1

    monkeypatch.setattr(recovery, "refuse", lambda **_: None)
    invoices.credit(**credit)
    assert Invoice.objects.count() == 2  # without the control it has left


def test_what_two_people_authorised_and_affirmed_in_the_recovery_needs_no_second_pair():
    in_recovery(NOON - MINUTE)
    tap = taps.order().authorize().activate()

    taps.carried(NOON)

    assert Tap.objects.get().state == "ACTIVE"
    (line,) = resuming.to_resume(by=tap.at(tap.proposer, NOON), now=NOON)
    assert line.resumed


def test_an_activation_in_the_recovery_of_what_the_copy_authorised_waits_for_two_who_resume_it():
    tap = taps.order().authorize()
    in_recovery(NOON + MINUTE)
    tap.activate(now=NOON + 2 * MINUTE)

    taps.carried(NOON + 2 * MINUTE)
    assert Tap.objects.get().state == "STARTING"

    resumed(tap)
    taps.carried(LATER)
    assert Tap.objects.get().state == "ACTIVE"


def test_a_copy_that_was_made_in_a_recovery_is_put_back_and_what_was_resumed_there_waits_for_two_people_again():
    tap = taps.order().authorize().activate()
    in_recovery()
    resumed(tap)
    assert recoveries.may_start({tap.surveillance})

    in_recovery(LATER + HOUR)

    assert not recoveries.may_start({tap.surveillance})
    assert recoveries.under_way().began_at == LATER + HOUR


def test_what_two_people_resumed_is_not_resumed_a_second_time_and_says_so():
    tap = taps.order().authorize().activate()
    in_recovery()
    resumed(tap)

    with pytest.raises(recovery.AlreadyResumed, match="resumed this already"):
        resumed(tap)


def resumed(tap) -> None:
    ada, bo = tap.at(tap.proposer, LATER), tap.at(tap.approver, LATER)
    asked = surveillance.propose_resume(surveillance=tap.surveillance, by=ada, now=LATER)
    surveillance.approve_resume(surveillance=tap.surveillance, approval=asked.id, by=bo, now=LATER)


@pytest.mark.usefixtures("wireless")
class TestAnEmergency:
    """What a life hangs on goes, where call back, decision and search are all of after the copy."""

    def test_one_that_was_called_back_and_decided_in_the_recovery_is_released_and_handed_over(self, signing):  # noqa: F811
        found = emergencies.asked().written()
        in_recovery(NOON + MINUTE)
        now = NOON + 2 * MINUTE

        found.call(now=now)
        found.approve(found.propose(now=now), now=now)
        made = found.searched(now=now)
        to = Receivers((make.officer("Dana Ruiz", at=found.agency).ref,))
        asked = productions.propose_release(
            production=made, receivers=to, by=found.at(found.caller, now), now=now
        )
        productions.approve_release(
            production=made, approval=asked.id, by=found.at(found.approver, now), now=now
        )

        assert Production.objects.get(pk=made).state == "RELEASED"

    def test_a_call_back_of_before_the_copy_was_put_back_verifies_nothing(self):
        found = emergencies.asked().written().call()
        in_recovery()

        with pytest.raises(CannotDecide, match="call back again"):
            found.propose(now=LATER)
        found.call(now=LATER)

        assert found.propose(now=LATER)

    def test_a_decision_of_before_the_copy_was_put_back_is_not_carried_out(self):
        found = emergencies.asked().written().call()
        decision = found.propose()
        found.approve(decision)
        in_recovery()

        long.search_emergencies(lambda: LATER)
        assert ExigentGathering.objects.get().state == "STOPPED"

        over()
        exigent.search_again(decision=decision, by=found.at(found.caller, LATER), now=LATER)
        long.search_emergencies(lambda: LATER)
        assert ExigentGathering.objects.get().state == "DONE"

    def test_a_surveillance_that_two_people_decided_in_the_recovery_starts(self):
        found = emergencies.asked(emergencies.CERTIFIED).written()
        in_recovery(NOON + MINUTE)
        now = NOON + 2 * MINUTE

        found.call(now=now)
        found.approve(found.propose_tap(now=now), now=now)
        taps.carried(now)

        assert Tap.objects.get().state == "ACTIVE"

    def test_one_that_a_single_person_decided_for_a_life_waits_for_two_who_resume_it(self):
        found = emergencies.asked(emergencies.CERTIFIED).written()
        in_recovery(NOON + MINUTE)
        now = NOON + 2 * MINUTE
        found.call(now=now)
        by = found.at(found.caller, now)

        exigent.decide_alone(
            decision=found.propose_tap(now=now),
            tried="Bo and the desk, twice",
            affirmed_as=by.name,
            by=by,
            now=now,
        )
        taps.carried(now)

        assert Tap.objects.get().state == "STARTING"

    @pytest.mark.sabotage("control 13")
    def test_without_the_bar_what_the_copy_says_is_on_would_start_by_itself(self, monkeypatch):
        emergencies.tapped()
        in_recovery(NOON + MINUTE)
        monkeypatch.setattr(resuming, "startable", list)

        taps.carried(NOON + 2 * MINUTE)

        assert Tap.objects.get().state == "ACTIVE"

"""What one person proposes another approves, bound to the hash of exactly what will happen (assurance control 6)."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.models import HeldRole, Person
from tecum.accounts.operations.standing import NoLongerHeld, PersonSuspended
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.approvals import rules
from tecum.approvals.operations import Changed, NotWaiting, OnlyPeople, SamePerson, WaitsAlready
from tecum.audit import queries as trail
from tecum.guide.loading import NoGuide
from tecum.guide.problems import FaultyGuide
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Approval
from tecum.policy import operations, queries
from tests import make
from tests.make import NOON, acting, later
from tests.people import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
GUIDES = Path(__file__).parents[2] / "guides"
ONE, OTHER = "1" * 64, "2" * 64


@pytest.fixture
def edda():
    return acting(make.person("Edda Vance", roles=["guide_editor"]))


@pytest.fixture
def cora():
    return acting(make.person("Cora Ravensworth", roles=["counsel"]))


def proposed(by, digest=ONE):
    return approvals.propose("door.open", "door-7", digest, by=by, now=NOON)


def events():
    return [entry.event for entry in trail.since(NOON)]


def test_what_one_person_proposes_another_approves_and_the_trail_says_both(edda, cora):
    waiting = proposed(edda)

    approved = approvals.approve(waiting.id, digest=ONE, by=cora, now=NOON)

    assert (approved.state, approved.proposed_by, approved.decided_by) == ("APPROVED", edda.ref, cora.ref)
    assert proposals.last_approved("door.open", "door-7") == approved
    assert [event for event in events() if event.startswith("approval.")] == [
        "approval.proposed",
        "approval.approved",
    ]


def test_the_same_person_cannot_approve(edda):
    waiting = proposed(edda)

    with pytest.raises(SamePerson):
        approvals.approve(waiting.id, digest=ONE, by=edda, now=NOON)
    assert proposals.waiting("door.open", "door-7") == waiting


@pytest.mark.sabotage("control 6")
def test_without_the_rule_the_database_would_still_want_two_people(edda, monkeypatch):
    waiting = proposed(edda)
    monkeypatch.setattr(rules, "another_person", lambda **people: True)

    with pytest.raises(IntegrityError), transaction.atomic():
        approvals.approve(waiting.id, digest=ONE, by=edda, now=NOON)
    assert Approval.objects.get().state == "PROPOSED"


def test_a_change_of_what_will_happen_makes_the_proposal_void_for_ever(edda, cora):
    waiting = proposed(edda)

    with pytest.raises(Changed):
        approvals.approve(waiting.id, digest=OTHER, by=cora, now=NOON)
    with pytest.raises(NotWaiting):
        approvals.approve(waiting.id, digest=ONE, by=cora, now=NOON)
    assert "approval.voided" in events()


def test_another_proposal_takes_the_place_of_the_one_that_waits(edda, cora):
    first = proposed(edda)
    with pytest.raises(WaitsAlready):
        proposed(edda)

    second = proposed(edda, OTHER)

    assert proposals.waiting("door.open", "door-7") == second
    with pytest.raises(NotWaiting):
        approvals.approve(first.id, digest=ONE, by=cora, now=NOON)


def test_what_is_withdrawn_cannot_be_approved(edda, cora):
    waiting = proposed(edda)

    approvals.withdraw(waiting.id, by=edda, now=NOON)

    with pytest.raises(NotWaiting):
        approvals.approve(waiting.id, digest=ONE, by=cora, now=NOON)


def test_neither_a_process_nor_a_command_line_is_one_of_two_people(edda):
    waiting = proposed(edda)

    for nobody in (Actor.system("jobs"), make.ROOT):
        with pytest.raises(OnlyPeople):
            approvals.approve(waiting.id, digest=ONE, by=nobody, now=NOON)


# The guide


@pytest.fixture
def folder(tmp_path, settings, monkeypatch):
    shutil.copytree(GUIDES / "example", tmp_path / "mine")
    settings.TECUM_GUIDE = str(tmp_path / "mine")
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(queries, "_shelves", {})
    return tmp_path / "mine"


def edit(folder, limit, was="25"):
    file = folder / "lookup.toml"
    text = file.read_text()
    assert f"limit = {was}" in text
    file.write_text(text.replace(f"limit = {was}", f"limit = {limit}"))


def limit(*, minutes):
    return queries.at(later(minutes=minutes)).lookup.quota.limit


def propose(by):
    seen = queries.files(by=by, now=NOON).digest
    return operations.propose_files(digest=seen, by=by, now=NOON)


def activate(proposal, by):
    return operations.activate(
        approval=proposal.id, digest=proposal.digest, by=by, now=NOON, stand=accounts.stand
    )


@pytest.mark.sabotage("control 12")
def test_who_was_suspended_since_the_request_began_activates_nothing(folder, edda, cora):
    proposal = propose(edda)
    Person.objects.filter(pk=cora.ref.removeprefix("person:")).update(
        standing="SUSPENDED", standing_reason="left the firm"
    )

    with pytest.raises(PersonSuspended):
        activate(proposal, cora)
    assert queries.files(by=edda, now=NOON).waiting == proposal

    operations.activate(  # without the look at the standing the suspended would have put them in force
        approval=proposal.id, digest=proposal.digest, by=cora, now=NOON, stand=lambda **_: None
    )
    assert queries.files(by=edda, now=NOON).activated == proposal.digest


def test_a_role_taken_away_since_the_request_began_activates_nothing(folder, edda, cora):
    proposal = propose(edda)
    HeldRole.objects.filter(person=cora.ref.removeprefix("person:")).update(ended_at=NOON, ended_by="x")

    with pytest.raises(NoLongerHeld):
        activate(proposal, cora)


def test_whoever_keeps_the_guide_alone_is_told_before_it_is_needed(folder, cora, freeze):
    freeze(NOON)
    editor = make.person("Elin Korsgaard", roles=["guide_editor"])
    activate(propose(acting(editor)), cora)
    told = "Nobody could activate the next change"

    with time_machine.travel(NOON, tick=False):
        page = sign_in(editor, at=NOON)
        assert len(people.holders("guide.activate")) == 2
        assert told not in page.get("/desk/guide/").text

        HeldRole.objects.filter(person=cora.ref.removeprefix("person:")).update(ended_at=NOON, ended_by="x")
        assert told in page.get("/desk/guide/").text


def test_where_nobody_ever_activated_a_guide_an_edit_is_in_force_at_once(folder):
    assert limit(minutes=0) == 25

    edit(folder, 30)

    assert limit(minutes=1) == 30


def test_once_activated_an_edit_waits_until_two_people_activate_it(folder, edda, cora):
    activate(propose(edda), cora)

    edit(folder, 30)
    assert limit(minutes=1) == 25

    waiting = propose(edda)
    assert limit(minutes=2) == 25
    activate(waiting, cora)
    assert limit(minutes=3) == 30
    assert [event for event in events() if event.startswith("guide.")] == [
        "guide.proposed",
        "guide.activated",
        "guide.proposed",
        "guide.activated",
    ]


def test_a_restart_over_files_that_nobody_activated_finds_what_was_activated(folder, edda, cora, monkeypatch):
    activate(propose(edda), cora)
    edit(folder, 30)

    monkeypatch.setattr(queries, "_shelves", {})

    assert limit(minutes=1) == 25


@pytest.mark.sabotage("control 6")
def test_without_the_gate_one_persons_edit_would_be_in_force(folder, edda, cora, monkeypatch):
    activate(propose(edda), cora)
    edit(folder, 30)
    monkeypatch.setattr("tecum.policy.gate.activated", lambda folder: "")
    monkeypatch.setattr(queries, "_shelves", {})

    assert limit(minutes=1) == 30


def test_files_that_changed_after_the_proposal_make_it_void(folder, edda, cora):
    activate(propose(edda), cora)
    edit(folder, 30)
    waiting = propose(edda)

    edit(folder, 3000, was="30")

    with pytest.raises(Changed):
        activate(waiting, cora)
    edit(folder, 30, was="3000")
    with pytest.raises(NotWaiting):
        activate(waiting, cora)
    assert limit(minutes=1) == 25


def test_the_editor_cannot_activate_what_the_editor_proposed(folder, edda):
    waiting = propose(edda)

    with pytest.raises(SamePerson):
        activate(waiting, edda)


def test_activation_wants_a_fresh_second_factor_and_counsel_cannot_propose(folder, edda, cora):
    waiting = propose(edda)
    stale = acting(make.person(roles=["counsel"]), stepped_up_at=NOON - timedelta(minutes=6))

    with pytest.raises(StepUpNeeded):
        activate(waiting, stale)
    with pytest.raises(NotYours):
        propose(cora)


def test_files_with_a_mistake_are_not_proposed(folder, edda):
    edit(folder, "many")

    with pytest.raises(FaultyGuide):
        operations.propose_files(digest=ONE, by=edda, now=NOON)


def test_a_copy_that_somebody_altered_is_not_in_force(folder, edda, cora, settings, monkeypatch):
    activate(propose(edda), cora)
    (copy,) = (Path(settings.DATA) / "guides-in-force").glob("*/mine")
    edit(copy, 9000)
    edit(folder, 30)
    monkeypatch.setattr(queries, "_shelves", {})

    with pytest.raises(NoGuide, match="Put those files back"):
        limit(minutes=1)


def test_going_back_to_earlier_files_takes_two_people_again(folder, edda, cora):
    activate(propose(edda), cora)
    edit(folder, 30)
    activate(propose(edda), cora)

    edit(folder, 25, was="30")
    assert limit(minutes=1) == 30

    activate(propose(edda), cora)
    assert limit(minutes=2) == 25

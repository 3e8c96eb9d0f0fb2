"""Sealed means invisible: to everybody who is not on the case's list, in counts and searches too (control 8, T6)."""

import pytest
from django.db.models import Q

from tecum.accounts import operations as accounts
from tecum.approvals import operations as approvals
from tecum.approvals import queries as proposals
from tecum.audit import queries as trail
from tecum.cases import operations as cases
from tecum.cases import queries
from tecum.cases.facts import Asked
from tecum.cases.queries import reading
from tecum.cases.states import CaseKind
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.secrecy import queries as secrecy
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NUMBER = "2925550142"


def everything(by: Actor, case: str) -> list[object]:
    """Return what a person can find out about cases by every question there is."""
    answers: list[object] = [
        queries.count(by=by, now=NOON),
        [line.id for line in queries.cases(by=by, now=NOON).lines],
        queries.naming_number(number=NUMBER, by=by, now=NOON),
        queries.held_entries(by=by, now=NOON),
    ]
    for question in (
        lambda: queries.case(case=case, by=by, now=NOON),
        lambda: queries.case_file(case=case, by=by, now=NOON),
        lambda: queries.timeline(case=case, by=by, now=NOON),
        lambda: queries.targets(case=case, by=by, now=NOON),
        lambda: cases.show(case=case, by=by, now=NOON),
        lambda: cases.add_note(case=case, text="hello", by=by, now=NOON),
        lambda: cases.propose_let_in(case=case, person=by.ref, by=by, now=NOON),
        lambda: cases.add_person(case=case, person=by.ref, by=by, now=NOON),
        lambda: cases.seal(case=case, people=[by.ref], by=by, now=NOON),
    ):
        try:
            answers.append(type(question()).__name__)
        except Refused as refusal:
            answers.append(str(refusal))
    return answers


def test_two_worlds_that_differ_in_a_sealed_case_look_the_same_to_whoever_is_not_on_its_list():
    """The second world holds one sealed case more; asked for a case that is not there, both say the same."""
    others = [
        make.analyst(),
        make.acting(make.person(roles=["order_administrator"])),
        make.acting(make.person(roles=["counsel"])),
        make.acting(make.person(roles=["auditor"])),
        make.acting(make.person(roles=["billing"])),
        make.acting(make.officer()),
        make.ROOT,
        Actor.stranger(),
    ]
    before = [everything(who, "0" * 26) for who in others]

    ruiz, vale = make.analyst("Ruiz"), make.analyst("Vale")
    made = make.legal_case(by=ruiz, numbers=[NUMBER])
    cases.seal(case=made.id, people=[vale.ref], by=ruiz, now=NOON)

    assert [everything(who, made.id) for who in others] == before
    for known in (ruiz, vale):
        assert queries.count(by=known, now=NOON) == 1
        assert queries.naming_number(number=NUMBER, by=known, now=NOON) == [made.id]
    assert made.matter in secrecy.hidden_from(others[0].ref)
    assert not trail.timeline(matter=made.matter, within=trail.AllBut(secrecy.hidden_from(others[0].ref)))


@pytest.mark.sabotage("control 8")
def test_without_the_list_the_two_worlds_would_differ(monkeypatch):
    other = make.analyst()
    before = everything(other, "0" * 26)
    ruiz, vale = make.analyst(), make.analyst()
    made = make.legal_case(by=ruiz, numbers=[NUMBER])
    cases.seal(case=made.id, people=[vale.ref], by=ruiz, now=NOON)

    monkeypatch.setattr(reading.secrecy, "hides_from", lambda _reader, _column: Q(pk__in=[]))

    assert everything(other, made.id) != before


def test_an_officer_sees_only_the_own_agencys_cases_on_whose_list_they_stand():
    home, elsewhere = make.agency(), make.agency()
    vane, colleague = make.acting(make.officer(at=home)), make.acting(make.officer(at=home))
    foreign = make.acting(make.officer(at=elsewhere))
    made = make.legal_case(agency=home.id, numbers=[NUMBER], people_on_it=(vane.ref, foreign.ref))

    assert queries.case(case=made.id, by=vane, now=NOON).id == made.id
    assert queries.naming_number(number=NUMBER, by=vane, now=NOON) == [made.id]
    for other in (colleague, foreign):
        assert queries.count(by=other, now=NOON) == 0
        with pytest.raises(NotYours):
            queries.case(case=made.id, by=other, now=NOON)
    for staff_only in (cases.show, queries.notes, queries.entries, queries.timeline, queries.people):
        with pytest.raises(NotYours):
            staff_only(case=made.id, by=vane, now=NOON)
    with pytest.raises(NotYours):
        cases.add_note(case=made.id, text="mine", by=vane, now=NOON)


def test_an_officer_who_changed_agencies_sees_the_old_case_no_more():
    home, elsewhere = make.agency(), make.agency()
    vane = make.officer(at=home)
    made = make.legal_case(agency=home.id, people_on_it=(vane.ref,))
    moved = Actor(
        ref=vane.ref, kind=make.acting(vane).kind, permissions=frozenset({"case.own"}), agency=elsewhere.id
    )

    with pytest.raises(NotYours):
        queries.case(case=made.id, by=moved, now=NOON)


def test_a_kind_of_case_is_seen_by_whose_role_it_is():
    demand, order = make.legal_case(), make.legal_case(kind=CaseKind.ORDER)
    ruiz = make.analyst()

    assert queries.case(case=demand.id, by=ruiz, now=NOON)
    with pytest.raises(NotYours):
        queries.case(case=order.id, by=ruiz, now=NOON)
    with pytest.raises(NotYours):
        queries.case(case=demand.id, by=make.acting(make.person(roles=["on_call_administrator"])), now=NOON)


def test_two_people_let_a_third_into_a_sealed_case_and_neither_alone_nor_an_outsider():
    ruiz, vale, third, outsider = (make.analyst(name) for name in ("Ruiz", "Vale", "Third", "Outsider"))
    made = make.legal_case(by=ruiz)
    with pytest.raises(cases.CannotSeal, match="one more person"):
        cases.seal(case=made.id, people=[], by=ruiz, now=NOON)
    cases.seal(case=made.id, people=[vale.ref], by=ruiz, now=NOON)

    with pytest.raises(cases.CannotLetIn, match="one person proposes"):
        cases.add_person(case=made.id, person=third.ref, by=ruiz, now=NOON)
    proposed = cases.propose_let_in(case=made.id, person=third.ref, by=ruiz, now=NOON)
    with pytest.raises(approvals.SamePerson):
        cases.approve_let_in(approval=proposed.id, by=ruiz, now=NOON)
    for nobody in (outsider, third):
        with pytest.raises(NotYours):
            cases.approve_let_in(approval=proposed.id, by=nobody, now=NOON)
    assert queries.count(by=third, now=NOON) == 0

    cases.approve_let_in(approval=proposed.id, by=vale, now=NOON)

    assert queries.case(case=made.id, by=third, now=NOON).sealed
    unseal = cases.propose_unseal(case=made.id, by=third, now=NOON)
    cases.approve_let_in(approval=unseal.id, by=ruiz, now=NOON)
    assert queries.count(by=outsider, now=NOON) == 1
    assert proposals.approval(unseal.id).decided_by == ruiz.ref


@pytest.mark.sabotage("control 6")
def test_if_one_person_could_approve_alone_the_third_would_be_in(monkeypatch):
    ruiz, vale, third = make.analyst(), make.analyst(), make.analyst()
    made = make.legal_case(by=ruiz)
    cases.seal(case=made.id, people=[vale.ref], by=ruiz, now=NOON)
    proposed = cases.propose_let_in(case=made.id, person=third.ref, by=ruiz, now=NOON)

    monkeypatch.setattr("tecum.cases.operations.lists.approvals.approve", lambda *_a, **_k: None)
    cases.approve_let_in(approval=proposed.id, by=ruiz, now=NOON)

    assert queries.count(by=third, now=NOON) == 1


def test_the_list_of_a_sealed_case_keeps_two_people_and_who_leaves_sees_nothing_at_once():
    ruiz, vale, third = make.analyst(), make.analyst(), make.analyst()
    made = make.legal_case(by=ruiz)
    cases.seal(case=made.id, people=[vale.ref, third.ref], by=ruiz, now=NOON)
    cases.assign(case=made.id, owner=vale.ref, by=ruiz, now=NOON)

    cases.remove_person(case=made.id, person=vale.ref, by=ruiz, now=NOON)

    assert queries.count(by=vale, now=NOON) == 0
    assert queries.case(case=made.id, by=ruiz, now=NOON).owner == ""
    with pytest.raises(cases.CannotLetIn, match="Two people"):
        cases.remove_person(case=made.id, person=third.ref, by=ruiz, now=NOON)
    with pytest.raises(NotYours):
        cases.assign(case=made.id, owner=vale.ref, by=ruiz, now=NOON)


def test_a_link_to_a_sealed_case_is_not_shown_to_who_may_not_know_of_it():
    ruiz, vale, other = make.analyst(), make.analyst(), make.analyst()
    plain, hidden = make.legal_case(by=ruiz), make.legal_case(by=ruiz)
    cases.link(case=plain.id, other=hidden.id, why="same_matter", by=ruiz, now=NOON)
    cases.seal(case=hidden.id, people=[vale.ref], by=ruiz, now=NOON)

    assert [each.case for each in queries.case_file(case=plain.id, by=ruiz, now=NOON).links] == [hidden.id]
    assert queries.case_file(case=plain.id, by=other, now=NOON).links == []


def test_an_officer_of_another_agency_never_joins_a_list():
    made = make.legal_case(agency=make.agency().id)

    with pytest.raises(cases.CannotLetIn, match="another agency"):
        cases.add_person(case=made.id, person=make.officer().ref, by=make.analyst(), now=NOON)


def test_a_suspended_analyst_writes_nothing():
    who = make.person(roles=["subpoena_analyst"])
    made = make.legal_case()
    accounts.suspend_person(person=who.id, reason="left", by=make.ROOT, now=NOON)

    with pytest.raises(accounts.PersonSuspended):
        cases.add_target(case=made.id, asked=Asked(NUMBER), by=make.acting(who), now=NOON)

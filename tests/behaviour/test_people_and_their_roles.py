"""Accounts are one person's each; roles are given by others, kept apart, and taken away at once."""

import pytest

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.accounts import queries
from tecum.accounts.operations import (
    AlreadySo,
    AlreadyThere,
    NotAnAccount,
    NotOnOneself,
    NotThisRole,
)
from tecum.kernel.refusals import NotYours
from tecum.models import TrailLeaf, Visit
from tests import make
from tests.make import NOON, ROOT, acting, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def create(by, **more):
    given = {"email": "new@carrier.example", "name": "Dana Pellworm", "roles": ["subpoena_analyst"], **more}
    return accounts.create_person(by=by, now=NOON, **given)


@pytest.fixture
def administrator():
    return acting(make.person("Margit Okafor-Lund", roles=["portal_administrator"]))


@pytest.fixture
def system():
    return acting(make.person("Root Imre", roles=["system_administrator"]))


@pytest.mark.requirement("R-005")
def test_a_new_account_is_one_persons_and_has_no_password_yet(administrator):
    county = make.agency(domain="marrow.example.gov")

    officer = create(
        administrator, email="I.Barrowclough@Marrow.example.gov", roles=["le_user"], agency=county.id
    )

    assert officer.email == "i.barrowclough@marrow.example.gov"
    assert (officer.roles, officer.has_password) == (("le_user",), False)
    assert TrailLeaf.objects.filter(event="person.created").count() == 2


@pytest.mark.requirement("R-006")
def test_an_address_that_has_an_account_gets_no_second_one(administrator):
    county = make.agency(domain="marrow.example.gov")
    create(administrator, email="i@marrow.example.gov", roles=["le_user"], agency=county.id)

    with pytest.raises(AlreadyThere, match="not shared"):
        create(administrator, email="I@MARROW.example.gov", roles=["le_user"], agency=county.id)


@pytest.mark.requirement("R-050")
def test_an_officers_address_lies_in_a_domain_verified_for_the_agency(administrator):
    county = make.agency(domain="marrow.example.gov")

    for address in ("i@mailbox.example", "i@sub.marrow.example.gov", "i@marrow.example.gov.attacker.example"):
        with pytest.raises(NotAnAccount, match="R-050"):
            create(administrator, email=address, roles=["le_user"], agency=county.id)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"name": " "}, NotAnAccount),
        ({"email": "nobody"}, NotAnAccount),
        ({"roles": []}, NotAnAccount),
        ({"roles": ["king"]}, NotThisRole),
        ({"roles": ["le_user"]}, NotThisRole),
        ({"roles": ["customer_contact"]}, NotThisRole),
        ({"roles": ["auditor", "billing"]}, NotThisRole),
        ({"job_role": "astrologer"}, NotAnAccount),
    ],
)
def test_what_cannot_be_an_account_is_refused(wrong, refusal):
    with pytest.raises(refusal):
        create(ROOT, **wrong)


def test_staff_do_not_belong_to_an_agency():
    with pytest.raises(NotThisRole, match="staff to neither"):
        create(ROOT, agency=make.agency().id)


def test_the_portal_administrator_makes_officers_and_no_staff(administrator):
    with pytest.raises(NotYours):
        create(administrator, roles=["portal_administrator"])


def test_the_system_administrator_makes_staff_and_no_officers(system):
    county = make.agency(domain="marrow.example.gov")

    assert create(system).roles == ("subpoena_analyst",)
    with pytest.raises(NotYours):
        create(system, email="i@marrow.example.gov", roles=["le_user"], agency=county.id)


def test_creating_an_account_wants_a_fresh_second_factor(administrator):
    an_hour_ago = acting(make.again_by_ref(administrator.ref), stepped_up_at=later(hours=-1))

    with pytest.raises(StepUpNeeded):
        create(an_hour_ago)


def test_nobody_gives_themselves_a_role_nor_suspends_nor_resets_themselves(system):
    own = system.ref.removeprefix("person:")

    with pytest.raises(NotOnOneself):
        accounts.grant_role(person=own, role="billing", by=system, now=NOON)
    with pytest.raises(NotOnOneself):
        accounts.end_role(person=own, role="system_administrator", by=system, now=NOON)
    with pytest.raises(NotOnOneself):
        accounts.suspend_person(person=own, reason="holiday", by=system, now=NOON)
    with pytest.raises(NotOnOneself):
        accounts.reset_sign_in(person=own, by=system, now=NOON)


def test_a_second_role_must_go_with_the_first(system):
    analyst, auditor = make.person(roles=["subpoena_analyst"]), make.person(roles=["auditor"])

    both = accounts.grant_role(person=analyst.id, role="billing", by=system, now=NOON)

    assert both.roles == ("billing", "subpoena_analyst")
    with pytest.raises(AlreadyThere):
        accounts.grant_role(person=analyst.id, role="billing", by=system, now=NOON)
    with pytest.raises(NotThisRole, match="held alone"):
        accounts.grant_role(person=auditor.id, role="billing", by=system, now=NOON)
    with pytest.raises(NotThisRole, match="two parties"):
        accounts.grant_role(person=make.officer().id, role="billing", by=system, now=NOON)


def test_a_role_that_ended_is_no_longer_held_and_can_be_given_again(system):
    analyst = make.person(roles=["subpoena_analyst", "billing"])

    after = accounts.end_role(person=analyst.id, role="billing", by=system, now=NOON)

    assert after.roles == ("subpoena_analyst",)
    with pytest.raises(NotYours):
        accounts.end_role(person=analyst.id, role="billing", by=system, now=NOON)
    assert "billing" in accounts.grant_role(person=analyst.id, role="billing", by=system, now=NOON).roles


def test_suspending_says_why_ends_visits_and_is_remembered(administrator):
    officer = make.officer()
    accounts.open_visit(person=officer.id, factor="totp", now=NOON)

    view = accounts.suspend_person(person=officer.id, reason="left the agency", by=administrator, now=NOON)

    assert (view.standing, view.standing_reason) == ("SUSPENDED", "left the agency")
    assert Visit.objects.get().ended_how == "suspended"
    assert {"person.suspended", "visit.ended"} <= set(TrailLeaf.objects.values_list("event", flat=True))
    with pytest.raises(AlreadySo):
        accounts.suspend_person(person=officer.id, reason="again", by=administrator, now=NOON)
    with pytest.raises(NotAnAccount, match="why"):
        accounts.suspend_person(person=make.officer().id, reason=" ", by=administrator, now=NOON)


def test_somebody_let_in_again_signs_in_afresh(administrator):
    officer = make.officer()
    accounts.suspend_person(person=officer.id, reason="a mistake", by=administrator, now=NOON)

    view = accounts.reinstate_person(person=officer.id, by=administrator, now=NOON)

    assert view.standing == "ACTIVE"
    assert queries.welcome(person=officer.id)
    with pytest.raises(AlreadySo):
        accounts.reinstate_person(person=officer.id, by=administrator, now=NOON)


def test_an_officer_sees_no_other_person(administrator):
    officer, other = make.officer(), make.officer()
    by = acting(officer)

    assert queries.person(id=officer.id, by=by, now=NOON).id == officer.id
    for act in (
        lambda: queries.person(id=other.id, by=by, now=NOON),
        lambda: queries.people(by=by, now=NOON),
        lambda: accounts.suspend_person(person=other.id, reason="-", by=by, now=NOON),
        lambda: accounts.issue_link(person=officer.id, by=by, now=NOON),
    ):
        with pytest.raises(NotYours):
            act()


def test_a_reset_leaves_no_way_in_but_a_new_link(administrator):
    officer = make.with_password(make.officer())
    accounts.open_visit(person=officer.id, factor="totp", now=NOON)

    accounts.reset_sign_in(person=officer.id, by=administrator, now=NOON)

    after = make.again(officer)
    assert not after.has_password
    assert queries.factors(person=officer.id) == []
    assert not Visit.objects.filter(ended_at=None).exists()


def test_people_are_found_by_name_role_and_standing(administrator):
    ines = make.officer("Ines Barrowclough")
    make.officer("Ada Quill")

    def found(**wanted):
        return [each.name for each in queries.people(by=administrator, now=NOON, **wanted)]

    assert found(words="barrow") == ["Ines Barrowclough"]
    assert found(role="le_user") == ["Ada Quill", "Ines Barrowclough"]
    accounts.suspend_person(person=ines.id, reason="-", by=administrator, now=NOON)
    assert found(role="le_user", standing="SUSPENDED") == ["Ines Barrowclough"]


def test_a_visit_that_nobody_comes_back_to_is_ended_once_by_the_jobs():
    staff = make.person(roles=["portal_administrator"])
    for minutes in (0, 20):
        accounts.open_visit(person=staff.id, factor="totp", now=later(minutes=minutes))

    assert accounts.end_run_out(now=later(minutes=29)) == 0
    assert accounts.end_run_out(now=later(minutes=30)) == 1
    assert accounts.end_run_out(now=later(minutes=30)) == 0
    assert sorted(Visit.objects.values_list("ended_how", flat=True)) == ["", "idle"]

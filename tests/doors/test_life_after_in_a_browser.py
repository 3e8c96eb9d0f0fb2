"""Supervisors, the desk and counsel, after accounts were activated: every page clean, every act done in a real browser."""

from datetime import date, timedelta

import pytest

from tecum.accounts import operations as accounts
from tecum.breaches import queries as breaches
from tecum.config import clock
from tecum.lookup import operations as lookup
from tecum.models import Notice, Person
from tests import make
from tests.applications import link_in
from tests.make import ROOT, acting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def county(now):
    return make.agency("Marrow County Sheriff’s Office", domain="marrow.example.gov", now=now)


@pytest.fixture
def officer(county, now):
    who = make.officer("Ines Barrowclough", at=county, now=now)
    accounts.open_visit(person=who.id, factor="totp", now=now, address="192.0.2.10")
    return who


@pytest.fixture
def supervisor(county, now):
    return make.person("Cal Whitlock", roles=["supervisor"], agency=county, title="Lieutenant", now=now)


@pytest.fixture
def desk(now):
    return make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=now)


def lapse(who, now):
    Person.objects.filter(pk=who.id).update(attested_until=now - timedelta(days=1))


def press(visitor, words):
    visitor.page.get_by_role("button", name=words).click()


def test_a_supervisor_confirms_one_and_reports_another(visitor, officer, supervisor, county, now):
    lapse(officer, now)
    make.officer("Dell Ashgrove", at=county, now=now)
    visitor.sign_in(supervisor).go("/team/")
    assert "Ran out" in visitor.page.content()
    visitor.check("team")

    visitor.page.get_by_role("link", name="Confirm Ines Barrowclough").click()
    visitor.check("team-confirm")
    press(visitor, "Confirm Ines Barrowclough")
    assert Person.objects.get(pk=officer.id).attested_until > now + timedelta(days=80)

    visitor.page.get_by_role("link", name="Left Dell Ashgrove").click()
    visitor.check("team-left")
    press(visitor, "Report that Dell Ashgrove left")
    assert Person.objects.get(name="Dell Ashgrove").standing_cause == "left"
    visitor.check()


def test_an_officer_whose_confirmation_ran_out_is_told_why_where_the_form_was(
    visitor, officer, supervisor, now
):
    lapse(officer, now)

    visitor.sign_in(officer).go("/look-up/")

    assert "Your look-ups are paused" in visitor.page.content()
    assert "1 of them can" in visitor.page.content()
    visitor.check("look-ups-paused")
    visitor.go("/history/")


def test_a_supervisor_alone_has_no_look_up_and_nobody_elses_people(visitor, supervisor, now):
    stranger = make.officer(at=make.agency(now=now), now=now)
    visitor.sign_in(supervisor)

    visitor.go("/look-up/", 404)
    visitor.go(f"/team/{stranger.id}/confirm/", 404)
    visitor.go("/team/")
    visitor.check("team-empty")


def test_the_desk_sends_a_link_and_its_owner_proves_the_address(visitors, officer, desk, now):
    at_desk = visitors().sign_in(desk)
    at_desk.go(f"/desk/people/{officer.id}/address/")
    at_desk.check("desk-person-address")
    at_desk.page.get_by_label("E-mail address").fill("i.barrowclough@marrow.example.gov")
    press(at_desk, "Send the link")
    at_desk.check("desk-person-upkeep")
    text = link_in(Notice.objects.get(message="address_prove"))
    path = "/prove-address/" + text.partition("/prove-address/")[2].split()[0]

    outside = visitors()
    outside.go(path)
    outside.check("prove-address")
    assert Person.objects.get(pk=officer.id).email == officer.email  # opening it proves nothing
    press(outside, "Yes, this is my address")

    assert Person.objects.get(pk=officer.id).email == "i.barrowclough@marrow.example.gov"
    outside.go(path, 410)
    outside.check("prove-address-spent")


def test_a_sign_of_shared_use_is_looked_into(visitor, officer, desk, now):
    accounts.open_visit(
        person=officer.id, factor="totp", now=now + timedelta(minutes=9), address="198.51.100.7"
    )
    visitor.sign_in(desk).go("/desk/people/signs/")
    visitor.check("signs")
    visitor.page.locator("table a").first.click()
    visitor.check("sign")
    visitor.page.get_by_label("What you found").fill("Her telephone and her desk; I called her back.")
    press(visitor, "Keep the finding")

    assert "Looked into" in visitor.page.content()
    visitor.check("signs-done")
    visitor.go(f"/desk/people/{officer.id}/confirmation/")
    visitor.check("desk-person-confirmation")


def test_counsel_rewinds_an_account(visitor, officer, numbers, now):
    earlier = now - timedelta(hours=1)
    make.customer("C-TERN", name="Tern & Plover Voice, Inc.", now=earlier)
    make.consent("C-TERN", now=earlier)
    numbers({"2925550142": ("C-TERN", date(2022, 6, 1))}, now=earlier)
    lookup.run(
        text="2925550142\n4925550199",
        purpose=lookup.Purpose("MC-26-004417", attested=True),
        submission="one",
        door="page",
        by=acting(officer, stepped_up_at=earlier),
        now=earlier,
    )
    counsel = make.person("Ossian Reyes-Holt", roles=["counsel"], now=now)
    visitor.sign_in(counsel).go(f"/breaches/of/{officer.id}/")
    visitor.check("breach-open")
    local = (now - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    visitor.page.get_by_label("In other hands from").fill(local)
    visitor.page.get_by_label("What happened").fill("The officer’s password and code were phished.")
    press(visitor, "Open the breach")
    assert "What is known" in visitor.page.content(), visitor.page.inner_text("main")
    visitor.check("breach")
    (view,) = breaches.breaches(by=ROOT, now=now)
    visitor.go("/breaches/")
    visitor.check("breaches")

    visitor.go(f"/breaches/{view.id}/")
    press(visitor, "Show the numbers")
    visitor.check("breach-shown")
    for act, name in (("hold", "breach-hold"), ("close", "breach-close")):
        visitor.go(f"/breaches/{view.id}/{act}/")
        visitor.check(name)
    first = view.notices[0].id
    visitor.go(f"/breaches/{view.id}/{first}/words/")
    visitor.check("breach-words")
    visitor.go(f"/breaches/{view.id}/{first}/given/")
    visitor.page.get_by_label("How it was given").fill("Central facility, confirmation 1234")
    visitor.check("breach-given")
    press(visitor, "Record that it was given")
    assert "Given" in visitor.page.content()

"""The portal administrator's desk and a customer's own area, in a real browser: every page clean, every act done."""

from datetime import timedelta

import pytest

from tecum.agencies import operations as agencies
from tecum.config import clock
from tecum.customers import operations as customers
from tecum.customers import queries
from tests import make
from tests.inventory import load
from tests.make import ROOT, acting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture(autouse=True)
def loaded(inventory, now):
    """Blocks of four customers, of whom one consented, one is asked, one silent and one not entered here."""
    blocks = ("2925550100,2925550149,Q-0001", "2925550150,2925550169,Q-0002", "3925550100,3925550119,Q-0003")
    load(
        inventory,
        [f"{block},2022-06-01" for block in (*blocks, "4925550100,4925550104,Q-0009")],
        now=now,
        as_of=now,
    )


@pytest.fixture
def desk(visitor, now):
    administrator = make.person("Margit Okafor-Lund", roles=["portal_administrator"], now=now)
    return visitor.sign_in(administrator)


@pytest.fixture
def county(now):
    county = make.agency("Marrow County Sheriff’s Office", domain="marrow.example.gov", now=now)
    proposed = agencies.propose_call_back_number(
        agency=county.id,
        number="292-555-0160",
        label="Dispatch",
        source="county.example.gov/contact",
        by=ROOT,
        now=now,
    )
    second = acting(make.person(roles=["on_call_administrator"], now=now), stepped_up_at=now)
    agencies.confirm_call_back_number(entry=proposed.id, by=second, now=now)
    agencies.propose_call_back_number(
        agency=county.id, number="292-555-0161", label="Records", source="state directory", by=ROOT, now=now
    )
    return county


@pytest.fixture
def quillon(now):
    quillon = make.customer("Q-0001", name="Quillon Voice LLC", now=now)
    make.consent(quillon.id, now=now)
    return quillon


@pytest.fixture
def waiting(quillon, now):
    contact = acting(
        make.person("Rhea Quillon", roles=["customer_contact"], customer=quillon.id, now=now),
        stepped_up_at=now,
    )
    return customers.propose_card(
        customer=quillon.id, legal_name="Quillon Voice LLC", phone="392-555-0101", by=contact, now=now
    )


def test_the_queues_of_the_desk_are_clean(desk, county, waiting, now):
    make.officer("Ines Barrowclough", at=county, now=now)
    customers.note_campaign(
        customer=make.customer(now=now).id, step="asked", by=ROOT, now=now - timedelta(days=31)
    )

    for path, name in (
        ("/desk/people/", "desk-people"),
        ("/desk/agencies/", "desk-agencies"),
        ("/desk/customers/", "desk-customers"),
        ("/desk/consents/", "desk-consents"),
    ):
        desk.go(path)
        desk.check(name)


def test_the_cases_of_the_desk_are_clean(desk, county, waiting, now):
    officer = make.officer("Ines Barrowclough", at=county, now=now)

    for path, name in (
        (f"/desk/people/{officer.id}/", "desk-person"),
        (f"/desk/agencies/{county.id}/", "desk-agency"),
        (f"/desk/customers/{waiting.customer}/", "desk-customer"),
    ):
        desk.go(path)
        desk.check(name)


def test_the_decisions_and_forms_of_the_desk_are_clean(desk, county, waiting, now):
    officer = make.officer("Ines Barrowclough", at=county, now=now)
    person, customer = f"/desk/people/{officer.id}", f"/desk/customers/{waiting.customer}"

    for path, name in (
        ("/desk/people/new/", "desk-person-create"),
        (f"{person}/link/", "desk-person-link"),
        (f"{person}/suspend/", "desk-person-suspend"),
        (f"{person}/reset/", ""),
        (f"{person}/roles/", ""),
        ("/desk/agencies/new/", ""),
        (f"/desk/agencies/{county.id}/suspend/", ""),
        (f"/desk/agencies/{county.id}/call-back/", ""),
        ("/desk/customers/new/", ""),
        (f"{customer}/cards/{waiting.id}/confirm/", "desk-card-confirm"),
        (f"{customer}/consent/", "desk-consent-record"),
        (f"{customer}/consent/withdraw/", ""),
        (f"{customer}/campaign/", ""),
    ):
        desk.go(path)
        desk.check(name)


def test_an_administrator_enters_an_officer_and_hands_over_the_link(desk, county):
    page = desk.page
    desk.go("/desk/people/new/")

    page.get_by_label("E-mail address").first.fill("i.barrowclough@marrow.example.gov")
    page.get_by_label("Name", exact=True).fill("Ines Barrowclough")
    page.get_by_label("Role", exact=True).select_option("le_user")
    page.get_by_label("Agency").select_option(county.id)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("link", name="Issue a link").click()
    page.get_by_role("button", name="Issue the link").click()

    assert "/set-password/" in page.locator(".code").inner_text()
    desk.check("desk-link-issued")


def test_an_address_outside_the_agencys_domains_is_refused_with_nothing_lost(desk, county):
    page = desk.page
    desk.go("/desk/people/new/")
    page.get_by_label("E-mail address").first.fill("ines@mailbox.example")
    page.get_by_label("Name", exact=True).fill("Ines Barrowclough")
    page.get_by_label("Role", exact=True).select_option("le_user")
    page.get_by_label("Agency").select_option(county.id)

    page.get_by_role("button", name="Create the account").click()

    assert "mail domain verified for this agency" in page.locator("#error-summary").inner_text()
    assert page.get_by_label("Name", exact=True).input_value() == "Ines Barrowclough"
    desk.check()


@pytest.fixture
def company(visitor, quillon, now):
    contact = make.person("Rhea Quillon", roles=["customer_contact"], customer=quillon.id, now=now)
    return visitor.sign_in(contact)


def test_a_customer_withdraws_its_consent_and_gives_it_back_for_a_range(company, quillon, now):
    page = company.page
    company.go("/company/")
    company.check("company")

    page.locator("aside").get_by_role("link", name="Withdraw it").click()
    company.check("company-withdraw")
    page.get_by_role("button", name="Withdraw the consent now").click()
    assert "took effect at once" in page.locator("main").inner_text()
    assert queries.consent_in_force(customer=quillon.id, by=ROOT, now=now) is None
    company.check("company-without-consent")

    page.locator("aside").get_by_role("link", name="Give consent").click()
    company.check("company-give")
    page.get_by_text("CPNI opt-in").click()
    page.get_by_text("The ranges listed below").click()
    page.get_by_label("Ranges, one on each line").fill("292-555-0100 to 292-555-0149")
    page.get_by_label("Title", exact=True).fill("President")
    page.get_by_role("button", name="Show the words to agree to").click()
    assert "2925550100 to 2925550149" in page.locator(".note").inner_text()
    company.check("company-agree")
    page.get_by_text("I have the authority").click()
    page.get_by_role("button", name="Give this consent").click()

    given = queries.consent_in_force(customer=quillon.id, by=ROOT, now=now)
    assert given is not None
    assert (given.version, given.ranges) == (2, (("2925550100", "2925550149"),))
    company.check()


def test_a_customer_proposes_a_change_of_its_card_that_officers_do_not_see_yet(company, quillon, now):
    page = company.page
    company.go("/company/card/")
    page.get_by_label("Telephone").fill("392-555-0101")
    page.get_by_role("button", name="Propose the change").click()

    assert "Your change waits" in page.locator("main").inner_text()
    assert queries.cards([quillon.id])[quillon.id].phone == "2925550150"
    company.check("company-card-waits")

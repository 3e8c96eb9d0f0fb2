"""The directory of agencies: who they are, which mail is theirs, where they are called back."""

import pytest
from django.db import IntegrityError, transaction

from tecum.accounts import operations as accounts
from tecum.agencies import operations as agencies
from tecum.agencies import queries, rules
from tecum.agencies.operations import AlreadySo, AlreadyThere, NotAnEntry, SamePerson
from tecum.kernel.refusals import NotYours
from tecum.models import CallBackNumber
from tests import make
from tests.make import NOON, ROOT, acting, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def county():
    return make.agency("Marrow County Sheriff’s Office", domain="marrow.example.gov")


@pytest.fixture
def margit():
    return acting(make.person("Margit Okafor-Lund", roles=["portal_administrator"]))


@pytest.fixture
def cora():
    return acting(make.person("Cora Ravensworth", roles=["on_call_administrator"]))


def propose(county, by, number="(292) 555-0160"):
    return agencies.propose_call_back_number(
        agency=county.id, number=number, label="Dispatch", source="county site, contact page", by=by, now=NOON
    )


@pytest.mark.requirement("R-001")
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"country": "MX", "subdivision": "JA"}, "United States and Canada"),
        ({"country": "US", "subdivision": "ON"}, "no state"),
        ({"country": "CA", "subdivision": "OH"}, "no state"),
        ({"type": "galactic"}, "no type"),
        ({"switchboard": "555"}, "telephone number"),
        ({"domains": ["localhost"]}, "no mail domain"),
        ({"how": ""}, "how the domain was verified"),
        ({"name": "  "}, "legal name"),
    ],
)
def test_only_agencies_of_the_two_countries_with_sound_entries_are_entered(wrong, sentence):
    given = {
        "name": "Port Lantern Police",
        "type": "municipal",
        "country": "CA",
        "subdivision": "ON",
        "domains": ["port-lantern.example.ca"],
        "how": "the province's register",
        **wrong,
    }

    with pytest.raises(NotAnEntry, match=sentence):
        agencies.create_agency(by=ROOT, now=NOON, **given)
    assert queries.agencies(by=ROOT, now=NOON) == []


def test_an_agency_stands_in_the_directory_once(county):
    with pytest.raises(AlreadyThere):
        make.agency("marrow county sheriff’s office")


def test_a_call_back_number_counts_once_a_second_person_confirmed_it(county, margit, cora):
    proposed = propose(county, margit)
    assert proposed.waits

    with pytest.raises(SamePerson):
        agencies.confirm_call_back_number(entry=proposed.id, by=margit, now=NOON)
    confirmed = agencies.confirm_call_back_number(entry=proposed.id, by=cora, now=NOON)

    assert (confirmed.number, confirmed.confirmed_by) == ("2925550160", cora.ref)
    assert rules.fresh(confirmed_at=NOON, now=later(hours=71))
    assert not rules.fresh(confirmed_at=NOON, now=later(hours=72))


@pytest.mark.sabotage("control 6")
def test_without_the_rule_the_database_would_still_want_a_second_person(county, margit):
    proposed = propose(county, margit)

    with pytest.raises(IntegrityError), transaction.atomic():
        CallBackNumber.objects.filter(pk=proposed.id).update(confirmed_at=NOON, confirmed_by=margit.ref)


def test_a_number_is_proposed_with_its_source_once_and_can_be_struck_by_one_person(county, margit):
    with pytest.raises(NotAnEntry):
        agencies.propose_call_back_number(
            agency=county.id, number="2925550160", label="Dispatch", source=" ", by=margit, now=NOON
        )
    first = propose(county, margit)
    with pytest.raises(AlreadyThere):
        propose(county, margit, number="292.555.0160")

    agencies.end_call_back_number(entry=first.id, by=margit, now=NOON)

    assert queries.agency(id=county.id, by=margit, now=NOON).call_back_numbers == ()
    assert propose(county, margit).waits


def test_a_suspended_agency_keeps_its_people_out_until_it_is_let_in_again(county, margit):
    officer = make.officer(at=county)

    accounts.suspend_agency(agency=county.id, reason="arrears", by=margit, now=NOON)
    assert not queries.in_good_standing(agency=county.id)
    with pytest.raises(AlreadySo):
        accounts.suspend_agency(agency=county.id, reason="arrears", by=margit, now=NOON)
    with pytest.raises(accounts_refusal()), transaction.atomic():
        accounts.stand(by=acting(officer), now=NOON)

    agencies.reinstate_agency(agency=county.id, by=margit, now=NOON)
    with transaction.atomic():
        accounts.stand(by=acting(officer), now=NOON)


def accounts_refusal():
    return agencies.AgencySuspended


def test_a_domain_that_was_removed_admits_no_new_officer(county, margit):
    agencies.add_domain(agency=county.id, domain="@MCSO.example.gov", how="letter", by=margit, now=NOON)
    assert queries.has_domain_of(agency=county.id, address="x@mcso.example.gov")

    agencies.remove_domain(agency=county.id, domain="mcso.example.gov", by=margit, now=NOON)

    assert not queries.has_domain_of(agency=county.id, address="x@mcso.example.gov")
    with pytest.raises(NotYours):
        agencies.remove_domain(agency=county.id, domain="mcso.example.gov", by=margit, now=NOON)


def test_correcting_an_entry_keeps_it_sound(county, margit):
    entry = {"agency": county.id, "type": "county", "country": "US", "by": margit, "now": NOON}

    changed = agencies.change_agency(
        **entry, name="Marrow Sheriff", subdivision="IN", switchboard="292-555-0101"
    )

    assert (changed.name, changed.subdivision, changed.switchboard) == ("Marrow Sheriff", "IN", "2925550101")
    with pytest.raises(NotAnEntry):
        agencies.change_agency(**entry, name="Marrow Sheriff", subdivision="ZZ")


def test_the_directory_is_searched_by_name_and_domain(county, margit):
    make.agency("Kestrel Bureau", domain="kestrel.example.gov")

    def found(**wanted):
        return [each.name for each in queries.agencies(by=margit, now=NOON, **wanted)]

    assert found(words="kestrel.ex") == ["Kestrel Bureau"]
    assert found(words="marrow") == ["Marrow County Sheriff’s Office"]
    assert found(standing="SUSPENDED") == []

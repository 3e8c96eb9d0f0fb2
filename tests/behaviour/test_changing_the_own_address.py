"""An officer moves to another address: proved there and agreed to here, in the agency's domain, or nothing changes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.accounts import queries
from tecum.accounts.operations import AlreadySo, AlreadyThere, LinkNotGood, NotAnAccount
from tecum.kernel.refusals import NotYours
from tecum.models import AddressProof, Notice, TrailLeaf, Visit
from tests import make
from tests.applications import link_in
from tests.make import NOON, ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def county():
    return make.agency(domain="marrow.example.gov")


@pytest.fixture
def officer(county):
    return make.officer("Ines Barrowclough", at=county)


def sent(message: str) -> list[str]:
    """Return to whom a message went."""
    return list(Notice.objects.filter(message=message).order_by("pk").values_list("recipient", flat=True))


def events(name: str) -> int:
    return TrailLeaf.objects.filter(event=name).count()


def link_of(message: str = "address_prove") -> str:
    text = link_in(Notice.objects.filter(message=message).latest("enqueued_at", "pk"))
    return text.partition("/prove-address/")[2].partition("/")[0]


def both_links() -> tuple[str, str]:
    """Return the token at the new address and the one at the address so far."""
    return link_of(), link_of("address_agree")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_officer_changes_the_own_address_by_a_link_at_each_end_in_either_order(officer, order):
    visit, me = accounts.open_visit(person=officer.id, factor="totp", now=NOON), make.acting(officer)
    old = officer.email

    accounts.ask_own_address(address="I.B@Marrow.example.gov", by=me, now=NOON)
    tokens = both_links()
    first = accounts.prove_address(token=tokens[order[0]], by=ROOT, now=NOON)
    assert (first.email, queries.proof_good(token=tokens[order[0]], now=NOON)) == (old, False)
    with pytest.raises(LinkNotGood):  # good once
        accounts.prove_address(token=tokens[order[0]], by=ROOT, now=NOON)
    after = accounts.prove_address(token=tokens[order[1]], by=ROOT, now=NOON)

    assert after.email == "i.b@marrow.example.gov"
    assert sent("address_agree") == [old]
    assert sent("address_prove") == ["i.b@marrow.example.gov"]
    assert sent("address_changed") == [old]
    assert Visit.objects.get(pk=visit).ended_how == "credentials_changed"
    assert (events("address.confirmed"), events("address.proved")) == (2, 1)


def test_an_own_address_lies_in_the_agencys_domain_and_is_nobody_elses(officer, county):
    me, other = make.acting(officer), make.officer(at=county)

    for wrong in ("ines@mailbox.example", "nobody"):
        with pytest.raises(NotAnAccount):
            accounts.ask_own_address(address=wrong, by=me, now=NOON)
    with pytest.raises(AlreadyThere):
        accounts.ask_own_address(address=other.email, by=me, now=NOON)
    with pytest.raises(AlreadySo):
        accounts.ask_own_address(address=officer.email.upper(), by=me, now=NOON)
    assert not sent("address_prove")


def test_a_change_taken_back_or_asked_anew_leaves_links_that_no_longer_work(officer):
    me = make.acting(officer)
    accounts.ask_own_address(address="a@marrow.example.gov", by=me, now=NOON)
    first = both_links()
    accounts.ask_own_address(address="b@marrow.example.gov", by=me, now=NOON + MINUTE)
    second = both_links()
    accounts.leave_address(by=me, now=NOON + DAY / 4)

    for token in (*first, *second):
        with pytest.raises(LinkNotGood):
            accounts.prove_address(token=token, by=ROOT, now=NOON + DAY / 4)
    with pytest.raises(accounts.NothingAsked):
        accounts.leave_address(by=me, now=NOON + DAY / 4)
    assert make.again(officer).email == officer.email


def test_a_suspended_officer_changes_nothing_by_links_that_were_open(officer):
    accounts.ask_own_address(address="a@marrow.example.gov", by=make.acting(officer), now=NOON)
    new, old = both_links()
    accounts.prove_address(token=old, by=ROOT, now=NOON)
    accounts.suspend_person(person=officer.id, reason="misuse", by=ROOT, now=NOON)

    with pytest.raises(LinkNotGood):
        accounts.prove_address(token=new, by=ROOT, now=NOON)


def test_staff_do_not_change_their_own_address():
    analyst = make.person(roles=["subpoena_analyst"])

    with pytest.raises(NotYours):
        accounts.ask_own_address(address="a@marrow.example.gov", by=make.acting(analyst), now=NOON)


def test_an_old_step_up_is_not_enough(officer):
    with pytest.raises(StepUpNeeded):
        accounts.ask_own_address(
            address="a@marrow.example.gov", by=make.acting(officer, stepped_up_at=NOON - DAY), now=NOON
        )


@pytest.mark.sabotage("control 12: proved at both ends")
def test_the_database_itself_refuses_an_own_address_that_one_end_has_not_confirmed(officer):
    accounts.ask_own_address(address="a@marrow.example.gov", by=make.acting(officer), now=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        AddressProof.objects.update(proved_at=NOON, read_at=NOON)

"""A customer's contact card changes for officers only after another channel and an administrator (R-020, A16)."""

import pytest
from django.db import IntegrityError, transaction

from tecum.accounts import operations as accounts
from tecum.customers import operations as customers
from tecum.customers import queries
from tecum.customers.operations import AlreadySo, AlreadyThere, NotACard, NotAnEntry
from tecum.kernel.refusals import NotYours
from tecum.models import ContactCard
from tests import make
from tests.make import NOON, ROOT, acting, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def quillon():
    return make.customer(name="Quillon Voice LLC")


@pytest.fixture
def contact(quillon):
    return acting(make.person("Rhea Quillon", roles=["customer_contact"], customer=quillon.id))


@pytest.fixture
def margit():
    return acting(make.person("Margit Okafor-Lund", roles=["portal_administrator"]))


def propose(contact, **more):
    given = {"legal_name": "Quillon Voice LLC", "phone": "392-555-0101", **more}
    return customers.propose_card(customer=contact.customer, by=contact, now=later(minutes=1), **given)


def shown(customer):
    return queries.cards([customer.id])[customer.id]


@pytest.mark.requirement("R-020")
def test_the_card_in_force_has_the_six_fields_and_any_but_the_name_may_be_missing(quillon):
    bare = make.customer(address="", contact_person="", phone="", email="", website="")

    full, empty = shown(quillon), shown(bare)

    assert all([full.legal_name, full.address, full.contact_person, full.phone, full.email, full.website])
    assert empty.legal_name
    assert not any([empty.address, empty.contact_person, empty.phone, empty.email, empty.website])


def test_a_change_is_shown_to_officers_only_after_confirmation_and_approval(quillon, contact, margit):
    card = propose(contact)
    assert shown(quillon).phone == "2925550150"

    customers.confirm_card(
        card=card.id, how="Called 292-555-0150, spoke to R. Quillon", by=margit, now=later(minutes=2)
    )
    assert shown(quillon).phone == "2925550150"

    customers.approve_card(card=card.id, by=margit, now=later(minutes=3))
    assert (shown(quillon).phone, shown(quillon).since) == ("3925550101", later(minutes=3))
    states = {
        each.version: each.state for each in queries.card_history(customer=quillon.id, by=contact, now=NOON)
    }
    assert states == {1: "REPLACED", 2: "IN_FORCE"}


def test_it_cannot_be_approved_before_it_was_confirmed_by_another_channel(quillon, contact, margit):
    card = propose(contact)

    with pytest.raises(NotACard):
        customers.approve_card(card=card.id, by=margit, now=NOON)
    with pytest.raises(NotACard, match="which channel"):
        customers.confirm_card(card=card.id, how=" ", by=margit, now=NOON)
    assert shown(quillon).phone == "2925550150"


def test_the_customer_itself_can_neither_confirm_nor_approve(contact):
    card = propose(contact)

    with pytest.raises(NotYours):
        customers.confirm_card(card=card.id, how="it is me", by=contact, now=NOON)
    with pytest.raises(NotYours):
        customers.approve_card(card=card.id, by=contact, now=NOON)


@pytest.mark.sabotage("control 6")
def test_without_the_operation_the_database_would_still_want_confirmation_by_another(quillon, contact):
    card = propose(contact)
    ContactCard.objects.filter(customer=quillon.id, state="IN_FORCE").update(state="REPLACED")

    with pytest.raises(IntegrityError), transaction.atomic():
        ContactCard.objects.filter(pk=card.id).update(
            state="IN_FORCE", decided_by=contact.ref, decided_at=NOON
        )


def test_a_refused_change_leaves_the_old_card_and_says_why(quillon, contact, margit):
    card = propose(contact)

    refused = customers.refuse_card(card=card.id, reason="Nobody there knew of it", by=margit, now=NOON)

    assert refused.reason == "Nobody there knew of it"
    assert shown(quillon).phone == "2925550150"
    assert propose(contact).version == 3


def test_one_change_waits_at_a_time_and_one_without_change_is_none(quillon, contact):
    card = shown(quillon)
    same = {name: getattr(card, name) for name in ("address", "contact_person", "phone", "email", "website")}
    with pytest.raises(NotACard, match="Nothing differs"):
        propose(contact, **same)

    propose(contact)
    with pytest.raises(AlreadyThere):
        propose(contact)


@pytest.mark.parametrize("wrong", [{"legal_name": " "}, {"phone": "12"}, {"email": "at home"}])
def test_what_cannot_be_a_card_is_refused(contact, wrong):
    with pytest.raises(NotACard):
        propose(contact, **wrong)


def test_another_customers_card_is_out_of_reach(contact):
    other = make.customer()

    with pytest.raises(NotYours):
        customers.propose_card(customer=other.id, legal_name="Mine now", by=contact, now=NOON)
    with pytest.raises(NotYours):
        queries.card_history(customer=other.id, by=contact, now=NOON)


@pytest.mark.parametrize("id", ["", "has space", "2925550142", "292-555-0142", "x" * 41])
def test_a_customer_id_is_one_of_the_inventory_and_no_telephone_number(id):
    with pytest.raises(NotAnEntry):
        customers.create_customer(id=id, legal_name="Quillon", is_carrier=False, by=ROOT, now=NOON)


def test_a_suspended_customers_people_are_out_and_its_consent_stays(quillon, contact, margit):
    make.consent(quillon.id)

    accounts.suspend_customer(customer=quillon.id, reason="unpaid", by=margit, now=NOON)

    with pytest.raises(customers.CustomerSuspended), transaction.atomic():
        accounts.stand(by=contact, now=NOON)
    with transaction.atomic():
        asked = {"2925550142": quillon.id}
        assert customers.consents_for_reveal(asked, bases=["cpni_opt_in"], now=NOON)
    with pytest.raises(AlreadySo):
        accounts.suspend_customer(customer=quillon.id, reason="unpaid", by=margit, now=NOON)
    customers.reinstate_customer(customer=quillon.id, by=margit, now=NOON)
    customers.close_customer(customer=quillon.id, reason="moved its numbers away", by=margit, now=NOON)
    with pytest.raises(AlreadySo):
        customers.reinstate_customer(customer=quillon.id, by=margit, now=NOON)

"""T15 on the look-up itself: the agency suspended, or the consent withdrawn, while its officers look numbers up."""

from datetime import date
from itertools import count, cycle

import pytest
from django.db import transaction

from tecum.accounts import operations as accounts
from tecum.customers import operations as customers
from tecum.lookup import operations as lookup
from tecum.models import Disclosure, Lookup
from tests import make
from tests.faults.test_revoked_in_flight import Stream
from tests.make import NOON, ROOT, acting
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NUMBER = "2925550142"
CASE = lookup.Purpose("MC-26-004417", attested=True)


@pytest.fixture
def scene(numbers):
    agency, customer = make.agency(), make.customer("C-XYZ")
    make.consent(customer.id)
    numbers({NUMBER: (customer.id, date(2022, 6, 1))})
    return agency, customer, [acting(make.officer(at=agency)) for _ in range(8)]


def stream(officers):
    """Many look-ups of one number, by several officers in turn; asking it again the same day is free (A1)."""
    turn, whose = count(), cycle(officers)

    def ask():
        lookup.run(
            text=NUMBER, purpose=CASE, submission=f"form-{next(turn)}", door="page", by=next(whose), now=NOON
        )

    return Stream(size(fast=80, ci=240, proof=1000), ask)


def race(running, revoke, measured):
    for thread in running.threads:
        thread.start()
    running.in_its_midst.wait()
    with transaction.atomic():
        revoke()
        by_then = measured()
    running.revoked.set()
    for thread in running.threads:
        thread.join()
    assert not running.faults
    return by_then, measured()


def test_no_officer_of_a_suspended_agency_is_answered_after_the_suspension_commits(scene):
    agency, _, officers = scene
    running = stream(officers)

    by_then, at_the_end = race(
        running,
        lambda: accounts.suspend_agency(agency=agency.id, reason="arrears", by=ROOT, now=NOON),
        Lookup.objects.count,
    )

    assert by_then > 0
    assert running.refused
    assert at_the_end == by_then


def test_nothing_is_disclosed_of_a_customer_after_its_withdrawal_commits_though_all_are_answered(scene):
    _, customer, officers = scene
    running = stream(officers)

    by_then, at_the_end = race(
        running,
        lambda: customers.withdraw_consent(customer=customer.id, reason="by letter", by=ROOT, now=NOON),
        Disclosure.objects.count,
    )

    assert by_then > 0
    assert not running.refused
    assert Lookup.objects.count() >= by_then + running.requests // 3
    assert Lookup.objects.count() > at_the_end
    assert at_the_end == by_then

"""An extension came: the administrator says which order it prolongs, however many others there are and whoever sent them."""

import pytest
import time_machine

from tecum.kernel.actors import Actor
from tecum.models import Authority, CourtOrder, LegalCase, Matter
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.queries import orders as queries
from tests import make, people
from tests.make import NOON
from tests.orders import administrator, bill, by_fax, carrier, in_force, order_said, process_said, read, sound  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bill")]


@pytest.fixture
def two():
    return administrator(), administrator("Bo Farrow")


def running(ada, bo, agency=""):
    """Return the case of an order that was authorised."""
    case = by_fax(ada)
    sound(case, ada, order=order_said(switches=("training-1",)))
    authority = in_force(case, ada, bo)
    operations.settle(
        surveillance=Authority.objects.get(pk=authority).surveillance_id, by=Actor.system("jobs"), now=NOON
    )
    LegalCase.objects.filter(pk=case).update(agency=agency)
    return case


def said(visitor, case, **given):
    with time_machine.travel(NOON, tick=False):
        return visitor.client.post(f"/orders/{case}/kind/", {"kind": "extension", **given})


def test_the_orders_of_its_agency_and_of_its_targets_are_offered_and_no_others(two):
    ada, bo = two
    agency, other = make.agency("Marrow County Sheriff").id, make.agency("Fennimore Police").id
    first = running(ada, bo, agency)
    came = by_fax(ada)

    def offered(**changes):
        LegalCase.objects.filter(pk=came).update(**changes)
        return [each for each, _ in queries.to_extend(case=came, by=ada, now=NOON)]

    assert offered(agency="") == [first], "the youngest, as long as nothing is known of it"
    assert offered(agency=agency) == [first]
    assert offered(agency=other) == []
    read(came, ada, said=process_said(number="26-MC-0417-E"))
    assert offered(agency=other) == [first], "it names the same target"
    assert offered(agency="") == [first]


def test_any_other_is_found_by_its_reference_and_a_wrong_reference_is_said(two):
    ada, bo = two
    first = running(ada, bo, make.agency("Marrow County Sheriff").id)
    came = by_fax(ada)
    LegalCase.objects.filter(pk=came).update(agency=make.agency("Fennimore Police").id)
    ada_on_the_page = people.sign_in(make.again_by_ref(ada.ref), at=NOON)

    wrong = said(ada_on_the_page, came, reference="CO-0000-0000")
    own = said(ada_on_the_page, came, reference=LegalCase.objects.get(pk=came).reference)

    for answer in (wrong, own):
        assert answer.status_code == 422
        assert "No order that was authorised has this reference." in answer.content.decode()
    assert CourtOrder.objects.get(case=came).extends is None
    right = said(ada_on_the_page, came, reference=f" {LegalCase.objects.get(pk=first).reference.lower()} ")
    assert right.status_code == 302
    assert CourtOrder.objects.get(case=came).extends.case_id == first
    assert first in [each for each, _ in queries.to_extend(case=came, by=ada, now=NOON)], "it stays chosen"


def test_what_is_sealed_to_the_administrator_has_no_reference_for_her(two):
    ada, bo = two
    first = running(ada, bo)
    cy, home = administrator("Cy Hale"), LegalCase.objects.get(pk=first)

    def found():
        return queries.extendable(reference=home.reference, by=cy, now=NOON)

    assert found() == first
    Matter.objects.filter(pk=home.matter).update(sealed=True)

    assert found() == ""

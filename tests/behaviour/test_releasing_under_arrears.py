"""An agency that has not paid: its answer is made and proposed, and not released; it pays, and the same answer is released."""

from dataclasses import replace

import pytest

from tecum.cases.states import CaseKind
from tecum.kernel.actors import Actor
from tecum.models import Production
from tecum.process import operations as process
from tecum.production import operations as productions
from tecum.production.operations import CannotRelease
from tests.behaviour.test_accepting_a_fee import SUBPOENA
from tests.behaviour.test_being_in_arrears import (  # noqa: F401
    VERY_LATE,
    carrier,
    clerk,
    days_pass,
    owing,
    pays,
)
from tests.behaviour.test_releasing_and_handing_over import fetched, without_print  # noqa: F401
from tests.make import NOON
from tests.productions import case, package, signing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("signing", "without_print"),
]


def late(actor):
    """Return a person with a second factor given on the day of the release."""
    return replace(actor, stepped_up_at=VERY_LATE)


def proposed(kind=CaseKind.DEMAND, **said):
    """Return a production of an agency, made and proposed for release on a day when its invoices are overdue, and an invoice."""
    found = case()
    process.receive(
        kind=kind, channel="fax", received_at=NOON, said=replace(SUBPOENA, **said), agency=found.agency.id,
        case=found.facts.id, by=Actor.system("tests"), now=NOON,
    )  # fmt: skip
    found.preparer, found.approver = late(found.preparer), late(found.approver)
    return found


def released(found, id, proposal):
    productions.approve_release(production=id, approval=proposal, by=found.approver, now=VERY_LATE)


def state(id):
    return Production.objects.get(pk=id).state


def test_it_is_refused_with_the_sentence_and_released_once_the_agency_has_paid(clerk):  # noqa: F811
    found = proposed()
    invoice = owing(found.agency, clerk)
    days_pass(VERY_LATE)
    id = found.made(VERY_LATE)
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=VERY_LATE
    ).id

    with pytest.raises(
        CannotRelease, match="Invoices of the agency are overdue, and nothing is released"
    ) as refusal:
        released(found, id, proposal)
    before = state(id)
    pays(clerk, VERY_LATE, f"B-1,2027-01-02,24.00,USD,County,{invoice.number}")
    with pytest.raises(CannotRelease):
        released(found, id, proposal)  # a part of it opens nothing
    pays(clerk, VERY_LATE, f"B-2,2027-01-03,1.00,USD,County,{invoice.number}")
    released(found, id, proposal)

    assert "emergency desk" in str(refusal.value)
    assert (before, state(id)) == ("MADE", "RELEASED")
    handover = productions.hand_to_account(
        production=id, person=found.officer.ref, by=found.preparer, now=VERY_LATE
    )
    assert fetched(handover, late(found.officer), VERY_LATE) == package(id)


def test_what_was_asked_for_in_an_emergency_is_released_whatever_is_owed(clerk):  # noqa: F811
    found = proposed(facts=("emergency",))
    owing(found.agency, clerk)
    days_pass(VERY_LATE)

    id = found.made(VERY_LATE)
    found.release(id, VERY_LATE)

    assert state(id) == "RELEASED"


@pytest.mark.sabotage("R-105: a release waits for what is owed")
def test_without_the_look_at_arrears_it_would_be_released_unpaid(clerk, monkeypatch):  # noqa: F811
    found = proposed()
    owing(found.agency, clerk)
    days_pass(VERY_LATE)
    monkeypatch.setattr("tecum.production.operations.releasing._refuse_in_arrears", lambda *_, **__: None)

    id = found.made(VERY_LATE)
    found.release(id, VERY_LATE)

    assert state(id) == "RELEASED"

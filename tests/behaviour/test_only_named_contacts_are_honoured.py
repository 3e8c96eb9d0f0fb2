"""The register of authorised contacts (R-072 to R-074, A10): by subject, kept by two people, checked at every act."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tecum.agencies import operations as directory
from tecum.agencies import queries as agencies
from tecum.agencies.operations import NotAnEntry, SamePerson
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Contact
from tecum.cases.operations import OutsideRegister
from tecum.cases.states import EntryState, Sender
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.states import DemandState
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Demand, Notice
from tecum.process import operations as process
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
DOMAIN = "police.marrow.example.gov"
VANE, POOLE = f"vane@{DOMAIN}", f"poole@{DOMAIN}"


@pytest.fixture
def world():
    agency = make.agency("Marrow Falls Police", domain=DOMAIN)
    ruiz, okafor = make.analyst("Ines Ruiz"), make.analyst("Bela Okafor")
    clerks = [make.acting(make.person(name, roles=["portal_administrator"])) for name in ("A One", "B Two")]
    old = NOON - timedelta(days=10)
    number = directory.propose_call_back_number(
        agency=agency.id, number="2925550120", label="Records", source="state directory", by=_at(clerks[0], old), now=old
    )  # fmt: skip
    directory.confirm_call_back_number(entry=number.id, by=_at(clerks[1], old), now=old)
    return SimpleNamespace(agency=agency, ruiz=ruiz, okafor=okafor, number=number.id)


def _at(actor, when):
    return replace(actor, stepped_up_at=when)


def named(world, *, desk="subpoenas", email=VANE, name="Det. Ada Vane", phone=""):
    made = directory.propose_contact(
        agency=world.agency.id, desk=desk, name=name, email=email, phone=phone, source="letter of the chief", by=world.ruiz, now=NOON
    )  # fmt: skip
    return directory.confirm_contact(entry=made.id, called=world.number, by=world.okafor, now=NOON)


def demand(world, *, desk="subpoenas"):
    return demands.receive(
        channel="fax", received_at=NOON, contact=Contact(name="Vane", email=VANE), agency=world.agency.id, desk=desk,
        by=world.ruiz, now=NOON,
    ).case  # fmt: skip


@pytest.mark.requirement("R-074")
def test_from_the_first_name_on_only_names_count_each_for_its_own_subject(world):
    ask = {"agency": world.agency.id}
    assert agencies.honoured(**ask, desk="subpoenas", way=POOLE), "nobody was named yet"

    named(world)

    assert agencies.honoured(**ask, desk="subpoenas", way=VANE.upper())
    assert not agencies.honoured(**ask, desk="subpoenas", way=POOLE)
    assert not agencies.honoured(**ask, desk="court-orders", way=VANE)
    assert not agencies.honoured(**ask, desk="subpoenas", way="")


@pytest.mark.requirement("R-074")
def test_a_name_needs_two_people_and_a_call_to_a_number_of_the_directory(world):
    made = directory.propose_contact(
        agency=world.agency.id, desk="subpoenas", name="Ada Vane", email=VANE, source="letter", by=world.ruiz, now=NOON
    )  # fmt: skip

    with pytest.raises(SamePerson):
        directory.confirm_contact(entry=made.id, called=world.number, by=world.ruiz, now=NOON)
    with pytest.raises(NotAnEntry, match="72 hours"):
        directory.confirm_contact(entry=made.id, called="2925550199", by=world.okafor, now=NOON)
    assert agencies.honoured(agency=world.agency.id, desk="subpoenas", way=POOLE), (
        "an unconfirmed name closes nothing"
    )
    with pytest.raises(NotYours):
        directory.end_contact(entry=made.id, by=make.acting(make.officer()), now=NOON)


@pytest.mark.requirement("R-074")
def test_striking_the_last_name_opens_nothing_again(world):
    entry = named(world)

    directory.end_contact(entry=entry.id, by=world.ruiz, now=NOON)

    assert not agencies.honoured(agency=world.agency.id, desk="subpoenas", way=POOLE)
    assert not agencies.honoured(agency=world.agency.id, desk="subpoenas", way=VANE)


@pytest.mark.requirement("R-073", "R-074")
def test_a_withdrawal_a_letter_a_number_and_a_change_for_somebody_else_stop_and_say_who_is_right(world):
    named(world)
    case = demand(world)
    received = queries.of_case(case=case, by=world.ruiz, now=NOON).received
    by = {"by": world.ruiz, "now": NOON}

    for act in (
        lambda: demands.withdraw(case=case, how="telephone", said_by="2925550188", **by),
        lambda: demands.withdraw(case=case, how="letter", **by),
        lambda: process.tell_number(received=received, to=POOLE, **by),
        lambda: process.send_not_honoured(received=received, reason="not ours", to=POOLE, **by),
        lambda: cases.change_contact(case=case, contact=Contact(email=POOLE), agency=world.agency.id, **by),
    ):
        with pytest.raises(OutsideRegister, match="Ada Vane"):
            act()

    assert Demand.objects.get(case=case).state == DemandState.RECEIVED
    assert not Notice.objects.filter(recipient=POOLE).exists()
    assert files.case(case=case, **by).contact.email == VANE


@pytest.mark.requirement("R-074")
def test_the_named_person_is_honoured(world):
    named(world, phone="2925550131")
    case = demand(world)
    received = queries.of_case(case=case, by=world.ruiz, now=NOON).received

    process.tell_number(received=received, to=VANE, by=world.ruiz, now=NOON)
    demands.withdraw(case=case, how="telephone", said_by="2925550131", by=world.ruiz, now=NOON)

    assert Demand.objects.get(case=case).state == DemandState.WITHDRAWN


@pytest.mark.requirement("R-073", "R-074")
def test_a_proven_colleague_who_is_not_named_for_the_subject_is_held(world):
    case = demand(world)
    said = {"subject": "More", "from": POOLE, "text": "See attached."}
    join = {"case": case, "sender": Sender.AGENCY, "said": said, "at": NOON, "by": SYSTEM, "now": NOON}
    _, before = cases.join_message(message="m1", **join)

    named(world)
    _, after = cases.join_message(message="m2", **join)

    assert (before, after) == (EntryState.JOINED, EntryState.HELD)


@pytest.mark.sabotage("R-074")
def test_without_the_check_a_stranger_would_withdraw(world, monkeypatch):
    named(world)
    case = demand(world)
    monkeypatch.setattr("tecum.agencies.queries.honoured", lambda **_: True)

    demands.withdraw(case=case, how="telephone", said_by="2925550188", by=world.ruiz, now=NOON)

    assert Demand.objects.get(case=case).state == DemandState.WITHDRAWN

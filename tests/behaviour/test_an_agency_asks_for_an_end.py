"""An agency ends what it asked for: at once when signed in and on the list, else after a call back; mail ends nothing (E)."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tecum.agencies import operations as agencies
from tecum.kernel.refusals import NotYours
from tecum.models import Authority, EndRequest, Escalation, Person, Tap, TrailLeaf
from tecum.secrecy import operations as secrecy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import asking
from tecum.surveillance.queries import asking as queries
from tests import make, people
from tests import taps as surveillances
from tests.make import NOON
from tests.taps import order, switch, wireless  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HOUR = timedelta(hours=1)


@pytest.fixture
def tap(wireless):  # noqa: F811
    found = order().authorize().activate()
    surveillances.carried(NOON)
    assert len(switch().listing()) == 1
    return found


def ruiz(tap, *, on_the_list: bool = True):
    """The officer whose order it is."""
    who = make.again_by_ref(f"person:{Person.objects.get(name='Dana Ruiz').pk}")
    actor = make.acting(who)
    if on_the_list:
        with transaction.atomic():
            secrecy.let_know(tap.case.matter, actor.ref, by=make.ROOT, now=NOON)
    return actor


def administrator(tap):
    return tap.at(tap.approver, NOON)


def noted(tap, **more):
    given = {
        "channel": "fax",
        "words": "Please end it.",
        "evidence": "",
        "by": administrator(tap),
        "now": NOON,
    }
    return surveillance.note_end(surveillance=tap.surveillance, **{**given, **more})


def directory_number(tap) -> str:
    entry = agencies.propose_call_back_number(
        agency=tap.case.agency, number="2925550111", label="watch desk", source="county directory", by=make.ROOT, now=NOON
    )  # fmt: skip
    ada = make.acting(make.person(roles=["portal_administrator"]))
    agencies.confirm_call_back_number(entry=entry.id, by=ada, now=NOON)
    return entry.id


def off() -> bool:
    surveillances.carried(NOON)
    return switch().listing() == ()


def test_a_signed_in_officer_on_its_list_ends_it_at_once(tap):
    ended = surveillance.ask_end(surveillance=tap.surveillance, words="Arrest made.", by=ruiz(tap), now=NOON)

    assert (ended, off()) == (1, True)
    assert Authority.objects.get().ended_why == "agency_asked"
    assert EndRequest.objects.get().state == "OBEYED"
    assert TrailLeaf.objects.filter(event="surveillance.off_seen").count() == 1


def test_an_officer_off_its_list_or_of_another_agency_is_told_that_there_is_nothing(tap):
    stranger = make.acting(make.officer())

    for who in (ruiz(tap, on_the_list=False), stranger):
        with pytest.raises(NotYours):
            surveillance.ask_end(surveillance=tap.surveillance, words="End it.", by=who, now=NOON)
        assert queries.own(by=who, now=NOON) == []

    assert not off()
    assert not EndRequest.objects.exists()


@pytest.mark.sabotage("control 5")
def test_mail_and_fax_alone_end_nothing_and_page_whoever_is_on_call(tap):
    noted(tap)
    first = surveillance.note_by_mail(reference=tap.case.reference, message="m-1", by=make.ROOT, now=NOON)
    again = surveillance.note_by_mail(reference=tap.case.reference, message="m-1", by=make.ROOT, now=NOON)
    unknown = surveillance.note_by_mail(reference="L-0000-0000", message="m-2", by=make.ROOT, now=NOON)

    assert (first, again, unknown) == (True, True, False)
    assert not off()
    assert {row.channel for row in queries.end_requests(by=administrator(tap), now=NOON)} == {"fax", "mail"}
    assert Escalation.objects.filter(about__startswith="end_request:").count() == 2


def test_after_a_call_back_at_a_number_of_the_directory_one_administrator_ends_it(tap):
    request = noted(tap, channel="mail")
    number = directory_number(tap)

    with pytest.raises(asking.NotCalledBack):
        surveillance.obey_end(
            request=request, called="2925550199", spoke_with="Lt. Moss", by=administrator(tap), now=NOON
        )
    with pytest.raises(asking.NotCalledBack):
        surveillance.obey_end(request=request, called=number, spoke_with=" ", by=administrator(tap), now=NOON)
    surveillance.obey_end(
        request=request, called=number, spoke_with="Lt. Moss", by=administrator(tap), now=NOON
    )

    assert off()
    assert EndRequest.objects.get().settled_by == tap.approver.ref
    with pytest.raises(asking.Settled):
        surveillance.refuse_end(
            request=request, called=number, spoke_with="Lt. Moss", by=administrator(tap), now=NOON
        )


def test_a_request_that_the_agency_did_not_make_is_refused_and_changes_nothing(tap):
    request = noted(tap)
    heard = {"called": directory_number(tap), "by": administrator(tap), "now": NOON}
    with pytest.raises(asking.NotCalledBack):
        surveillance.refuse_end(request=request, spoke_with="", **heard)

    told = surveillance.refuse_end(request=request, spoke_with="Lt. Moss", **heard)

    assert not off()
    assert queries.end_requests(by=administrator(tap), now=NOON) == []
    assert Tap.objects.get().state == "ACTIVE"
    assert told is False  # this guide names no mailbox: the letter goes by hand


def test_a_settled_request_stops_its_own_ladder_and_no_other(tap):
    obeyed, refused, waits = (noted(tap, words=f"End it, {place}.") for place in range(3))
    heard = {"called": directory_number(tap), "spoke_with": "Lt. Moss", "by": administrator(tap), "now": NOON}

    surveillance.refuse_end(request=refused, **heard)
    surveillance.obey_end(request=obeyed, **heard)

    still = Escalation.objects.filter(about__startswith="end_request:", ended_at=None)
    assert [each.about for each in still] == [f"end_request:{waits}"]
    assert set(Escalation.objects.exclude(ended_at=None).values_list("called_back_by", flat=True)) == {
        tap.approver.ref
    }


def test_the_database_keeps_no_obeyed_request_that_nobody_called_back_about(tap):
    request = noted(tap)

    with pytest.raises(IntegrityError):
        EndRequest.objects.filter(pk=request).update(state="OBEYED", settled_at=NOON, settled_by="person:x")


def test_what_is_off_already_cannot_be_asked_to_end(tap):
    surveillance.ask_end(surveillance=tap.surveillance, words="Arrest made.", by=ruiz(tap), now=NOON)

    with pytest.raises(asking.CannotAsk):
        noted(tap)


def test_the_pages_of_officer_and_administrator_lead_to_the_same_verbs(tap, freeze, outside):
    freeze(NOON)
    with time_machine.travel(NOON, tick=False):
        ruiz(tap)
        number = directory_number(tap)
        officer = people.sign_in(
            make.again_by_ref(f"person:{Person.objects.get(name='Dana Ruiz').pk}"), at=NOON
        )
        admin = people.sign_in(make.again_by_ref(tap.approver.ref), at=NOON)

        mine = officer.get("/surveillances/").text
        admin.post(
            f"/switches/surveillances/{tap.surveillance}/asked/",
            {"channel": "fax", "words": "End it.", "why": "agency_asked", "minutes": "0"},
        )
        waits = admin.get("/switches/asked/").text
        request = EndRequest.objects.get()
        told = admin.post(f"/switches/asked/{request.pk}/obey/", {"called": number, "spoke_with": "Lt. Moss"})

        assert f"/surveillances/{tap.surveillance}/end/" in mine
        assert surveillances.NUMBER not in mine
        assert "Called back: end it" in waits
        assert told.status_code == 302
        assert off()
        assert "Nothing of yours is on" in officer.get("/surveillances/").text

"""An officer asks for a surveillance on the page (form D): where the guide allows it, it becomes what the typed PDF becomes."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tecum.agencies import queries as agencies
from tecum.audit import queries as trail
from tecum.cases import queries as files
from tecum.demands.operations import DoorShut
from tecum.kernel.actors import Actor
from tecum.models import CourtOrder, DemandDraft, EndRequest, Escalation, LegalCase, Person
from tecum.secrecy import operations as secrecy
from tecum.surveillance.operations import orders
from tests import make, people
from tests.letters import a_pdf
from tests.make import NOON
from tests.orders import ROOT, administrator, carrier, on_the_page  # noqa: F401
from tests.taps import carried, order, switch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_the_page")]
CLERK = Actor.system("tests")
GIVEN = {
    "agency_name": "Marrow County Sheriff", "agency_contact": "Det. Dana Ruiz", "contact_phone": "(292) 555-0110",
    "fax": "292-555-0111", "request_type": "Activate",
    "surveillance_types": ["Interconnect Pen Register/Trap and Trace", "Dispatch Title III"],
    "dial_up_number": "(392) 555-0101", "line": "ISDN line", "target_number": "292-555-0142",
    "imei_imsi": "490154203237518", "activation_date": "2026-09-09", "expiration_date": "2026-10-04",
    "billing": "Marrow County Sheriff, Fiscal Office\n1 Main Street\nMarrow, OH 43001",
}  # fmt: skip


@pytest.fixture
def officer():
    return make.officer("Dana Ruiz")


@pytest.fixture
def ruiz(officer):
    return people.sign_in(officer, at=NOON)


def go(visitor, path="/surveillances/new/", data=None, *papers):
    with time_machine.travel(NOON, tick=False):
        if data is None:
            return visitor.get(path, follow=True)
        given = [SimpleUploadedFile(name, content) for name, content in papers]
        return visitor.post(path, {**data, **({"papers": given} if given else {})}, follow=True)


def hand_in(visitor, *papers, **changes):
    draft = go(visitor).context["draft"]
    return go(visitor, "/surveillances/new/", {**GIVEN, **changes, "draft": draft, "act": "hand_in"}, *papers)


ORDER = ("order.pdf", a_pdf())


@pytest.mark.requirement("R-188", "R-189", "R-190", "R-191", "R-192", "R-193")
def test_every_field_of_the_printed_form_stands_on_the_page_and_what_is_known_is_filled_in(ruiz, officer):
    page = go(ruiz)

    html = page.content.decode()
    for label in (
        "Agency Name", "Agency Contact", "Contact Phone #", "Fax #", "Activate", "Deactivate",
        "Interconnect Pen Register/Trap and Trace", "Interconnect Title III", "Dispatch Pen Register", "Dispatch Title III",
        "Dial-up number", "POTS line", "ISDN line", "Target Number", "IMEI / IMSI", "Activation Date", "Expiration Date",
        "Billing Information",
    ):  # fmt: skip
        assert label in html
    form = page.context["form"]
    assert {name for name, field in form.fields.items() if field.required} == {
        "request_type", "target_number", "activation_date", "expiration_date", "papers",
    }  # fmt: skip
    assert form["agency_contact"].value() == "Dana Ruiz" and form["agency_name"].value()


@pytest.mark.requirement("R-131", "R-188", "R-189", "R-190", "R-191", "R-192", "R-193")
def test_it_becomes_an_order_with_its_receipt_and_the_form_reads_back_as_it_was_filled_in(ruiz, officer):
    answer = hand_in(ruiz, ORDER)

    row = CourtOrder.objects.select_related("case").get()
    assert answer.request["PATH_INFO"] == f"/surveillances/orders/{row.case_id}/"
    page = answer.content.decode()
    assert row.case.reference in page and officer.email in page and "Receipt 1" in page
    assert "2925550142" not in page and "555-0142" not in page
    view = files.case(case=row.case_id, by=CLERK, now=NOON)
    assert (view.channel, view.agency, view.contact.name) == ("portal", officer.agency, "Det. Dana Ruiz")
    assert view.contact.fax == "292-555-0111" and row.kind == "order" and row.state == "RECEIVED"
    assert [each.value for each in files.targets(case=row.case_id, by=CLERK, now=NOON)] == ["2925550142"]
    assert {each.name for each in files.documents(case=row.case_id, by=CLERK, now=NOON)} == {
        "Electronic surveillance request form.pdf", "order.pdf",
    }  # fmt: skip
    read = orders.read_form(case=row.case_id, by=administrator(), now=NOON)
    asks = read.asks
    assert read.judged.complete and not asks.unread
    assert (asks.agency, asks.contact, asks.deactivate) == ("Marrow County Sheriff", "Det. Dana Ruiz", False)
    assert asks.said.subjects[0].number == "2925550142" and asks.said.subjects[0].imei == "490154203237518"
    assert len(asks.said.lines) == 3 and asks.said.dial_up_number == "3925550101"
    assert asks.said.line_kind == "ISDN" and asks.said.ends == "2026-10-04"
    assert asks.said.billing == GIVEN["billing"]
    names = {each.event for each in trail.timeline(matter=view.matter, within={view.matter})}
    assert {"order.handed_in", "order.begun", "order.receipt_issued", "process.answered"} <= names


def test_an_officer_opens_the_receipt_and_another_officer_of_the_agency_gets_nothing(ruiz, officer):
    hand_in(ruiz, ORDER)
    case = CourtOrder.objects.get().case_id

    receipt = go(ruiz, f"/surveillances/orders/{case}/receipts/1/")
    other = people.sign_in(
        make.officer("Bo Lind", at=agencies.agency(id=officer.agency, by=CLERK, now=NOON)), at=NOON
    )

    assert receipt["Content-Type"] == "application/pdf" and receipt.content.startswith(b"%PDF")
    for path in (f"/surveillances/orders/{case}/", f"/surveillances/orders/{case}/receipts/1/"):
        assert go(other, path).status_code == 404
    assert CourtOrder.objects.get().case.reference not in go(other, "/surveillances/").content.decode()
    assert CourtOrder.objects.get().case.reference in go(ruiz, "/surveillances/").content.decode()


@pytest.mark.requirement("R-192")
@pytest.mark.parametrize(
    ("changes", "papers", "words"),
    [
        ({"target_number": ""}, (ORDER,), "It is missing; the form requires it"),
        ({"activation_date": ""}, (ORDER,), "It is missing; the form requires it"),
        ({"expiration_date": ""}, (ORDER,), "It is missing; the form requires it"),
        ({"target_number": "292-555-014"}, (ORDER,), "292-555-014"),
        ({"expiration_date": "2026-09-01"}, (ORDER,), "expire before it is activated"),
        ({"request_type": ""}, (ORDER,), "activate or to deactivate"),
        ({"imei_imsi": "12345"}, (ORDER,), "IMEI / IMSI cannot be read"),
        ({"surveillance_types": ["Everything"]}, (ORDER,), "Everything"),
        ({}, (), "Add the legal process itself"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept_as_a_draft(ruiz, changes, papers, words):
    answer = hand_in(ruiz, *papers, **changes)

    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and not LegalCase.objects.exists()
    assert "Nothing was handed in. What you typed" in page and "kept as a draft until" in page
    draft = DemandDraft.objects.get()
    assert draft.kind == "surveillance" and draft.papers.count() == len(papers)
    again = go(ruiz, f"/surveillances/new/{draft.pk}/")
    assert again.context["form"]["dial_up_number"].value() == GIVEN["dial_up_number"]
    if "surveillance_types" not in changes:
        assert again.context["form"]["surveillance_types"].value() == GIVEN["surveillance_types"]
    assert f"/surveillances/new/{draft.pk}/" in go(ruiz, "/surveillances/").content.decode()
    assert go(ruiz, f"/cases/new/{draft.pk}/").status_code == 404  # it is no draft of a demand


def test_a_draft_is_mended_and_handed_in_with_the_files_it_kept(ruiz):
    draft = hand_in(ruiz, ORDER, expiration_date="").context["draft"]

    answer = go(ruiz, "/surveillances/new/", {**GIVEN, "draft": draft, "act": "hand_in"})
    twice = go(ruiz, "/surveillances/new/", {**GIVEN, "draft": draft, "act": "hand_in"})

    row = CourtOrder.objects.select_related("case").get()
    assert row.case.reference in answer.content.decode() and not DemandDraft.objects.filter(pk=draft).exists()
    assert len(files.documents(case=row.case_id, by=CLERK, now=NOON)) == 2
    assert twice.status_code in {200, 422} and LegalCase.objects.count() == 1


def test_where_the_guide_does_not_name_the_page_it_is_not_there(ruiz, officer, settings):
    by = make.acting(officer)
    for guide in (
        ROOT / "guides" / "wireless-2003",
        ROOT / "guides" / "example",
        ROOT / "guides" / "wholesale-portal",
    ):
        settings.TECUM_GUIDE = str(guide)
        assert go(ruiz).status_code == 404
        assert "Ask for a surveillance" not in go(ruiz, "/surveillances/").content.decode()
        with pytest.raises(DoorShut):
            orders.hand_in(given=orders.FormGiven({}), key="12345678", by=by, now=NOON)
    assert not LegalCase.objects.exists()


@pytest.fixture
def running(settings, carrier):  # noqa: F811
    """A surveillance of the target that is on, and the officer whose agency it is."""
    settings.DATA = carrier
    tap = order().authorize().activate()
    carried(NOON)
    officer = make.again_by_ref(f"person:{Person.objects.get(name='Dana Ruiz').pk}")
    return tap, officer


def test_a_form_that_asks_to_deactivate_leads_its_officer_to_the_act_that_ends_it_at_once(running):
    tap, officer = running
    with transaction.atomic():
        secrecy.let_know(tap.case.matter, officer.ref, by=make.ROOT, now=NOON)

    answer = hand_in(people.sign_in(officer, at=NOON), request_type="Deactivate")

    assert answer.request["PATH_INFO"] == f"/surveillances/{tap.surveillance}/end/"
    assert "Nothing has ended yet" in answer.content.decode() and not EndRequest.objects.exists()
    assert CourtOrder.objects.get().kind == "cancellation" and len(switch().listing()) == 1


def test_a_form_of_another_officer_to_deactivate_ends_nothing_and_somebody_calls_back(running):
    tap, officer = running
    other = make.officer("Bo Lind", at=agencies.agency(id=officer.agency, by=CLERK, now=NOON))

    answer = hand_in(people.sign_in(other, at=NOON), request_type="Deactivate")

    made = EndRequest.objects.get()
    row = CourtOrder.objects.get()
    assert (made.state, made.channel, made.evidence) == ("WAITING", "portal", row.case_id)
    assert Escalation.objects.filter(about=f"end_request:{made.pk}").exists()
    assert (
        answer.request["PATH_INFO"] == f"/surveillances/orders/{row.case_id}/" and row.kind == "cancellation"
    )
    carried(NOON)
    assert len(switch().listing()) == 1 and tap.case.reference not in answer.content.decode()


def test_another_agencys_form_to_deactivate_reaches_nothing(running):
    hand_in(people.sign_in(make.officer("Cy Ott"), at=NOON), request_type="Deactivate")

    assert not EndRequest.objects.exists() and CourtOrder.objects.get().kind == "cancellation"

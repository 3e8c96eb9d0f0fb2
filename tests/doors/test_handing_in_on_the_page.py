"""The page on which an officer hands a legal demand in: checked, kept, numbered; closed where the guide does not name it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tecum.agencies import operations as agencies
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.guide.model.fees import Arrears
from tecum.guide.values import parse_span
from tecum.kernel.actors import Actor
from tecum.models import DemandDraft, LegalCase
from tecum.policy import queries as policy
from tests import make, people
from tests.doorways import SAID, handed_in
from tests.letters import a_pdf
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("doors_open")]
GIVEN = {
    "process": "subpoena", "number": "GJ-114", "issued_on": "2026-09-04", "signed": "yes", "signed_by": "prosecutor",
    "numbers": "292-555-0142\n(292) 555-0143", "products": ["cdr"], "first": "2026-08-19", "last": "2026-08-28",
    "zone": "America/New_York", "gag": "no",
}  # fmt: skip


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def officer():
    return make.officer("Ana Ruiz")


@pytest.fixture
def ruiz(officer):
    return people.sign_in(officer, at=NOON)


def go(visitor, path="/cases/new/", data=None, *papers):
    with time_machine.travel(NOON, tick=False):
        if data is None:
            return visitor.get(path, follow=True)
        given = [SimpleUploadedFile(name, content) for name, content in papers]
        return visitor.post(path, {**data, **({"papers": given} if given else {})}, follow=True)


def fresh(visitor) -> str:
    return go(visitor).context["draft"]


def test_an_officer_hands_a_demand_in_and_reads_the_number_on_the_next_page(ruiz, officer):
    answer = go(
        ruiz, "/cases/new/", {**GIVEN, "draft": fresh(ruiz), "act": "hand_in"}, ("gj114.pdf", a_pdf())
    )

    case = LegalCase.objects.get()
    assert answer.request["PATH_INFO"] == f"/cases/{case.pk}/"
    assert f"case {case.reference}" in answer.content.decode() and officer.email in answer.content.decode()
    targets = files.targets(case=case.pk, by=Actor.system("tests"), now=NOON)
    assert [each.value for each in targets] == ["2925550142", "2925550143"]
    assert targets[0].period.start.isoformat() == "2026-08-19T04:00:00+00:00"
    assert targets[0].period.end.isoformat() == "2026-08-29T04:00:00+00:00"  # the last day is included
    assert case.channel == "portal"


def test_a_second_click_leads_to_the_same_case(ruiz):
    sent = {**GIVEN, "draft": fresh(ruiz), "act": "hand_in"}

    go(ruiz, "/cases/new/", sent, ("gj114.pdf", a_pdf("same")))
    answer = go(ruiz, "/cases/new/", sent, ("gj114.pdf", a_pdf("same")))

    assert LegalCase.objects.count() == 1
    assert answer.status_code in {200, 422}
    assert LegalCase.objects.get().reference in answer.content.decode()


def test_it_is_checked_against_the_guide_and_nothing_is_handed_in(ruiz):
    sent = {**GIVEN, "issued_on": "", "first": "", "last": "", "draft": fresh(ruiz), "act": "check"}

    answer = go(ruiz, "/cases/new/", sent)

    page = answer.content.decode()
    assert answer.status_code == 200 and "to mend" in page and "It bears no date." in page
    assert "lacks the time frame" in page and "GJ-114" in page
    assert not LegalCase.objects.exists()


def test_a_mistake_loses_nothing_that_was_typed_and_no_file(ruiz):
    id = fresh(ruiz)

    answer = go(
        ruiz,
        "/cases/new/",
        {**GIVEN, "numbers": "292555014", "draft": id, "act": "hand_in"},
        ("gj114.pdf", a_pdf()),
    )

    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "Line 1" in page
        and "292555014" in page
        and "Take out gj114.pdf" in page
    )
    assert not LegalCase.objects.exists()
    answer = go(ruiz, "/cases/new/", {**GIVEN, "draft": id, "act": "hand_in"})
    (paper,) = files.documents(case=LegalCase.objects.get().pk, by=Actor.system("tests"), now=NOON)
    assert paper.name == "gj114.pdf" and not DemandDraft.objects.exists()


def test_a_draft_is_saved_found_again_and_dropped(ruiz):
    go(ruiz, "/cases/new/", {**GIVEN, "draft": fresh(ruiz), "act": "save"}, ("gj114.pdf", a_pdf()))

    (row,) = DemandDraft.objects.all()
    page = go(ruiz, f"/cases/new/{row.pk}/").content.decode()
    assert "GJ-114" in page and "292-555-0142" in page and "gj114.pdf" in page and "checked" in page
    assert f"/cases/new/{row.pk}/" in go(ruiz, "/cases/").content.decode()
    go(ruiz, f"/cases/new/{row.pk}/drop/", {})
    assert not DemandDraft.objects.exists() and not LegalCase.objects.exists()


def test_a_locked_pdf_is_taken_and_said(ruiz):
    sent = {**GIVEN, "draft": fresh(ruiz), "act": "hand_in"}

    page = go(ruiz, "/cases/new/", sent, ("locked.pdf", a_pdf(password="x"))).content.decode()

    assert LegalCase.objects.count() == 1 and "locked.pdf: It is locked with a password" in page


def test_without_a_paper_or_with_eleven_it_is_said_at_the_field(ruiz):
    sent = {**GIVEN, "draft": fresh(ruiz), "act": "hand_in"}

    none = go(ruiz, "/cases/new/", sent)
    eleven = go(ruiz, "/cases/new/", sent, *[(f"{place}.pdf", a_pdf(str(place))) for place in range(11)])

    assert none.status_code == eleven.status_code == 422
    assert "Add the legal process itself" in none.content.decode()
    assert "At most 10 files" in eleven.content.decode()
    assert not LegalCase.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"last": ""}, "Give both days"),
        ({"first": "2026-08-29"}, "ends before it begins"),
        ({"first": "2026-03-08", "first_at": "02:30"}, "skipped this hour"),
        ({"process": ""}, "required"),
    ],
)
def test_half_an_interval_one_that_runs_backwards_and_a_skipped_hour_are_said(ruiz, given, words):
    answer = go(
        ruiz, "/cases/new/", {**GIVEN, **given, "draft": fresh(ruiz), "act": "hand_in"}, ("a.pdf", a_pdf())
    )

    assert answer.status_code == 422 and words in answer.content.decode()
    assert not LegalCase.objects.exists()


def test_where_the_guide_does_not_name_the_page_there_is_none(ruiz, settings):
    id = fresh(ruiz)
    settings.TECUM_GUIDE = "wholesale-portal"

    for answer in (
        go(ruiz),
        go(ruiz, "/cases/new/", {**GIVEN, "draft": id, "act": "hand_in"}, ("a.pdf", a_pdf())),
    ):
        assert answer.status_code == 404
    assert "Hand a legal demand in" not in go(ruiz, "/cases/").content.decode()
    assert not LegalCase.objects.exists() and not DemandDraft.objects.exists()


def test_another_officers_draft_is_not_there(ruiz):
    go(ruiz, "/cases/new/", {**GIVEN, "draft": fresh(ruiz), "act": "save"})
    (row,) = DemandDraft.objects.all()
    other = people.sign_in(make.officer(), at=NOON)

    assert go(other, f"/cases/new/{row.pk}/").status_code == 404
    assert go(other, f"/cases/new/{row.pk}/drop/", {}).status_code == 404
    assert go(other, "/cases/new/", {**GIVEN, "draft": row.pk, "act": "save"}).status_code == 404
    assert DemandDraft.objects.count() == 1


@pytest.fixture
def closing(officer, monkeypatch):
    """Let the officer's agency owe an invoice for long enough that the guide closes the page to it."""
    guide = policy.at(NOON)
    rule = Arrears(id="late", after=parse_span("30 days"), closes_channels=("portal",))
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, arrears=(rule,)))
    agencies.note_overdue(
        agency=officer.agency, since=date(2026, 7, 1), told=("late",), by=Actor.system("billing"), now=NOON
    )


def test_whose_agency_has_not_paid_reads_it_before_typing_and_is_refused_with_nothing_lost(
    ruiz, officer, closing
):
    page = go(ruiz)
    note = page.content.decode().partition('enctype="multipart')[0]

    answer = go(
        ruiz,
        "/cases/new/",
        {**GIVEN, "draft": page.context["draft"], "act": "hand_in"},
        ("gj114.pdf", a_pdf()),
    )
    html = answer.content.decode()

    assert "Invoices of your agency are overdue since" in note and "Requests are not taken by portal" in note
    assert "Emergencies are answered as ever" in note
    assert answer.status_code == 422
    assert "Invoices of your agency are overdue. Requests are not taken by portal" in html
    assert "Nothing was handed in." in html and 'value="GJ-114"' in html
    assert not LegalCase.objects.exists() and DemandDraft.objects.count() == 1


def test_once_it_has_paid_the_same_draft_is_handed_in(ruiz, officer, closing):
    draft = fresh(ruiz)
    go(ruiz, "/cases/new/", {**GIVEN, "draft": draft, "act": "hand_in"}, ("gj114.pdf", a_pdf()))

    agencies.note_overdue(agency=officer.agency, since=None, by=Actor.system("billing"), now=NOON)
    page = go(ruiz, f"/cases/new/{draft}/")
    go(ruiz, "/cases/new/", {**GIVEN, "draft": draft, "act": "hand_in"})

    assert "overdue" not in page.content.decode()
    assert LegalCase.objects.count() == 1


def test_an_emergency_among_demands_is_taken_whatever_is_owed(officer, closing):
    given = handed_in(said=replace(SAID, facts=("danger_to_life",)))

    got = demands.submit(submission=given, door="portal", key="k" * 26, by=make.acting(officer), now=NOON)

    assert LegalCase.objects.get().pk == got.case

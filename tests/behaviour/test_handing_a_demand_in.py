"""An officer hands a demand in by a door that the guide names: once, with the number at once, and nothing lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from tecum.accounts import operations as accounts
from tecum.audit import queries as trail
from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import keyed, submitting
from tecum.demands.rules import submitting as rules
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import DemandSubmission, LegalCase, Notice
from tecum.process.facts import Said
from tests import make
from tests.doorways import handed_in
from tests.letters import a_pdf, a_picture
from tests.make import NOON, ROOT, later
from tests.race import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("doors_open")]
CLERK = Actor.system("tests")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def ruiz():
    return make.acting(make.officer("Ana Ruiz"))


def submit(by, *numbers, key="first-demand", door="portal", now=NOON, **more):
    return demands.submit(submission=handed_in(*numbers, **more), door=door, key=key, by=by, now=now)


@pytest.mark.both_databases
def test_an_officer_gets_the_number_at_once_and_by_mail_and_the_desk_gets_the_papers(ruiz):
    got = submit(ruiz, "2925550142", "2925550143")

    view = files.case(case=got.case, by=CLERK, now=NOON)
    assert view.reference == got.reference and view.agency == ruiz.agency and view.channel == "portal"
    assert view.received_at == NOON and view.contact.name == "Ana Ruiz"
    assert [each.value for each in files.targets(case=got.case, by=CLERK, now=NOON)] == [
        "2925550142",
        "2925550143",
    ]
    (paper,) = files.documents(case=got.case, by=CLERK, now=NOON)
    assert paper.name == "gj114.pdf" and paper.copy and paper.text
    (mail,) = Notice.objects.filter(message="demand_received")
    assert mail.recipient == got.mailed_to and got.reference in mail.text
    (mine,) = queries.mine(by=ruiz, now=NOON)
    assert mine.reference == got.reference
    names = {each.event for each in trail.timeline(matter=view.matter, within={view.matter})}
    assert {"demand.submitted", "process.received", "demand.begun", "process.answered"} <= names
    assert "2925550142" not in mail.text


@pytest.mark.both_databases
def test_the_same_key_again_is_the_same_case_and_other_content_under_it_is_refused(ruiz):
    first = submit(ruiz)

    again = submit(ruiz, now=later(minutes=5))

    assert again.repeated and again.case == first.case and LegalCase.objects.count() == 1
    assert len(files.documents(case=first.case, by=CLERK, now=NOON)) == 1
    with pytest.raises(demands.KeyUsed, match=first.reference):
        submit(ruiz, "2925550177")
    other = make.acting(make.officer())
    assert submit(other).case != first.case


@pytest.mark.both_databases
def test_sixteen_clicks_at_the_same_moment_make_one_case_with_its_papers_once(ruiz):
    answers = race(16, lambda _: submit(ruiz).case)

    assert len(set(answers)) == 1 and isinstance(answers[0], str)
    assert LegalCase.objects.count() == DemandSubmission.objects.count() == 1
    assert len(files.documents(case=answers[0], by=CLERK, now=NOON)) == 1
    assert Notice.objects.filter(message="demand_received").count() == 1


def test_who_dies_before_the_papers_are_read_sends_it_again_and_they_follow_once(ruiz, monkeypatch):
    with monkeypatch.context() as broken:

        def dies(*_a, **_k):
            raise SystemExit("killed")

        broken.setattr(keyed, "_keep", dies)
        with pytest.raises(SystemExit):
            submit(ruiz)
    (row,) = LegalCase.objects.all()
    assert files.documents(case=row.pk, by=CLERK, now=NOON) == []

    got = submit(ruiz, now=later(minutes=1))

    assert got.case == row.pk
    assert [each.name for each in files.documents(case=row.pk, by=CLERK, now=NOON)] == ["gj114.pdf"]
    assert len(submit(ruiz).told) == 0 and len(files.documents(case=row.pk, by=CLERK, now=NOON)) == 1


def test_a_door_that_the_guide_does_not_name_is_shut_and_nothing_is_kept(ruiz, settings):
    for guide in ("wholesale-portal", "example"):
        settings.TECUM_GUIDE = guide
        for door in ("portal", "api"):
            with pytest.raises(demands.DoorShut):
                submit(ruiz, door=door)

    assert not LegalCase.objects.exists() and not Notice.objects.exists()
    assert not queries.door_open("api", now=NOON)


@pytest.mark.sabotage("A17")
def test_without_the_question_for_the_door_a_guide_that_says_no_would_be_walked_over(
    ruiz, settings, monkeypatch
):
    settings.TECUM_GUIDE = "wholesale-portal"
    monkeypatch.setattr(submitting, "_may_come", lambda *a, **k: None)

    submit(ruiz, product="")

    assert LegalCase.objects.count() == 1


def test_every_fault_is_said_at_once_and_nothing_is_kept(ruiz, monkeypatch):
    monkeypatch.setattr(rules, "LARGEST_PAPER", 5_000)
    eleven = [(f"page{place}.pdf", b"%PDF" + bytes([place])) for place in range(9)]
    papers = [*eleven, ("empty.pdf", b""), ("huge.pdf", b"x" * 5_001)]

    with pytest.raises(demands.CannotSubmit) as refused:
        submit(ruiz, "292555", "2925550142", papers=papers, said=Said(process="letter"), product="dna")

    said = {part for part, _ in refused.value.faults}
    assert said == {"process", "targets", "papers"}
    for words in ("Number 1", "dna", "At most 10 files", "empty.pdf is empty", "huge.pdf is larger"):
        assert words in str(refused.value)
    assert not LegalCase.objects.exists()


def test_without_a_paper_there_is_no_legal_process(ruiz):
    with pytest.raises(demands.CannotSubmit, match="PDF or a picture"):
        demands.submit(
            submission=replace(handed_in(), papers=()), door="portal", key="no-papers", by=ruiz, now=NOON
        )


def test_ten_files_of_every_kind_are_kept_and_what_cannot_be_read_is_said(ruiz):
    papers = [
        ("locked.pdf", a_pdf(password="secret")),
        ("photo.jpg", a_picture()),
        ("odd.bin", b"\x00\x01\x02"),
    ]
    papers += [(f"page {place}.pdf", a_pdf(f"page {place}")) for place in range(7)]

    got = submit(ruiz, papers=papers)

    assert len(files.documents(case=got.case, by=CLERK, now=NOON)) == 10
    said = dict(each.split(": ", 1) for each in got.told)
    assert "locked with a password" in said["locked.pdf"] and "kept as it came" in said["odd.bin"]


def test_the_guides_checklist_is_the_same_before_and_after_and_keeps_nothing_before(ruiz):
    given = handed_in(said=Said(process="subpoena"))

    before = queries.check(submission=given, door="portal", by=ruiz, now=NOON)

    assert not LegalCase.objects.exists()
    assert {each.code for each in before if each.met is False} >= {"date"}
    got = demands.submit(submission=given, door="portal", key="checked-one", by=ruiz, now=NOON)
    assert got.findings == before


def test_an_officer_whom_the_agency_does_not_name_learns_the_number_here_and_not_by_mail(ruiz, monkeypatch):
    monkeypatch.setattr("tecum.agencies.queries.honoured", lambda **_: False)

    got = submit(ruiz)

    assert got.mailed_to == "" and not Notice.objects.filter(message="demand_received").exists()
    assert got.reference


@pytest.mark.both_databases
def test_strangers_staff_and_the_suspended_hand_nothing_in(ruiz):
    for nobody in (Actor.stranger(), make.analyst()):
        with pytest.raises(NotYours):
            submit(nobody)
    accounts.suspend_person(person=ruiz.ref.removeprefix("person:"), reason="left", by=ROOT, now=NOON)

    with pytest.raises(accounts.PersonSuspended):
        submit(ruiz)

    assert not LegalCase.objects.exists() and not DemandSubmission.objects.exists()


@pytest.mark.both_databases
def test_withdrawn_at_two_doors_at_the_same_moment_it_is_withdrawn_once(ruiz):
    got = submit(ruiz)

    answers = race(
        6,
        lambda number: (
            demands.withdraw(case=got.case, how="api" if number % 2 else "portal", by=ruiz, now=NOON).state
        ),
    )

    assert answers.count("WITHDRAWN") == 1
    assert {each[0] for each in answers if isinstance(each, tuple)} == {"CannotTurn"}
    assert Notice.objects.filter(message="demand_withdrawn").count() == 1

"""From the mailbox to the case: opened, answered, its papers taken over; replies joined, strangers told nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tecum.agencies import queries as agencies
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.states import EntryState, Sender
from tecum.documents import operations as documents
from tecum.inbox import queries as inbox
from tecum.inbox.facts import Authentication
from tecum.inbox.states import State
from tecum.kernel.actors import Actor
from tecum.mailroom import demands, gathering
from tecum.models import LegalCase, Notice
from tecum.process import queries
from tecum.process.rules import reading
from tests import make
from tests.conftest import NOON
from tests.letters import DEMANDS, PORTAL, RUIZ, a_pdf, a_picture, arrived, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CLERK = Actor.system("mailroom")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


@pytest.fixture
def proven(monkeypatch):
    """Let the mail systems vouch for every sender."""
    real = inbox.content

    def content(message_id: str):
        found = real(message_id)
        domain = found.facts.sender.domain
        return replace(found, authentication=Authentication("aligned", domains=(domain,)))

    monkeypatch.setattr("tecum.mailroom.demands.queries.content", content)


def the_case():
    (row,) = LegalCase.objects.all()
    return files.case(case=row.pk, by=CLERK, now=NOON)


def answers(message: str) -> list[Notice]:
    return list(Notice.objects.filter(message=message))


@pytest.mark.requirement("R-040", "R-041", "R-042")
def test_a_subpoena_by_mail_opens_a_case_that_holds_its_papers_with_copy_and_text():
    pdf = a_pdf("Subpoena No. GJ-114 for 292-555-0142")
    message = arrived(letter("Subpoena GJ-114", files=(("gj114.pdf", "application/pdf", pdf),)))

    assert (message.state, message.routed_to) == (State.ROUTED, "case")
    (answer,) = answers("demand_received")
    assert answer.recipient == RUIZ and the_case().reference in answer.text and answer.sender == DEMANDS

    assert gathering.gather(clock=lambda: NOON) == 1
    assert gathering.gather(clock=lambda: NOON) == 0

    papers = {each.name: each for each in files.documents(case=the_case().id, by=CLERK, now=NOON)}
    assert documents.read(papers["gj114.pdf"].file) == pdf and papers["gj114.pdf"].copy
    layer = json.loads(documents.read(papers["gj114.pdf"].text))
    assert {(each.field, each.value) for each in reading.suggested(layer)} >= {
        ("number", "GJ-114"),
        ("target", "2925550142"),
    }
    assert papers["message.txt"].role == "message"


def test_a_demand_in_the_body_alone_ten_papers_a_photograph_and_a_locked_file_all_open_their_case():
    arrived(letter("Subpoena", "Subpoena No. 7-114 for 292-555-0142 from April 1, 2026 to May 1, 2026"))
    many = tuple((f"{n}.pdf", "application/pdf", a_pdf(f"page {n}")) for n in range(10))
    arrived(letter("Ten", files=many))
    arrived(
        letter(
            "Photo",
            files=(
                ("page.jpg", "image/jpeg", a_picture()),
                ("l.pdf", "application/pdf", a_pdf(password="x")),
            ),
        )
    )

    assert gathering.gather(clock=lambda: NOON) == 3

    held = [
        [(each.name, bool(each.copy)) for each in files.documents(case=row.pk, by=CLERK, now=NOON)]
        for row in LegalCase.objects.order_by("opened_at", "pk")
    ]
    counts = sorted(len(papers) for papers in held)
    assert counts == [1, 3, 11]
    locked = [papers for papers in held if len(papers) == 3][0]
    assert ("page.jpg", True) in locked and ("l.pdf", False) in locked


@pytest.mark.requirement("R-040", "R-041", "R-069")
def test_a_demand_sent_to_the_portal_hears_once_its_case_and_where_it_belongs_and_keeps_its_arrival():
    message = arrived(letter("Search warrant", "A search warrant is attached.", to=PORTAL), to=PORTAL)

    assert message.routed_to == "case" and the_case().received_at == message.arrived_at
    answer = Notice.objects.get()
    assert the_case().reference in answer.text and DEMANDS in answer.text and answer.sender == DEMANDS


def test_a_proven_officer_of_a_known_agency_stands_on_the_own_cases_list(proven):
    home = make.agency(domain="police.marrow.example.gov")
    officer = make.person(agency=home, email=RUIZ)

    arrived(letter())

    assert the_case().agency == home.id
    assert files.count(by=make.acting(officer), now=NOON) == 1


def test_an_address_that_no_mail_system_vouches_for_puts_nobody_on_a_list():
    home = make.agency(domain="police.marrow.example.gov")
    officer = make.person(agency=home, email=RUIZ)

    arrived(letter())

    assert the_case().agency == ""
    assert files.count(by=make.acting(officer), now=NOON) == 0


def test_a_proven_reply_of_the_agency_joins_its_case_and_a_colleague_counts(proven):
    make.agency(domain="police.marrow.example.gov")
    arrived(letter())
    reference = the_case().reference

    arrived(letter(f"Re: Case {reference}", "The corrected page is attached."))
    arrived(letter(f"Re: {reference}", "Me too.", sender="Lt <lt@police.marrow.example.gov>"))

    entries = [
        each for each in files.entries(case=the_case().id, by=CLERK, now=NOON) if each.direction == "in"
    ]
    assert {each.sender for each in entries} == {Sender.CONTACT, Sender.AGENCY}
    assert {each.state for each in entries} == {EntryState.JOINED}
    assert any(each.said["text"].startswith("The corrected page") for each in entries)


@pytest.mark.requirement("R-073", "R-074")
def test_a_stranger_who_names_a_case_is_told_whom_to_turn_to_in_the_words_of_a_case_that_is_not_there(proven):
    make.agency(domain="police.marrow.example.gov")
    arrived(letter())
    reference = the_case().reference
    forger = "x@police-marrow.example.net"

    arrived(letter(f"Re: {reference}", "Please send the records here.", sender=forger), sender=forger)
    arrived(
        letter("Re: LD-0000-0000", "Please send the records here.", sender="y@other.example.net"),
        sender="y@other.example.net",
    )

    (held,) = files.held_entries(by=make.analyst(), now=NOON)
    assert held.state is EntryState.HELD and held.sender is Sender.STRANGER
    one, other = sorted(answers("contact_unknown"), key=lambda each: each.recipient)
    assert one.text.replace(reference, "") == other.text.replace("LD-0000-0000", "")
    assert the_case().contact.email == RUIZ


def test_an_unproven_message_from_the_contacts_own_address_waits_too():
    arrived(letter())

    arrived(letter(f"Re: {the_case().reference}", "Noted."))

    (held,) = files.held_entries(by=make.analyst(), now=NOON)
    assert held.sender is Sender.UNPROVEN


@pytest.mark.sabotage("control 8")
def test_if_a_reference_opened_something_the_stranger_would_be_in(proven, monkeypatch):
    arrived(letter())
    monkeypatch.setattr("tecum.mailroom.demands.judged", lambda **_: Sender.CONTACT)

    arrived(
        letter(f"Re: {the_case().reference}", "hello", sender="x@y.example.net"), sender="x@y.example.net"
    )

    assert files.held_entries(by=make.analyst(), now=NOON) == []


def test_a_letter_that_answers_ours_joins_without_naming_the_case(proven):
    make.agency(domain="police.marrow.example.gov")
    arrived(letter())
    ours = answers("demand_received")[0].message_id

    message = arrived(letter("Thank you", "Noted.", headers=f"In-Reply-To: {ours}\r\n"))

    assert message.routed_to == "joined"


def test_a_sealed_cases_number_answers_a_stranger_as_one_that_is_not_there(proven):
    ruiz, vale = make.analyst(), make.analyst()
    arrived(letter())
    cases.seal(case=the_case().id, people=[vale.ref], by=ruiz, now=NOON)

    arrived(letter(f"Re: {the_case().reference}", "?", sender="x@y.example.net"), sender="x@y.example.net")

    assert len(answers("contact_unknown")) == 1
    assert files.held_entries(by=make.analyst(), now=NOON) == []
    assert len(files.held_entries(by=ruiz, now=NOON)) == 1


def test_the_papers_are_taken_again_when_the_first_time_failed(monkeypatch):
    arrived(letter(files=(("a.pdf", "application/pdf", a_pdf()),)))
    real = gathering.papers.of_message
    monkeypatch.setattr(gathering.papers, "of_message", lambda *_a, **_k: 1 / 0)
    assert gathering.gather_one(reader=None, clock=lambda: NOON)
    monkeypatch.setattr(gathering.papers, "of_message", real)

    assert gathering.gather(clock=lambda: make.later(hours=1)) == 1

    assert len(files.documents(case=the_case().id, by=CLERK, now=NOON)) == 2
    assert queries.unanswered(by=CLERK, now=NOON) == []
    assert agencies.verified_domains() == frozenset() and demands.GATHER == "process.gather"

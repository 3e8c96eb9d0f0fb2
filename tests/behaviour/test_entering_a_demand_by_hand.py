"""A demand that came by fax, post or at the counter is entered with its scan, whatever the scan is."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.audit import queries as trail
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import LegalCase
from tecum.process import operations as process
from tecum.process import queries as received
from tecum.process.drivers import papers
from tecum.process.drivers.papers import TooLarge
from tecum.process.operations.by_hand import CannotEnter
from tests import make
from tests.letters import a_pdf, a_picture
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True)]
VANE = Contact(agency_name="Marrow Falls Police", name="Det. Ada Vane", fax="2925550120")
NUMBER = "2925550142"


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


def entered(*brought, by, channel="fax", at=NOON - timedelta(hours=5), **more):
    given = [demands.Brought(name, content) for name, content in brought]
    return demands.enter(
        channel=channel, received_at=at, contact=VANE, brought=given, by=by, now=NOON, **more
    )


@pytest.mark.both_databases
def test_a_fax_counts_from_the_time_it_came_and_waits_until_its_sender_knows_the_number():
    ruiz = make.analyst()
    period = Period(NOON - timedelta(days=20), NOON - timedelta(days=10))

    got = entered(("fax.pdf", a_pdf()), by=ruiz, targets=[Asked(NUMBER, period, "cdr")])

    case = got.received.case
    view = files.case(case=case, by=ruiz, now=NOON)
    assert view.received_at == NOON - timedelta(hours=5) and view.contact.agency_name == VANE.agency_name
    (paper,) = files.documents(case=case, by=ruiz, now=NOON)
    assert paper.name == "fax.pdf" and paper.copy and paper.text
    assert got.told == ()
    assert queries.of_case(case=case, by=ruiz, now=NOON).received == got.received.id
    (waiting,) = received.unanswered(by=ruiz, now=NOON)
    assert waiting.unanswered_why == "it came by fax"

    process.record_answer(received=got.received.id, how="telephone", by=ruiz, now=NOON)

    assert received.unanswered(by=ruiz, now=NOON) == []
    names = [each.event for each in trail.timeline(matter=view.matter, within={view.matter})]
    assert {"process.received", "demand.begun", "process.papers_kept", "process.answered"} <= set(names)


def test_forty_megabytes_a_locked_pdf_a_photograph_and_rubbish_are_kept_and_each_is_said():
    ruiz = make.analyst()
    heavy = b"%PDF-1.7\n" + bytes(40 << 20)

    got = entered(
        ("heavy.pdf", heavy), ("locked.pdf", a_pdf(password="secret")), ("photo.jpg", a_picture()),
        ("odd.bin", b"\x00\x01\x02"), by=ruiz,
    )  # fmt: skip

    kept = files.documents(case=got.received.case, by=ruiz, now=NOON)
    assert {each.name for each in kept} == {"heavy.pdf", "locked.pdf", "photo.jpg", "odd.bin"}
    heard = dict(each.split(": ", 1) for each in got.told)
    assert "larger than 25 MB" in heard["heavy.pdf"]
    assert "password" in heard["locked.pdf"]
    assert "no text" in heard["photo.jpg"]
    assert "kept as it came" in heard["odd.bin"]
    assert next(each for each in kept if each.name == "photo.jpg").copy


def test_a_paper_beyond_all_measure_is_refused_before_a_case_is_opened(monkeypatch):
    monkeypatch.setattr("tecum.process.operations.by_hand.HEAVIEST", 10)

    with pytest.raises(TooLarge, match="80 MB"):
        entered(("huge.pdf", b"x" * 11), by=make.analyst())

    assert not LegalCase.objects.exists()


def test_a_time_that_has_not_come_and_a_channel_that_is_none_are_refused():
    ruiz = make.analyst()

    with pytest.raises(CannotEnter, match="not come yet"):
        entered(by=ruiz, at=NOON + timedelta(minutes=1))
    with pytest.raises(CannotEnter, match="by fax, by post"):
        entered(by=ruiz, channel="pigeon")

    assert not LegalCase.objects.exists()


def test_a_scan_that_kills_the_reader_loses_neither_the_demand_nor_the_paper(monkeypatch):
    ruiz = make.analyst()

    def dies(*_a, **_k):
        raise papers.Unreadable("died")

    monkeypatch.setattr("tecum.inbox.drivers.reader.Reader._ask", dies)
    got = entered(("evil.pdf", b"%PDF-evil"), by=ruiz)

    (paper,) = files.documents(case=got.received.case, by=ruiz, now=NOON)
    assert paper.name == "evil.pdf" and not paper.copy and got.told


def test_a_paper_is_added_later_with_its_own_time_and_not_to_a_case_of_others():
    ruiz = make.analyst()
    case = entered(by=ruiz).received.case
    later = NOON + timedelta(hours=2)

    demands.add_papers(case=case, brought=[demands.Brought("page2.pdf", a_pdf())], by=ruiz, now=later)

    (paper,) = files.documents(case=case, by=ruiz, now=later)
    assert paper.received_at == later
    with pytest.raises(NotYours):
        demands.add_papers(
            case=case,
            brought=[demands.Brought("x.pdf", a_pdf())],
            by=make.acting(make.officer()),
            now=later,
        )
    with pytest.raises(CannotEnter, match="Choose a file"):
        demands.add_papers(case=case, brought=[], by=ruiz, now=later)

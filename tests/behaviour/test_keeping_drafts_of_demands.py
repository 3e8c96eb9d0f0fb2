"""What an officer typed and has not handed in is kept, sealed, for them alone, and goes after the guide's time."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought
from tecum.kernel.actors import Actor
from tecum.kernel.ids import unguessable
from tecum.kernel.refusals import NotYours
from tecum.models import DemandDraft, DraftPaper, LegalCase, StoredFile
from tests import make
from tests.doorways import handed_in
from tests.letters import a_pdf
from tests.make import NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("doors_open"),
]
SAID = {"process": ["subpoena"], "numbers": ["2925550142\n29255"], "products": ["cdr", "customer"]}
FORTNIGHT = NOON + timedelta(days=14)


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@pytest.fixture
def ruiz():
    return make.acting(make.officer("Ana Ruiz"))


def saved(by, *, id="", papers=(), now=NOON, **more):
    given = [Brought(name, content) for name, content in papers]
    return demands.save_draft(id=id or unguessable(), said=SAID, papers=given, by=by, now=now, **more)


def test_a_draft_holds_what_was_typed_right_or_wrong_and_its_files_until_one_is_taken_out(ruiz):
    made = saved(ruiz, papers=[("one.pdf", a_pdf()), ("two.pdf", b"%PDF two")])

    mine = queries.draft(id=made.id, by=ruiz, now=NOON)
    assert mine.said == SAID and [each.name for each in mine.papers] == ["one.pdf", "two.pdf"]
    assert mine.until == FORTNIGHT
    again = saved(ruiz, id=made.id, without=[mine.papers[0].id], now=NOON + timedelta(hours=1))
    assert [each.name for each in again.papers] == ["two.pdf"] and DemandDraft.objects.count() == 1
    assert StoredFile.objects.filter(purpose="draft", removed_at=None).count() == 1


def test_nothing_of_a_draft_lies_readable_in_the_database(ruiz):
    made = saved(ruiz, papers=[("2925550142.pdf", b"%PDF secret")])

    row, paper = DemandDraft.objects.get(pk=made.id), DraftPaper.objects.get()
    assert b"2925550142" not in bytes(row.said) and b"2925550142" not in bytes(paper.name)


def test_a_colleague_another_agency_and_staff_see_no_draft_and_change_none(ruiz):
    made = saved(ruiz)
    other = make.acting(make.officer())

    for act in (
        lambda: queries.draft(id=made.id, by=other, now=NOON),
        lambda: saved(other, id=made.id),
        lambda: demands.drop_draft(id=made.id, by=other, now=NOON),
        lambda: queries.drafts(by=make.analyst(), now=NOON),
        lambda: saved(ruiz, id="not-an-id"),
    ):
        with pytest.raises(NotYours):
            act()
    assert (
        queries.drafts(by=other, now=NOON) == [] and queries.draft(id=made.id, by=ruiz, now=NOON).said == SAID
    )


def test_a_draft_that_is_handed_in_gives_its_files_to_the_case_and_goes(ruiz):
    made = saved(ruiz, papers=[("one.pdf", a_pdf())])

    got = demands.submit_draft(
        id=made.id, submission=handed_in(papers=[("two.pdf", a_pdf("second"))]), by=ruiz, now=NOON
    )

    papers = files.documents(case=got.case, by=Actor.system("tests"), now=NOON)
    assert sorted(each.name for each in papers) == ["one.pdf", "two.pdf"]
    assert (
        not DemandDraft.objects.exists()
        and not StoredFile.objects.filter(purpose="draft", removed_at=None).exists()
    )


def test_a_refused_submission_leaves_the_draft_as_it_was(ruiz, settings):
    made = saved(ruiz, papers=[("one.pdf", a_pdf())])
    settings.TECUM_GUIDE = "wholesale-portal"

    with pytest.raises(demands.DoorShut):
        demands.submit_draft(id=made.id, submission=handed_in(product=""), by=ruiz, now=NOON)

    assert DemandDraft.objects.count() == 1 and not LegalCase.objects.exists()


def test_a_draft_goes_with_its_files_when_its_time_is_over_and_not_before(ruiz):
    made = saved(ruiz, papers=[("one.pdf", a_pdf())])
    clockwork = Actor.system("jobs")

    early = demands.draft_over(draft=made.id, by=clockwork, now=FORTNIGHT - timedelta(seconds=1))
    late = demands.draft_over(draft=made.id, by=clockwork, now=FORTNIGHT)

    assert (early, late) == (False, True)
    assert not DemandDraft.objects.exists() and not DraftPaper.objects.exists()
    assert not demands.draft_over(draft=made.id, by=clockwork, now=FORTNIGHT)


def test_an_empty_file_an_eleventh_one_and_a_twenty_first_draft_are_refused_with_a_sentence(
    ruiz, monkeypatch
):
    with pytest.raises(demands.CannotKeep, match="empty"):
        saved(ruiz, papers=[("none.pdf", b"")])
    with pytest.raises(demands.CannotKeep, match="At most 10"):
        saved(ruiz, papers=[(f"{place}.pdf", b"%PDF") for place in range(11)])
    monkeypatch.setattr("tecum.demands.operations.drafts.MOST", 1)
    saved(ruiz)
    with pytest.raises(demands.TooManyDrafts):
        saved(ruiz)
    assert DemandDraft.objects.count() == 1

"""From the desk to the officer in a real browser: released by two people, handed over, fetched, and found good."""

import zipfile
from datetime import timedelta

import pytest

from tecum.agencies import operations as agencies
from tecum.models import Download, Notice, Production
from tecum.production import operations as productions
from tecum.production.rules.views import Receivers
from tecum.secrecy import operations as secrecy
from tecum_verify import production as verifier
from tests import make
from tests.make import NOON, acting
from tests.productions import case, package, signing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]


@pytest.fixture(autouse=True)
def noon(freeze):
    freeze(NOON)


def person_of(actor):
    return make.again_by_ref(actor.ref)


def test_two_people_at_the_desk_release_it_and_the_officer_fetches_it(visitors, tmp_path):
    found = case(rows=5)
    id = found.made()
    ada, bo, dana = visitors(), visitors(), visitors()

    ada.sign_in(person_of(found.preparer)).go("/desk/productions/")
    ada.check("desk-productions")
    ada.page.get_by_role("link", name="PR-").first.click()
    ada.check("desk-production-made")
    ada.page.get_by_role("link", name="Propose the release").click()
    ada.page.get_by_text("Dana Ruiz,").click()
    ada.check("desk-production-propose")
    ada.page.get_by_role("button", name="Propose the release").click()

    bo.sign_in(person_of(found.approver)).go(f"/desk/productions/{id}/")
    bo.page.get_by_role("link", name="Look at it and release").click()
    bo.check("desk-production-release")
    bo.page.get_by_role("button", name="Release it").click()
    bo.page.get_by_role("link", name="Hand over to an account").click()
    bo.check("desk-production-hand-over")
    bo.page.get_by_role("button", name="Hand it over").click()
    bo.check("desk-production-handed")

    dana.sign_in(person_of(found.officer)).go("/answers/")
    dana.check("answers-mine")
    dana.page.get_by_role("link", name="PR-").click()
    dana.check("answer-mine", printed=True)
    with dana.page.expect_download() as coming:
        dana.page.get_by_role("button", name="Fetch PR-").click()
    coming.value.save_as(tmp_path / "answer.zip")

    assert (tmp_path / "answer.zip").read_bytes() == package(id)
    assert verifier.main([str(tmp_path / "answer.zip")]) == 0
    assert zipfile.is_zipfile(tmp_path / "answer.zip")
    assert Download.objects.get().by == found.officer.ref
    assert Production.objects.get(pk=id).state == "FETCHED"


def test_the_address_on_file_gets_it_with_the_code_that_was_read_out(visitors, tmp_path):
    found = case()
    ago = NOON - timedelta(days=10)
    one, two = make.person(roles=["portal_administrator"]), make.person(roles=["portal_administrator"])
    entry = agencies.propose_call_back_number(
        agency=found.agency.id, number="2925550170", label="Dispatch", source="the county's page",
        by=acting(one, stepped_up_at=ago), now=ago,
    )  # fmt: skip
    agencies.confirm_call_back_number(entry=entry.id, by=acting(two, stepped_up_at=ago), now=ago)
    id = found.released(receivers=Receivers((), found.facts.address))
    ada, stranger = visitors(), visitors()

    ada.sign_in(person_of(found.preparer)).go(f"/desk/productions/{id}/link/")
    ada.page.get_by_label("Number of the agency").select_option(index=0)
    ada.check("desk-production-link")
    ada.page.get_by_role("button", name="Send the link").click()
    ada.check("desk-production-code")
    code = ada.page.locator("dd.big").inner_text()
    notice = Notice.objects.get(message="production_link")
    text = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()
    token = text.partition("/answer/")[2].partition("/")[0]

    stranger.go(f"/answer/{token}/")
    stranger.check("answer-by-code")
    stranger.page.get_by_label("Code").fill("AAAAA-AAAAA")
    stranger.page.get_by_role("button", name="Fetch the answer").click()
    stranger.check("answer-by-code-wrong")
    stranger.page.get_by_label("Code").fill(code)
    with stranger.page.expect_download() as coming:
        stranger.page.get_by_role("button", name="Fetch the answer").click()
    coming.value.save_as(tmp_path / "answer.zip")

    assert (tmp_path / "answer.zip").read_bytes() == package(id)
    stranger.go(f"/answer/{token}/", status=410)
    stranger.check("answer-link-over")


def test_every_door_is_closed_to_what_was_not_released(visitors):
    found = case()
    id = found.made()
    dana = visitors().sign_in(person_of(found.officer))
    ada = visitors().sign_in(person_of(found.preparer))

    for path in (f"/answers/{id}/", f"/desk/productions/{id}/", f"/desk/productions/{id}/hand-over/"):
        dana.go(path, status=404)
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    ada.go(f"/desk/productions/{id}/release/{proposal.id}/")
    ada.page.get_by_role("button", name="Release it").click()
    ada.check("desk-production-not-alone")
    visitors().go(f"/answer/{id}/", status=410)

    assert Production.objects.get(pk=id).state == "MADE"

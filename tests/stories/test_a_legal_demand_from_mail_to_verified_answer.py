"""
A legal demand to the wholesale carrier (source 1), from the officer's mailbox to the verified answer.

A real Postfix, a real Dovecot, our own commands as they run in a house, and every act of the desk and of the officer in a
real browser: the mail with the subpoena, the answer with the case's number, the deficiency letter, the corrected paper by
reply, the scope of two people, the search, the package, its release by two, the second factor, and the verifier.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tecum.config import clock
from tecum.demands.states import DemandState, SearchState
from tecum.kernel import words as spoken
from tecum.models import CaseDocument, CaseEntry, Demand, DemandScope, DemandSearch, LegalCase, Production
from tecum.policy import queries as policy
from tests import mailservers, make, people
from tests.letters import DEMANDS, RUIZ, letter, paper_of
from tests.mailservers import until
from tests.productions import signing  # noqa: F401
from tests.stories.fetching import fetched_and_verified
from tests.stories.test_the_whole_story_through_real_servers import AGENCY, PEOPLE, House, words

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("signing"),
]
NUMBER = "2925550142"
BORDER = "mx.carrier.example"
VOUCHED = (
    f"Authentication-Results: {BORDER}; spf=pass smtp.mailfrom={AGENCY}; dkim=pass header.d={AGENCY}\r\n"
)


@pytest.fixture
def house(tmp_path: Path, settings, live_server, signing, inventory) -> Iterator[House]:  # noqa: F811
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"
    settings.PUBLIC_ADDRESS = live_server.url.replace("127.0.0.1", "localhost")
    believed = {"TECUM_MAIL_AUTHSERV_ID": BORDER, "TECUM_SIGNING_FILE": str(signing)}
    store = Path(tempfile.mkdtemp(prefix="tecum-mailboxes-"))
    store.chmod(0o777)
    try:
        with (
            mailservers.listening(**believed) as (lmtp, _),
            mailservers.dovecot(store) as imap,
            mailservers.postfix(lmtp, agency=AGENCY, people=PEOPLE, store=store) as smtp,
            mailservers.command("jobs", "run", TECUM_SMTP=f"smtp://127.0.0.1:{smtp}", **believed),
        ):
            yield House(smtp, imap)
    finally:
        shutil.rmtree(store, ignore_errors=True)


def paper(now, *more: str) -> bytes:
    day = spoken.day((now - timedelta(days=3)).date())
    return paper_of(
        "CIRCUIT COURT OF MARROW COUNTY",
        "GRAND JURY SUBPOENA No. GJ-26-0114",
        f"To: {policy.at(now).carrier.name}",
        "YOU ARE COMMANDED to say who the wholesale customer of the telephone number",
        "(292) 555-0142 was",
        *more,
        f"Dated: {day}",
        "[signature] A. Fairlamb, Prosecuting Attorney",
    )


@pytest.mark.requirement("R-040", "R-041", "R-042")
def test_from_the_subpoena_in_the_mail_to_the_answer_that_a_court_can_verify(
    house, visitors, numbers, settings, tmp_path
):
    now = clock.now()
    home = make.agency("Marrow Police", domain=AGENCY, now=now)
    people.enrolled(make.person("Marisol Ruiz", agency=home, email=RUIZ, job_role="investigator", now=now))
    ana, bela = (
        make.person(name, roles=["subpoena_analyst"], now=now) for name in ("Ana Lysander", "Bela Okafor")
    )
    make.customer("C-XYZ", name="XYZ Voice LLC", now=now)
    numbers({NUMBER: ("C-XYZ", date(2022, 6, 1))}, now=now)
    first, last = ((now - timedelta(days=days)).date() for days in (90, 60))

    # It arrives by mail, and the officer knows its number within seconds.
    file = ("gj-114.pdf", "application/pdf", paper(now))
    house.hand_in(
        letter("Subpoena GJ-26-0114", sender=f"Det. Ruiz <{RUIZ}>", files=(file,), headers=VOUCHED),
        sender=RUIZ,
        to=(DEMANDS,),
    )
    (answer,) = house.waits_for(RUIZ)
    row = LegalCase.objects.get()
    assert row.reference in words(answer) and answer["Auto-Submitted"] == "auto-replied"
    assert until(lambda: CaseDocument.objects.filter(case=row).count() == 2, 90)

    # The desk reads it: the interval is missing, and the officer is told what to mend.
    desk = visitors().sign_in(ana)
    page = desk.page
    desk.go("/demands/")
    page.click(f"text={row.reference}")
    page.click("text=Take this demand")
    page.click("button:has-text('Take it')")
    page.click("text=Send a deficiency letter")
    page.fill("#id_note", "The subpoena names no interval of time.")
    page.click("button:has-text('Send the letter')")
    _, told = house.waits_for(RUIZ, 2)
    assert "names no interval of time" in words(told) and row.reference in words(told)
    assert Demand.objects.get().state == DemandState.DEFICIENT

    # The officer answers that letter with the corrected paper; it joins the case by itself.
    span = f"for the period from {spoken.day(first)} through {spoken.day(last)}."
    mended = letter(
        f"Re: {told['Subject']}", "The corrected subpoena is attached.", sender=f"Det. Ruiz <{RUIZ}>",
        files=(("gj-114-corrected.pdf", "application/pdf", paper(now, span)),),
        headers=f"{VOUCHED}In-Reply-To: {told['Message-ID']}\r\nReferences: {told['Message-ID']}\r\n",
    )  # fmt: skip
    house.hand_in(mended, sender=RUIZ, to=(DEMANDS,))
    assert until(lambda: CaseEntry.objects.filter(case=row, state="JOINED", direction="in").exists(), 60)

    # Review goes on: confirmed by a person, found sound, decided; one proposes the scope, another approves it.
    desk.go(f"/demands/{row.pk}/go-on/")
    page.click("button:has-text('Go on')")
    desk.go(f"/demands/{row.pk}/confirm/")
    page.select_option("#id_process", "subpoena")
    page.select_option("#id_signed", "yes")
    page.fill("#id_signed_by", "prosecutor")
    page.fill("#id_entity", policy.at(now).carrier.name)
    page.fill("#id_country", "US")
    page.select_option("#id_product", "wholesale_customer")
    page.fill("#id_numbers", NUMBER)
    page.fill("#id_since", f"{first:%Y-%m-%d}")
    page.fill("#id_through", f"{last:%Y-%m-%d}")
    page.fill("#id_clause", "the first paragraph, as corrected")
    page.click("button:has-text('Confirm')")
    page.click("text=Find the process sound")
    page.fill("#id_despite", "Read against the corrected paper.")
    page.click("button:has-text('Find it sound')")
    if page.locator("a strong:has-text('Decide')").count():
        page.click("a:has-text('Decide')")
        page.click("label[for=id_holders_0]")
        page.fill("#id_reason", "The only customer of that time.")
        page.click("button:has-text('Decide so')")
    page.click("text=Propose the scope")
    page.click("button:has-text('Propose exactly this')")
    second = visitors().sign_in(bela)
    second.go(f"/demands/{row.pk}/")
    second.page.click("text=Look at the proposed scope and approve it")
    second.page.click("button:has-text('Approve exactly this')")
    assert DemandScope.objects.get().approved_by == bela.ref

    # The search runs by itself and becomes a production, which the desk looks at before two people let it go.
    desk.go(f"/desk/cases/{row.pk}/search/")
    page.click("button:has-text('Search and prepare the production')")
    assert until(lambda: DemandSearch.objects.get().state in {SearchState.DONE, SearchState.STOPPED}, 90)
    assert until(lambda: Production.objects.filter(state="MADE").exists(), 90)
    desk.go(f"/desk/cases/{row.pk}/search/")
    page.click("text=See what was found")
    assert "XYZ Voice LLC" in page.inner_text("main")
    page.click("text=Go to the production")
    page.click("text=Propose the release")
    page.get_by_text("Marisol Ruiz,").click()
    page.click("button:has-text('Propose the release')")
    made = Production.objects.get()
    second.go(f"/desk/productions/{made.pk}/")
    second.page.click("text=Look at it and release")
    second.page.click("button:has-text('Release it')")
    second.page.click("text=Hand over to an account")
    second.page.click("button:has-text('Hand it over')")
    assert until(lambda: Demand.objects.get().state == DemandState.PRODUCED, 60)

    # The officer is told by mail, signs in with password and second factor, fetches it; anybody checks it without the carrier.
    later = house.waits_for(RUIZ, 3)[2:]
    assert any(row.reference in words(one) for one in later)
    assert not any(NUMBER in words(one) or "XYZ Voice" in words(one) for one in later), (
        "no mail says what was found"
    )
    text = fetched_and_verified(visitors, email=RUIZ, reference=row.reference, folder=tmp_path)
    assert "XYZ Voice LLC" in text

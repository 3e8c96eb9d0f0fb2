"""
A subpoena to the wireless carrier (source 2), every act of it in a real browser: the fax that lacks the words for the fraud
system, the letter that gives them, the corrected fax, the fee that the officer accepts, the scope and the release of two
people, and the package that the officer fetches and anybody can verify. This guide has no mailbox: what it writes goes by hand.
"""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tecum.config import clock
from tecum.demands.states import DemandState
from tecum.jobs import long, worker
from tecum.jobs.table import TABLE
from tecum.kernel import words as spoken
from tecum.models import CaseEntry, Demand, DemandScope, DemandSearch, LegalCase, Notice, Production
from tecum.records import operations as records
from tecum.records.drivers import choice
from tests import make, people
from tests.letters import paper_of
from tests.productions import signing  # noqa: F401
from tests.records import LOADER
from tests.stories.fetching import fetched_and_verified
from tests.stories.test_a_fraud_report_and_calls_to_a_destination import FRAUD_HEADER, PHRASE

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("signing"),
]
TARGET, FRIEND, STRANGER = "2925550142", "3925550101", "4935550177"
RUIZ = "ruiz@police.marrow.example.gov"


@pytest.fixture(autouse=True)
def carrier(settings, tmp_path):
    settings.DATA = tmp_path
    settings.MEDIA_ROOT, settings.TECUM_EPOCH_KEYS = tmp_path / "files", str(tmp_path / "keys")
    settings.TECUM_RECORDS, settings.TECUM_RECORDS_MEMORY = str(tmp_path / "records"), "500MB"
    settings.TECUM_GUIDE = "wireless-2003"
    yield tmp_path
    choice.engine().close()
    choice._engine.cache_clear()


def heard(folder, now):
    """Let the fraud system have heard calls of the target and of a stranger, some of them outside the interval; return the target's inside."""
    lines, inside = [], []
    for n in range(40):
        at = (now - timedelta(days=26) + timedelta(hours=14 * n)).replace(microsecond=0)
        ours_, end = (TARGET if n % 3 else STRANGER), at + timedelta(seconds=40)
        lines.append(
            f"{n:05}|{ours_}|{FRIEND}|O|{FRIEND}|{at:%Y%m%d%H%M%S}|{end:%Y%m%d%H%M%S}|40|INT|M07|C1|C1|||"
        )
        if ours_ == TARGET:
            inside.append((at, f"M07-{n:05}"))
    (folder / "FB_1.csv").write_text("\n".join([FRAUD_HEADER, *lines, f"TRL|{len(lines)}"]) + "\n")
    assert records.load(folder / "FB_1.csv", by=LOADER, now=now).rows == len(lines)
    return inside


def fax(now, *more):
    day = spoken.day((now - timedelta(days=3)).date())
    return paper_of(
        "CIRCUIT COURT OF MARROW COUNTY", "GRAND JURY SUBPOENA No. GJ-26-0114", "To: Nextel Communications",
        "YOU ARE COMMANDED to produce the records of the telephone number (292) 555-0142.", *more, f"Dated: {day}",
        "[signature] A. Fairlamb, Prosecuting Attorney",
    )  # fmt: skip


def pdf(name, content):
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def did(visitor, button, then):
    """Hand a form in, and wait for words that were not on the page before."""
    visitor.page.get_by_role("button", name=button, exact=True).click()
    visitor.page.get_by_text(then).first.wait_for()


@pytest.mark.requirement("R-104", "R-105", "R-110")
def test_from_the_fax_that_lacks_the_words_to_the_package_that_anybody_can_verify(
    visitors, carrier, tmp_path
):
    now = clock.now()
    inside = heard(tmp_path, now)
    home = make.agency("Marrow Police", domain="police.marrow.example.gov", now=now)
    people.enrolled(make.person("Marisol Ruiz", agency=home, email=RUIZ, job_role="investigator", now=now))
    ana, bela = (
        make.person(name, roles=["subpoena_analyst"], now=now) for name in ("Ana Lysander", "Bela Okafor")
    )
    first, last = ((now - timedelta(days=days)).date() for days in (20, 8))

    # The fax is entered at the counter, and the sender is told the number by fax.
    desk = visitors().sign_in(ana)
    page = desk.page
    desk.go("/demands/enter/")
    page.fill("#id_q", "marrow")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("link", name=home.name).click()
    page.locator("#id_clock").wait_for()
    page.fill("#id_day", f"{now - timedelta(days=1):%Y-%m-%d}")
    page.fill("#id_clock", "09:15")
    page.fill("#id_fax", "(292) 555-0120")
    page.set_input_files("#id_papers", [pdf("fax.pdf", fax(now))])
    did(desk, "Enter the demand", "They know the number")
    case = LegalCase.objects.get()
    page.locator("label[for=id_how_1]").click()
    did(desk, "They know the number", "Written down.")

    # The checklist finds that the words for the fraud system and the interval are missing; the letter gives them to copy.
    desk.go(f"/demands/{case.pk}/take/")
    did(desk, "Take it", "Confirm what it says")
    confirm(desk, case, first, last)
    page.get_by_text("What the rules say").wait_for()
    assert "Not met" in page.inner_text("main")
    desk.go(f"/demands/{case.pk}/deficient/")
    assert "by hand: print it from the case" in page.inner_text("main")
    page.fill("#id_note", "The subpoena does not ask for the Fraudbuster records by name.")
    did(desk, "Send the letter", "the clock stands still")
    assert Demand.objects.get().state == DemandState.DEFICIENT
    letter = CaseEntry.objects.get(case=case, direction="out", channel="post")
    assert letter and not Notice.objects.exists(), "this carrier has no mailbox: nothing leaves by itself"
    assert "Fraudbuster" in page.inner_text("main")

    # The corrected fax; review goes on, and now everything is met.
    desk.go(f"/demands/{case.pk}/paper/")
    page.set_input_files("#id_papers", [pdf("corrected.pdf", fax(now, f"This is a {PHRASE}."))])
    did(desk, "Add it", "Kept with the case.")
    desk.go(f"/demands/{case.pk}/go-on/")
    did(desk, "Go on", "Find the process sound")
    confirm(desk, case, None, None)
    desk.go(f"/demands/{case.pk}/accept/")
    page.fill("#id_despite", "Read against the corrected fax.")
    did(desk, "Find it sound", "Propose the scope")
    if page.get_by_role("link", name="Decide", exact=True).count():
        page.get_by_role("link", name="Decide", exact=True).click()
        page.locator("label[for=id_holders_0]").click()
        page.fill("#id_reason", "On the bill throughout.")
        did(desk, "Decide so", "Decided.")

    # The fee stands before the work: the desk cannot go on until somebody of the agency accepts it.
    desk.go(f"/demands/{case.pk}/scope/")
    page.get_by_role("button", name="Propose exactly this").click()
    page.get_by_text("This waits for").first.wait_for()
    desk.go(f"/demands/{case.pk}/")
    page.get_by_role("link", name="Write down its answer").click()
    page.get_by_text("accepts the fee").click()
    page.get_by_label("Who said so").fill("292-555-0120")
    page.get_by_label("What was said").fill("Det. Ruiz accepts the fee of $50.")
    did(desk, "Write it down", "Written down.")

    # One proposes the scope, another approves exactly that; the search runs, and becomes a package.
    desk.go(f"/demands/{case.pk}/scope/")
    did(desk, "Propose exactly this", "another person approves it")
    second = visitors().sign_in(bela)
    second.go(f"/demands/{case.pk}/")
    second.page.get_by_role("link", name="Look at the proposed scope and approve it").click()
    did(second, "Approve exactly this", "The scope is in force.")
    assert DemandScope.objects.get().approved_by == bela.ref
    desk.go(f"/desk/cases/{case.pk}/search/")
    page.get_by_role("button", name="Search and prepare the production").click()
    page.get_by_text(re.compile("waits|under way|asked", re.I)).first.wait_for()
    assert long.search_all(clock.now) == 1 and DemandSearch.objects.get().state == "DONE"
    assert long.make_all(clock.now) == 1
    made = Production.objects.get()

    # Two people let it go to the officer's account.
    desk.go(f"/desk/productions/{made.pk}/")
    page.get_by_role("link", name="Propose the release").click()
    page.get_by_text("Marisol Ruiz,").click()
    did(desk, "Propose the release", "waits for a second person")
    second.go(f"/desk/productions/{made.pk}/")
    second.page.get_by_role("link", name="Look at it and release").click()
    did(second, "Release it", "Hand over to an account")
    second.page.get_by_role("link", name="Hand over to an account").click()
    second.page.get_by_role("button", name="Hand it over").click()
    second.page.get_by_text("It is handed over.").first.wait_for()
    worker.run_all(TABLE, lane="ordinary", clock=clock.now)
    assert Demand.objects.get().state == DemandState.PRODUCED

    # The officer signs in with password and code, and fetches it; whoever holds the file checks it without the carrier.
    text = fetched_and_verified(visitors, email=RUIZ, folder=tmp_path)
    expected = {id for at, id in inside if first <= local(at) <= last}
    assert expected and all(id in text for id in expected) and STRANGER not in text
    assert not any(id in text for at, id in inside if not first <= local(at) <= last)
    assert "not a transactional record" in text, "what the report does not warrant stands in it (R-104)"


def local(at):
    return at.astimezone(ZoneInfo("America/New_York")).date()


def confirm(desk, case, first, last):
    """Confirm what the paper says; its targets the first time only."""
    page = desk.page
    desk.go(f"/demands/{case.pk}/confirm/")
    page.select_option("#id_process", "subpoena")
    page.select_option("#id_signed", "yes")
    page.fill("#id_signed_by", "prosecutor")
    page.fill("#id_entity", "Nextel Communications")
    page.fill("#id_country", "US")
    if first is not None:
        page.select_option("#id_product", "fraudbuster")
        page.fill("#id_numbers", TARGET)
        page.fill("#id_since", f"{first:%Y-%m-%d}")
        page.fill("#id_through", f"{last:%Y-%m-%d}")
        page.fill("#id_clause", "the first paragraph")
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Confirmed by a person").wait_for()

"""The response desk in a real browser: the queue, the board, a demand from its paper to its approved scope, each act."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.config import clock
from tecum.demands.states import DemandState
from tecum.kernel import words
from tecum.mailroom import gathering
from tecum.models import Demand, DemandScope, LegalCase
from tecum.policy import queries as policy
from tests import make
from tests.letters import arrived, letter, paper_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "example"


def subpoena(now) -> bytes:
    zone = policy.at(now).carrier.zone.tz
    first, last = (words.day((now - timedelta(days=days)).astimezone(zone).date()) for days in (90, 60))
    return paper_of(
        "CIRCUIT COURT OF MARROW COUNTY",
        "GRAND JURY SUBPOENA No. GJ-26-0114",
        "To: Meadowlark Wholesale Telephone Company",
        "YOU ARE COMMANDED to produce call detail records for the telephone number",
        "(292) 555-0142",
        f"for the period from {first} through {last}.",
        "You shall not disclose the existence of this subpoena.",
        f"Dated: {words.day((now - timedelta(days=3)).astimezone(zone).date())}",
        "[signature] A. Fairlamb, Prosecuting Attorney",
    )


def demand_by_mail(now) -> LegalCase:
    raw = letter(
        "Subpoena GJ-26-0114",
        to="demands@meadowlark.example",
        files=(("gj-114.pdf", "application/pdf", subpoena(now)),),
    )
    arrived(raw, to="demands@meadowlark.example", now=now)
    gathering.gather(clock=lambda: now)
    return LegalCase.objects.get()


def test_an_analyst_takes_reads_confirms_decides_and_proposes_and_another_approves(visitor):
    now = clock.now()
    row = demand_by_mail(now)
    first = make.person("Ana Lysander", roles=["subpoena_analyst"], now=now)
    second = make.person("Bela Okafor", roles=["subpoena_analyst"], now=now)
    desk = visitor.sign_in(first)
    page = desk.page

    desk.go("/demands/")
    desk.check("response-queue")
    page.click(f"text={row.reference}")
    desk.check("response-demand-new")
    page.click("text=Take this demand")
    desk.check("response-take")
    page.click("button:has-text('Take it')")
    page.click("text=Confirm what it says")
    desk.check("response-confirm")
    assert page.input_value("#id_number") == "GJ-26-0114"
    assert "(292) 555-0142" in page.input_value("#id_numbers")
    page.select_option("#id_process", "subpoena")
    page.select_option("#id_signed", "yes")
    page.fill("#id_signed_by", "prosecutor")
    page.fill("#id_entity", "Meadowlark Wholesale Telephone Company")
    page.select_option("#id_product", "cdr")
    page.fill("#id_clause", "the demand's first paragraph")
    page.click("button:has-text('Confirm')")
    desk.check("response-demand-confirmed")
    page.click("text=Hold the records")
    desk.check("response-hold")
    page.fill("#id_reason", "Called the desk back.")
    page.click("button:has-text('Hold them')")
    page.click("text=Find the process sound")
    desk.check("response-accept")
    page.fill("#id_despite", "Read against the paper.")
    page.click("button:has-text('Find it sound')")
    page.click("a:has-text('Decide')")
    desk.check("response-choose")
    page.click("label[for=id_holders_0]")
    page.fill("#id_reason", "Seen on the bill.")
    page.click("button:has-text('Decide so')")
    page.click("text=Propose the scope")
    desk.check("response-scope")
    page.click("button:has-text('Propose exactly this')")
    desk.check("response-demand-proposed")
    visitor.sign_in(second)
    desk.go(f"/demands/{row.pk}/")
    page.click("text=Look at the proposed scope and approve it")
    desk.check("response-approve")
    page.click("button:has-text('Approve exactly this')")
    desk.check("response-demand-scoped")

    assert Demand.objects.get(case=row).state == DemandState.SCOPED
    assert DemandScope.objects.get().approved_by == second.ref


def test_the_board_the_letters_and_the_other_acts_are_clean(visitor):
    now = clock.now()
    row = demand_by_mail(now)
    desk = visitor.sign_in(make.person("Ana Lysander", roles=["subpoena_analyst"], now=now))
    page = desk.page

    desk.go("/demands/next-72-hours/")
    desk.check("response-board")
    desk.go(f"/demands/{row.pk}/take/")
    page.click("button:has-text('Take it')")
    for act in ("deficient", "object", "refuse", "route", "withdraw", "gag", "preserve", "tell"):
        desk.go(f"/demands/{row.pk}/{act}/")
        desk.check(f"response-{act}")
    desk.go(f"/demands/{row.pk}/gag/")
    page.click("button:has-text('Write it down')")
    desk.check("response-demand-gagged")
    desk.go(f"/demands/{row.pk}/withdraw/")
    page.click("button:has-text('Withdraw')")
    page.click("text=Take the withdrawal back")
    page.click("button:has-text('Take it back')")

    assert Demand.objects.get(case=row).state == DemandState.IN_REVIEW

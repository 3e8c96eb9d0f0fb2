"""The page of a case in a real browser: looked at, clean, and its acts done."""

from datetime import timedelta
from pathlib import Path

import pytest

from tecum.cases import operations as cases
from tecum.cases import queries
from tecum.cases.facts import Asked
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.mailroom import gathering
from tecum.models import LegalCase
from tests import make
from tests.letters import a_pdf, arrived, letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "wholesale-portal"


def test_an_analyst_finds_a_demand_reads_it_and_writes_a_note(visitor):
    now, system = clock.now(), Actor.system("tests")
    arrived(letter("Subpoena", files=(("gj-114.pdf", "application/pdf", a_pdf()),)), now=now)
    gathering.gather(clock=lambda: now)
    row = LegalCase.objects.get()
    april = Period(now - timedelta(days=90), now - timedelta(days=60))
    cases.add_target(case=row.pk, asked=Asked("2925550142", april, "cdr"), by=system, now=now)
    cases.open_gate(case=row.pk, kind="fee_accepted", by=system, now=now)
    hidden = make.legal_case(now=now, received_at=now)
    two = [make.analyst(now=now).ref, make.analyst(now=now).ref]
    cases.seal(case=hidden.id, people=two, by=system, now=now)
    desk = visitor.sign_in(make.person("Ana Lysander", roles=["subpoena_analyst"], now=now))

    desk.go("/desk/cases/")
    desk.check("desk-cases")
    assert hidden.reference not in desk.page.content()
    desk.page.click(f"text={row.reference}")
    desk.check("desk-case")
    assert "(292) 555-0142" in desk.page.content() and "gj-114.pdf" in desk.page.content()
    desk.page.click("text=Write a note")
    desk.page.fill("textarea", "Called the detective back.")
    desk.page.click("button:has-text('Keep the note')")

    assert "Called the detective back." in desk.page.content()
    shown = [each.event for each in queries.timeline(case=row.pk, by=system, now=now)]
    assert "case.shown" in shown and "case.noted" in shown

"""Form C in a real browser: typed in, each number with its verdict, the words that reach them confirmed."""

import pytest

from tecum.cases import queries as files
from tecum.config import clock
from tecum.demands import queries
from tecum.kernel.actors import Actor
from tecum.models import LegalCase
from tests import make
from tests.letters import a_pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SYSTEM = Actor.system("tests")


@pytest.fixture(autouse=True)
def carrier(settings, tmp_path):
    settings.TECUM_GUIDE = "wireless-2003"
    settings.MEDIA_ROOT = tmp_path / "files"


def test_an_analyst_types_a_form_in_and_confirms_what_reaches_two_of_three_numbers(visitor):
    now = clock.now()
    make.agency("Marrow County Sheriff", now=now)
    visitor.sign_in(make.person("Ana Lysander", roles=["subpoena_analyst"], now=now)).go(
        "/demands/enter/form-c/"
    )
    page = visitor.page
    visitor.check("form-c-enter")
    page.get_by_label("Time of receipt").fill("00:01")
    page.get_by_label("Court order number").fill("MD-26-17")
    page.locator("#id_target_number").fill("(492) 555-0101")
    page.get_by_text("No", exact=True).click()
    page.get_by_label("Numbers for which").fill("292-555-0142\n292-555\n292-555-0144")
    page.get_by_role("button", name="Enter the request").click()
    page.get_by_text("Line 2").first.wait_for()
    visitor.check("form-c-typing-error")
    page.get_by_label("Numbers for which").fill("292-555-0142\n292-555-0143\n292-555-0144")
    page.locator("input[type=file]").set_input_files(
        {"name": "order.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}
    )
    page.get_by_role("button", name="Enter the request").click()
    page.get_by_role("heading", name="Subscribers seen on a surveillance").wait_for()
    visitor.check("form-c")
    case = LegalCase.objects.get()
    assert case.desk == "subpoenas"

    page.get_by_role("link", name="This paper is the copy of the order").click()
    page.get_by_text("order.pdf").click()
    page.get_by_role("button", name="This is the copy").click()
    page.get_by_role("link", name="Confirm what reaches them").click()
    for number in ("(292) 555-0142", "(292) 555-0143"):
        page.get_by_text(number).click()
    page.get_by_text("A clause of the order").click()
    page.get_by_label("It stands in").select_option(label="order.pdf")
    page.get_by_label("The words, as they stand there").fill("and subscriber information for numbers dialled")
    visitor.check("form-c-reach")
    page.get_by_role("button", name="I have read it: confirm").click()
    page.get_by_text("2 of 3 numbers can be answered").wait_for()
    visitor.check("form-c-reached")
    page.get_by_role("link", name="Write what is missing").click()
    page.get_by_text("reaches this number").first.wait_for()

    shown = queries.surveillance_form(case=case.pk, by=SYSTEM, now=now)
    assert [bool(each.missing) for each in shown.numbers] == [False, False, True]
    assert len(files.documents(case=case.pk, by=SYSTEM, now=now)) == 1

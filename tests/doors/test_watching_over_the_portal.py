"""The state of the numbers, every revealed answer, the figures of look-ups, as the carrier's people see them."""

from collections import Counter
from datetime import date

import pytest
import time_machine

from tecum.audit import queries as trail
from tecum.lookup import operations as lookup
from tecum.models import Lookup
from tests import make, people
from tests.make import NOON

HIT = "2925550142"
ROW = [f"29255501{place:02d}" for place in range(40, 62)]


@pytest.fixture
def carrier(db, numbers, freeze):
    """A provider with 22 numbers in a row, of which an officer has asked all, and one that is not ours."""
    freeze(NOON)
    make.customer("C-TERN", name="Tern & Plover Voice, Inc.")
    make.consent("C-TERN")
    numbers({number: ("C-TERN", date(2022, 6, 1)) for number in ROW})
    officer = make.acting(make.officer("Ines Barrowclough", at=make.agency("Marrow County Sheriff")))
    purpose = lookup.Purpose("MC-26-004417", attested=True)
    lookup.run(
        text="\n".join([*ROW, "4925550199"]),
        purpose=purpose,
        submission="one",
        door="page",
        by=officer,
        now=NOON,
    )


def staff(role: str):
    return make.person(f"Staff {role}", roles=[role])


@pytest.fixture
def entering(carrier):
    with time_machine.travel(NOON, tick=False):
        yield lambda role: people.sign_in(staff(role), at=NOON)


def test_the_state_of_the_numbers_says_what_is_loaded_and_what_each_load_changed(entering):
    page = entering("portal_administrator").get("/numbers/").text

    assert "22 numbers in service" in page
    assert "Fresh" in page
    assert "numbers.csv" in page
    assert "In force" in page


def test_before_the_first_load_the_page_says_what_to_do(db, inventory, freeze):
    freeze(NOON)
    with time_machine.travel(NOON, tick=False):
        page = people.sign_in(staff("guide_editor"), at=NOON).get("/numbers/").text

    assert "Nothing is loaded" in page
    assert "tecum numbers load FILE" in page


def test_an_old_inventory_is_said_to_be_old(entering, freeze):
    who = entering("portal_administrator").who
    freeze(make.later(hours=37))

    with time_machine.travel(make.later(hours=37), tick=False):
        page = people.sign_in(who, at=make.later(hours=37)).get("/numbers/").text

    assert "Old: every answer says so" in page


@pytest.mark.requirement("R-036")
def test_the_hit_rate_of_the_week_is_drawn_and_tabled(entering):
    page = entering("security_and_fraud").get("/look-ups/").text

    assert "7 Sep 2026" in page
    assert "96 %" in page
    assert "<svg" in page


@pytest.mark.requirement("R-035", "R-036")
def test_the_share_of_the_numbers_under_consent_grows_with_each_consent(db, numbers, freeze):
    freeze(NOON)
    customers = [make.customer(name="Tern & Plover Voice, Inc."), make.customer(name="Shy Voice LLC")]
    make.consent(customers[0].id)
    own = {number: (customers[place == 0].id, date(2022, 6, 1)) for place, number in enumerate(ROW[:4])}
    numbers(own)
    with time_machine.travel(NOON, tick=False):
        desk = people.sign_in(staff("portal_administrator"), at=NOON)
        before = desk.get("/desk/consents/").text
        make.consent(customers[1].id)
        after = desk.get("/desk/consents/").text

    assert "Consents: 75 % of the numbers are covered" in before
    assert "3 of 4 numbers in service can be answered." in before
    assert "Consents: 100 % of the numbers are covered" in after


def test_the_counts_of_a_look_up_are_those_of_its_lines(carrier):
    (kept,) = Lookup.objects.all()

    outcomes = Counter(kept.lines.values_list("outcome", flat=True))
    causes = Counter(kept.lines.exclude(cause="").values_list("cause", flat=True))
    assert (kept.hits, kept.non_results) == (outcomes["HIT"], outcomes["NON_RESULT"]) == (22, 1)
    assert (kept.not_in_service, kept.no_consent) == (causes["NOT_IN_SERVICE"], causes["NO_CONSENT"])


def test_mapping_of_a_block_is_pointed_out_without_its_numbers(entering):
    page = entering("security_and_fraud").get("/look-ups/").text

    assert "Marrow County Sheriff" in page
    assert "numbers in a row in (292) 555-••••" in page
    assert HIT not in page


def test_every_revealed_answer_is_listed_with_its_consent_and_its_number_hidden(entering):
    counsel = entering("counsel")

    page = counsel.get("/disclosures/").text

    assert "Tern &amp; Plover Voice, Inc." in page
    assert "Ines Barrowclough" in page
    assert "22 disclosures" in page
    assert HIT not in page
    (event,) = [each for each in trail.since(NOON) if each.event == "disclosure.read"]
    assert event.data["numbers"] == "hidden"


def test_showing_the_numbers_is_an_act_that_is_recorded(entering):
    counsel = entering("counsel")

    page = counsel.post("/disclosures/").text

    assert f'value="{HIT}"' in page
    assert [each.data["numbers"] for each in trail.since(NOON) if each.event == "disclosure.read"] == [
        "shown"
    ]


def test_the_disclosures_of_one_number_are_found_without_the_number_in_an_address(entering):
    counsel = entering("counsel")

    page = counsel.post("/disclosures/", {"number": "(292) 555-0142"}).text

    assert "1 disclosure" in page
    assert counsel.post("/disclosures/", {"number": "29255"}).status_code == 422


def test_the_past_of_a_number_is_shown_for_a_case_and_recorded(entering):
    analyst = entering("subpoena_analyst")

    page = analyst.post("/numbers/past/", {"number": HIT, "case": "L-0042"}).text

    assert "Tern &amp; Plover Voice, Inc." in page
    assert "1 Jun 2022" in page
    assert [each.event for each in trail.since(NOON) if each.event == "inventory.history_read"]
    assert analyst.post("/numbers/past/", {"number": HIT, "case": ""}).status_code == 422


def test_an_officer_sees_none_of_this(carrier):
    with time_machine.travel(NOON, tick=False):
        officer = people.sign_in(make.officer("Ruth Imre"), at=NOON)

        for path in ("/numbers/", "/numbers/past/", "/numbers/now/", "/disclosures/", "/look-ups/"):
            assert officer.get(path).status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize(
    ("role", "path", "name"),
    [
        ("portal_administrator", "/numbers/", "numbers"),
        ("subpoena_analyst", "/numbers/past/", "number-past"),
        ("subpoena_analyst", "/numbers/now/", "number-now"),
        ("auditor", "/disclosures/", "disclosures"),
        ("portal_administrator", "/look-ups/", "look-ups"),
    ],
)
def test_each_page_is_clean_in_a_browser(visitor, carrier, role, path, name):
    visitor.sign_in(staff(role)).go(path)

    visitor.check(name, printed=True)

"""The generated pages of docs/reference say what the code says, and every life cycle is complete."""

import pytest

from tests import controls, reference


@pytest.mark.parametrize("page", reference.PAGES)
def test_a_generated_page_is_what_the_code_says(page):
    assert (reference.REFERENCE / page).read_text() == reference.PAGES[page](), (
        "run: python -m tests.reference"
    )


@pytest.mark.parametrize(
    ("kind", "table", "begins"), reference.life_cycles(), ids=lambda each: getattr(each, "__name__", "")
)
def test_every_state_of_a_life_cycle_is_in_its_table_and_can_be_reached(kind, table, begins):
    reached, border = set(begins), list(begins)
    while border:
        border = [
            after
            for state in border
            for after in table[state]
            if after not in reached and not reached.add(after)
        ]

    assert set(table) == set(kind)
    assert reached == set(kind)


def test_every_setting_is_documented_and_none_too_many():
    assert set(reference.settings_read()) <= set(reference.settings_words())


def test_a_mark_for_a_line_that_does_not_exist_is_noticed(monkeypatch):
    monkeypatch.setattr(reference, "marked_tests", lambda: {"R-999": [("x", "y")]})

    with pytest.raises(SystemExit):
        reference.requirements()


@pytest.mark.parametrize("control", controls.CONTROLS)
def test_every_control_has_a_test_that_turns_red_without_it(control):
    assert [each.test for each in controls.sabotages() if each.control == control]


def test_a_sabotage_says_what_happens_without_the_control_and_of_which_one():
    found = controls.sabotages()

    assert [each.test for each in found if not each.judges] == []
    assert {each.control for each in found} <= {0, *controls.CONTROLS}

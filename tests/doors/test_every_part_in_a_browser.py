"""The parts of a page in a real browser, and the kit that would notice a page that breaks the rules."""

import pytest

from tests.browser import Visitor

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def gallery(settings):
    settings.ROOT_URLCONF = "tests.gallery.urls"


def test_every_part_is_clean_at_both_sizes(visitor: Visitor) -> None:
    visitor.go("/")

    visitor.check()


def test_a_form_with_mistakes_is_clean_and_its_summary_has_the_focus(visitor: Visitor) -> None:
    visitor.go("/?wrong")

    assert visitor.page.evaluate("document.activeElement.id") == "error-summary"
    visitor.check()


def test_the_page_for_an_unknown_address_is_clean(visitor: Visitor) -> None:
    visitor.go("/nothing", status=404)

    visitor.check()


def test_a_number_is_copied_as_its_digits(visitor: Visitor) -> None:
    visitor.go("/")

    copied = visitor.page.evaluate(
        "(() => { const s = getSelection(); s.selectAllChildren(document.querySelector('.tn')); return s.toString(); })()"
    )

    assert copied == "2925550142"


def test_keys_move_open_and_search_and_can_be_switched_off(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("tr[aria-current=true] .ref").inner_text() == "LD-7Q2M-40V1"
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.locator("input[type=search]").input_value() == "jk"

    page.get_by_role("button", name="Turn keys off").click()
    page.keyboard.press("j")
    assert page.locator("tr[aria-current=true] .ref").inner_text() == "LD-7Q2M-40V1"
    page.reload()
    assert page.get_by_role("button", name="Turn keys on").is_visible()


def test_the_key_o_opens_the_row(visitor: Visitor) -> None:
    visitor.go("/")

    visitor.page.keyboard.press("j")
    visitor.page.keyboard.press("o")

    visitor.page.wait_for_url("**/?LD-7Q2M-40V0")


def test_what_is_swapped_into_a_page_is_dressed_like_the_rest(visitor: Visitor) -> None:
    visitor.go("/swap")

    visitor.page.get_by_role("button", name="Load").click()

    visitor.page.get_by_role("combobox", name="Agency").wait_for()
    assert visitor.page.locator(".usa-file-input__target").count() == 1
    assert visitor.page.locator(".usa-combo-box__input").count() == 1


@pytest.mark.sabotage("the browser kit")
@pytest.mark.parametrize(
    ("path", "noticed"),
    [("/label", "label"), ("/wide", "sideways"), ("/twice", "stands 2 times")],
)
def test_a_page_that_breaks_a_rule_fails_its_check(visitor: Visitor, path: str, noticed: str) -> None:
    visitor.go(path)

    with pytest.raises(AssertionError, match=noticed):
        visitor.check()


@pytest.mark.sabotage("the browser kit")
@pytest.mark.parametrize(
    ("path", "noticed"),
    [
        ("/script", "Content Security Policy"),
        ("/style", "Content Security Policy"),
        ("/stranger", "stranger"),
    ],
)
def test_the_policy_stops_what_is_written_into_a_page_and_the_kit_says_so(
    visitor: Visitor, path: str, noticed: str
) -> None:
    visitor.go(path)

    assert any(noticed in complaint for complaint in visitor.complaints)
    assert visitor.page.title() != "run"
    visitor.complaints.clear()

"""Checking process before service in a real browser, by keyboard."""

import pytest

from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def test_an_officer_checks_a_draft_by_keyboard(visitors, freeze, settings):
    settings.TECUM_GUIDE = "wireless-2003"
    freeze(NOON)
    visitor = visitors()
    visitor.go("/check-your-process/")
    visitor.check("check-your-process")
    visitor.page.get_by_label("Its words").fill("Produce the records of [number].")
    visitor.page.get_by_role("button", name="Check it").focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("heading", name="The wording to copy").wait_for()

    visitor.check("check-your-process-verdict")

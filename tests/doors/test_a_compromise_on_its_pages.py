"""A compromise is put on record, told, and shown, each on a page of its own (47 CFR 1.20003)."""

import pytest
import time_machine
from django.urls import reverse

from tecum.models import CompromiseReport
from tests import make, people, taps
from tests.make import NOON
from tests.taps import wireless  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wireless")]


def test_an_administrator_reports_a_compromise_and_writes_down_that_the_agency_was_told():
    with time_machine.travel(NOON, tick=False):
        ada, _ = taps.administrators()
        desk = people.sign_in(make.again_by_ref(ada.ref), at=NOON)
        said = {
            "kind": "compromise", "discovered_at": "2026-09-08T11:00", "what": "A target asked a shop about it.",
            "to_whom": "a shop clerk", "agencies": "Marrow County Sheriff",
        }  # fmt: skip

        page = desk.post(reverse("orders:report"), said, follow=True).content.decode()
        made = CompromiseReport.objects.get()
        told = reverse("orders:compromise_tell", args=[made.pk])
        asked = desk.get(told).content.decode()
        after = desk.post(
            told, {"told": "Det. Dana Ruiz", "how": "telephone", "at": "2026-09-08T11:30"}, follow=True
        ).content.decode()

    assert made.reference in page and "On record" in page
    assert made.reference in asked and f'href="{reverse("orders:certifications")}"' in asked
    assert "Written down." in after and CompromiseReport.objects.get().state == "TOLD"

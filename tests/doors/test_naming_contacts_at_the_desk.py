"""The page of an agency shows whom it names (R-074)."""

from datetime import timedelta

import pytest

from tecum.agencies import operations as directory
from tecum.config import clock
from tecum.models import AgencyContact
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.requirement("R-074")
def test_the_page_of_an_agency_shows_who_is_honoured(visitor):
    now = clock.now()
    agency = make.agency("Marrow Falls Police", domain="police.marrow.example.gov", now=now)
    one, two = (make.person(name, roles=["portal_administrator"], now=now) for name in ("A One", "B Two"))
    old = now - timedelta(days=10)
    number = directory.propose_call_back_number(
        agency=agency.id, number="2925550120", label="Records", source="state directory",
        by=make.acting(one, stepped_up_at=old), now=old,
    )  # fmt: skip
    directory.confirm_call_back_number(entry=number.id, by=make.acting(two, stepped_up_at=old), now=old)
    made = directory.propose_contact(
        agency=agency.id, desk="legal", name="Ada Vane", email="vane@police.marrow.example.gov", source="letter",
        by=make.acting(one, stepped_up_at=now), now=now,
    )  # fmt: skip
    directory.confirm_contact(
        entry=made.id, called=number.id, by=make.acting(two, stepped_up_at=now), now=now
    )

    visitor.sign_in(two).go(f"/desk/agencies/{agency.id}/")
    visitor.check("agency-contacts")

    assert "Ada Vane" in visitor.page.content() and AgencyContact.objects.get().confirmed_at

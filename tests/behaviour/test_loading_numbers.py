"""An administrator loads the inventory, and look-ups answer from it."""

from datetime import date

import pytest

from tecum.inventory import queries
from tests.inventory import load
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_a_number_in_service_is_answered_with_its_customer_and_date(inventory):
    load(inventory, ["2925550142,,XYZ,2022-06-01", "2925550150,2925550159,ABC,2020-01-31"], now=NOON)

    answer = queries.look_up(["2925550142", "2925550150", "2925550159", "2925550160", "2925550141"])

    assert answer.version == 1
    assert answer.as_of == NOON
    assert answer.rows == {
        "2925550142": queries.Assignment("XYZ", date(2022, 6, 1)),
        "2925550150": queries.Assignment("ABC", date(2020, 1, 31)),
        "2925550159": queries.Assignment("ABC", date(2020, 1, 31)),
    }

"""What every test may ask for. Kept short: makers are in make.py, the cast in people.py."""

from datetime import UTC, datetime

import pytest

from tests.guards import let_tests_empty_the_trail

let_tests_empty_the_trail()

pytest_plugins = ["tests.browser"]

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)  # Tuesday, noon in New York


@pytest.fixture
def now() -> datetime:
    return NOON

"""The page of subscriber lists in a real browser: clean, also on a telephone."""

from datetime import timedelta

import pytest

from tecum.config import clock
from tecum.kernel.loads import ChangesTooMuch
from tests import make
from tests.subscribers import JONES, SMITH, load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_of_subscriber_lists_is_clean(visitor, billing):
    now = clock.now()
    who = make.person("Rosa Delgado", roles=["portal_administrator"], now=now)
    visitor.sign_in(who)
    load(billing, [SMITH, JONES, "29,A-3,Nobody Else,1 Elm,voice,,,A,,,,"], now=now - timedelta(days=2))
    with pytest.raises(ChangesTooMuch):
        load(billing, [SMITH], now=now - timedelta(days=1), max_change=None)
    load(billing, [SMITH.replace("Oak", "Pine"), JONES], now=now - timedelta(hours=3))
    visitor.go("/numbers/subscribers/")
    visitor.check("subscriber-lists")

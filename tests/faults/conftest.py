"""A fault test ends with the watcher's own question: whatever happened, no invariant is broken (assurance, I1 to I13)."""

from collections.abc import Generator
from datetime import datetime

import pytest
from django.db import connection
from django.db.models import Max

from tecum.assurance import invariants
from tecum.audit import operations as audit
from tecum.jobs import switches
from tecum.kernel.invariants import Broken
from tecum.models import Tap, TrailLeaf
from tests.make import NOON

#: Files of faults that were not yet run to their end under the question, because each of them runs for many minutes. One that
#: holds leaves this list; none joins it.
NOT_YET_ASKED = frozenset(
    {
        "five_hundred_emergencies",
        "killing_every_process",
        "the_life_of_a_surveillance",
    }
)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Ask at the end of the test itself, while its database, its keys and its settings are still there."""
    result = yield
    asked = pyfuncitem.path.stem.removeprefix("test_") not in NOT_YET_ASKED
    if asked and pyfuncitem.get_closest_marker("django_db") is not None:
        excused = {name for mark in pyfuncitem.iter_markers("broken_on_purpose") for name in mark.args}
        left = [each for each in settled() if each.invariant not in excused]
        assert left == [], f"After this fault no longer true: {left}"
    return result


def settled() -> tuple[Broken, ...]:
    """
    Return what is broken once the house was given its minute after a fault (T1): the trail is sealed and signed, ends are
    commanded, switches are read. Nothing else is mended.
    """
    now = last_instant()
    if Tap.objects.exists():
        switches.terminate(lambda: now)
        switches.watch(lambda: now)
    while audit.seal(now=now):
        pass
    audit.publish_checkpoint(now=now)
    return invariants.broken(now=now)


def last_instant() -> datetime:
    """Return when the last thing happened that was recorded."""
    connection.ensure_connection()
    return TrailLeaf.objects.aggregate(last=Max("at"))["last"] or NOON

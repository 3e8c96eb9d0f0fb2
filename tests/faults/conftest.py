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

#: Files of faults that were not yet run to their end under the question. One that holds leaves this list; none joins it.
NOT_YET_ASKED = frozenset(
    {
        "a_non_result_tells_nothing",
        "an_emergency_in_a_storm",
        "five_hundred_emergencies",
        "killing_a_record_load",
        "killing_a_subscriber_list",
        "killing_an_emergency",
        "killing_every_process",
        "killing_the_ladder",
        "killing_the_sender",
        "look_ups_in_flight",
        "nothing_beside_the_scope_leaves",
        "putting_a_copy_back",
        "racing_for_the_trail",
        "rewriting_the_trail",
        "statements_that_are_kept",
        "the_engines_agree",
        "the_inventory_against_rows",
        "the_life_of_a_surveillance",
        "the_quota_under_a_race",
        "two_worlds",
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

"""kill -9 at every step of the sequencer and of signing, then again: nothing lost, nothing doubled, one history."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.db import connection

from tecum.audit import operations as audit
from tecum.audit import queries
from tecum.audit.models import TrailLeaf, TrailLog
from tests.trails import happen

NOON = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
# What is killed: just before the call of this name returns to the operation, or just after it was called.
STEPS = [
    ("tecum.audit.models.TrailLeafQuerySet.place", "seal"),
    ("tecum.audit.models.TrailLog.grow", "seal"),
    ("tecum.audit.models.TrailNode.objects.bulk_create", "seal"),
    ("tecum.audit.operations._sign", "publish_checkpoint"),
    ("tecum.audit.drivers.anchors.leave", "publish_checkpoint"),
    ("tecum.audit.models.TrailAnchor.objects.get_or_create", "publish_checkpoint"),
]
DIES = """
import os, signal, sys
import django
from django.conf import settings
from tests import settings as given
name, step, verb, moment, place = sys.argv[1:]
given.DATABASES["default"]["NAME"] = name
django.setup()
settings.TECUM_TRAIL_ANCHORS = [place]
from datetime import UTC, datetime
from pkgutil import resolve_name
from tecum.audit import operations as audit
owner, _, method = step.rpartition(".")
owner = resolve_name(owner)
real = getattr(owner, method)
def dies(*given, **named):
    if moment == "after":
        real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, method, dies)
getattr(audit, verb)(now=datetime(2026, 9, 8, 16, 0, tzinfo=UTC))
print("survived")
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
@pytest.mark.parametrize("moment", [pytest.param("before", marks=pytest.mark.slow), "after"])
@pytest.mark.parametrize(("step", "verb"), STEPS, ids=[step[0].rpartition("audit.")[2] for step in STEPS])
def test_a_sequencer_killed_at_any_step_leaves_a_trail_that_the_next_one_finishes(
    step, verb, moment, outside
):
    happen(260)
    if verb == "publish_checkpoint":
        audit.seal(now=NOON)
    before = set(TrailLeaf.objects.values_list("pk", flat=True))
    connection.close()

    killed = subprocess.run(
        [sys.executable, "-c", DIES, connection.settings_dict["NAME"], step, verb, moment, str(outside)],
        capture_output=True,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    audit.seal(now=NOON)
    assert audit.publish_checkpoint(now=NOON).size == 260
    assert audit.publish_checkpoint(now=NOON).size == 260  # once more changes nothing
    assert set(TrailLeaf.objects.values_list("pk", flat=True)) == before
    assert sorted(TrailLeaf.objects.values_list("position", flat=True)) == list(range(1, 261))
    assert TrailLog.objects.get().size == 260
    assert queries.verify_now().code == 0
    assert queries.proof(queries.since(NOON)[3]) is not None

"""What is due is a row: armed with the intent, claimed once, never forgotten (assurance control 1)."""

from datetime import timedelta

import pytest
from django.db import transaction

from tecum.deadlines import operations as deadlines
from tecum.deadlines import queries
from tecum.deadlines.catalogue import KINDS
from tecum.deadlines.states import State
from tecum.jobs import worker
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Deadline
from tecum.secrecy import operations as secrecy
from tests import make
from tests.conftest import NOON

KIND = "account.link_expires"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_a_deadline_rolls_back_with_the_intent_that_armed_it():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)
        raise ZeroDivisionError

    assert deadlines.claim(now=NOON) is None


def test_what_was_due_while_nothing_ran_is_still_due():
    deadlines.arm(KIND, subject="link-1", due_at=NOON - timedelta(days=400), now=NOON - timedelta(days=401))

    claimed = deadlines.claim(now=NOON)

    assert claimed is not None
    assert claimed.subject == "link-1"


def test_a_deadline_is_not_claimed_a_second_before_it_is_due():
    deadlines.arm(KIND, subject="link-1", due_at=NOON + timedelta(seconds=1), now=NOON)

    assert deadlines.claim(now=NOON) is None


def test_a_second_worker_does_not_get_what_the_first_holds():
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)

    first, second = deadlines.claim(now=NOON), deadlines.claim(now=NOON)

    assert first is not None
    assert second is None


def test_a_worker_that_died_loses_its_lease_and_cannot_finish_late():
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)
    dead = deadlines.claim(now=NOON)
    later = NOON + KINDS[KIND].lease

    heir = deadlines.claim(now=later)

    assert dead is not None
    assert heir is not None
    assert not deadlines.complete(dead, now=later)
    assert deadlines.complete(heir, now=later)


def test_arming_again_moves_the_deadline():
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)
    deadlines.arm(KIND, subject="link-1", due_at=NOON + timedelta(hours=24), now=NOON)

    assert deadlines.claim(now=NOON) is None
    assert [view.due_at for view in queries.open_deadlines()] == [NOON + timedelta(hours=24)]


def test_what_keeps_failing_is_tried_ever_later_and_then_lies_for_a_person():
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)
    moment = NOON

    def broken(_claim, _now):
        raise RuntimeError("the operation is broken")

    for _ in range(KINDS[KIND].attempts):
        assert worker.run_all({KIND: broken}, lane="ordinary", clock=lambda at=moment: at) == 1
        moment += timedelta(minutes=16)

    (letter,) = queries.open_deadlines()
    assert letter.state is State.DEAD
    assert letter.fault == "RuntimeError"
    deadlines.revive(kind=KIND, subject="link-1", by=Actor.system("test"), now=moment)
    assert deadlines.claim(now=moment) is not None
    with pytest.raises(deadlines.NotDead):
        deadlines.revive(kind=KIND, subject="link-1", by=Actor.system("test"), now=moment)


def test_a_stranger_revives_nothing_and_sees_nothing():
    with pytest.raises(NotYours):
        deadlines.revive(kind=KIND, subject="link-1", by=Actor.stranger(), now=NOON)
    with pytest.raises(NotYours):
        queries.listed(by=Actor.stranger(), now=NOON)


def test_what_is_due_in_a_sealed_matter_is_seen_and_revived_by_its_list_alone():
    admin, other = (make.acting(make.person(roles=["portal_administrator"])) for _ in range(2))
    clerk = Actor.system("test")
    with transaction.atomic():
        matter = secrecy.open_matter(kind="case", by=clerk, now=NOON)
        secrecy.let_know(matter, admin.ref, by=clerk, now=NOON)
        deadlines.arm(KIND, subject="link-1", due_at=NOON, matter=matter, now=NOON)
        deadlines.arm(KIND, subject="link-2", due_at=NOON, now=NOON)
    secrecy.seal_matter(matter)
    Deadline.objects.filter(subject="link-1").update(state=State.DEAD)

    assert [each.subject for each in queries.listed(by=admin, now=NOON)] == ["link-1", "link-2"]
    assert [each.subject for each in queries.listed(by=other, now=NOON)] == ["link-2"]
    assert (queries.counts(by=admin, now=NOON)[0], queries.counts(by=other, now=NOON)) == (2, (1, 0, 0))
    with pytest.raises(deadlines.NotDead):
        deadlines.revive(kind=KIND, subject="link-1", by=other, now=NOON)
    deadlines.revive(kind=KIND, subject="link-1", by=admin, now=NOON)


def test_the_effect_and_done_are_one_transaction():
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)

    def half_done(_claim, now):
        deadlines.arm(KIND, subject="link-2", due_at=now, now=now)
        raise RuntimeError

    worker.run_one({KIND: half_done}, lane="ordinary", clock=lambda: NOON)

    assert [view.subject for view in queries.open_deadlines()] == ["link-1"]


@pytest.mark.sabotage("control 1")
def test_without_the_fence_a_late_worker_would_finish_twice(monkeypatch):
    deadlines.arm(KIND, subject="link-1", due_at=NOON, now=NOON)
    dead = deadlines.claim(now=NOON)
    deadlines.claim(now=NOON + KINDS[KIND].lease)
    from tecum.deadlines.models import Deadline

    monkeypatch.setattr(
        Deadline, "turn", lambda self, *, fence, **_: Deadline.objects.filter(pk=self.pk).exists()
    )

    assert dead is not None
    assert deadlines.complete(dead, now=NOON), "with the fence taken away the late worker gets through"


def test_an_unknown_kind_is_refused():
    with pytest.raises(deadlines.UnknownKind):
        deadlines.arm("nothing.of_the_kind", subject="x", due_at=NOON, now=NOON)

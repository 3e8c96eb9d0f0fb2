"""A stateful model of a surveillance (T3): orders, extensions around the end, denials, crashes, lost, late and doubled answers."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tecum.deadlines import operations as deadlines
from tecum.deadlines.models import Deadline
from tecum.jobs import switches
from tecum.kernel.refusals import Refused
from tecum.models import BillableFact, Mismatch, Tap
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.drivers.simulator import Mood
from tests import taps
from tests.make import NOON
from tests.sizes import size
from tests.taps import JOBS, carried, pen, switch, watched, wireless  # noqa: F401

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LANES = {"surveillance.end", "surveillance.off", "surveillance.on"}
MOODS = st.sampled_from([Mood.SILENT, Mood.MUTE, Mood.LATE, Mood.TWICE, Mood.IDLE, Mood.LIAR, Mood.REJECTS])


class Life(RuleBasedStateMachine):
    """One order on one switch, by hand of Hypothesis; the model is one instant: until when it may be on at all."""

    @initialize(hours=st.integers(1, 72))
    def order(self, hours):
        self.now = NOON
        self.until = NOON + timedelta(hours=hours)
        self.over = False
        self.disturbed = False
        self.watched_at = NOON
        switch().restart()
        switch().recover()
        self.found = taps.order().authorize(pen(), ends_at=self.until)

    # -- what people do ---------------------------------------------------------------------------------------

    @rule()
    def activate(self):
        allowed = not self.over and self.now < self.until
        try:
            self.found.activate(self.now)
        except Refused:
            return
        assert allowed, "started without an authority"

    @rule(before=st.integers(-8, 8), hours=st.integers(1, 48))
    def extend(self, before, hours):
        self.reach(max(self.now, self.until + before * SECOND))
        allowed = not self.over and self.now < self.until
        later = self.until + timedelta(hours=hours)
        try:
            self.found.extend(later, self.now)
        except Refused:
            assert not allowed, "an extension served in time was refused"
            return
        assert allowed, "an extension served late moved an end"
        self.until = later

    @rule(hours=st.integers(1, 8))
    def hold(self, hours):
        try:
            self.until = surveillance.hold_cut(
                authority=self.found.authority, received_at=self.now, states_until=self.until + timedelta(hours=hours),
                evidence="paper-3", by=self.found.at(self.found.proposer, self.now), now=self.now,
            )  # fmt: skip
        except Refused:
            return

    @rule()
    def deny(self):
        by = self.found.at(self.found.proposer, self.now)
        surveillance.end(surveillance=self.found.surveillance, why="application_denied", by=by, now=self.now)
        self.over = True

    # -- what switches and processes do -------------------------------------------------------------------------

    @rule(mood=MOODS, times=st.integers(1, 3))
    def misbehave(self, mood, times):
        self.disturbed = True
        switch().behave(mood, times=times)

    @rule()
    def recover(self):
        switch().recover()

    @rule()
    def forget_everything(self):
        self.disturbed = True
        switch().restart()

    @rule()
    def crash_after_claiming(self):
        self.disturbed = True
        deadlines.claim_many(now=self.now, kinds=LANES, limit=10)

    @rule(on=st.booleans())
    def crash_after_telling(self, on):
        """Die between the switch's answer and writing it down."""
        self.disturbed = True
        claims = deadlines.claim_many(
            now=self.now, kinds={"surveillance.on" if on else "surveillance.off"}, limit=10
        )
        told = surveillance.commands(taps=[each.subject for each in claims], on=on, by=JOBS, now=self.now)
        surveillance.carry_all(told, switch())

    @precondition(lambda self: self.now < self.until)
    @rule()
    def come_near_the_end(self):
        self.reach(self.until - 7 * SECOND)

    @rule(seconds=st.sampled_from([1, 7, 31, 120, 3600]))
    def wait(self, seconds):
        self.reach(self.now + seconds * SECOND)

    def reach(self, target):
        """Let time pass as the lanes see it: every deadline when it is due, a look at the switch every twenty seconds."""
        for _ in range(30):
            waits = Deadline.objects.filter(kind__in=LANES, state__in=["ARMED", "CLAIMED"])
            due = [row.lease_until or row.attempt_at for row in waits]
            due += [self.watched_at + 20 * SECOND] if target - self.now <= 2 * MINUTE else []
            ahead = [at for at in due if at <= target]
            if not ahead:
                break
            self.now = max(self.now, min(ahead))
            self.run_lanes()
        self.now = max(self.now, target)
        self.run_lanes()

    def run_lanes(self):
        carried(self.now)
        if self.now - self.watched_at >= 20 * SECOND:
            self.watched_at = self.now
            watched(self.now)
            carried(self.now)

    # -- what is never false --------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_desired_on_after_its_end(self):
        """I1, I2, I3."""
        mine = {tap.id for tap in self.found.taps}
        on = [tap for tap in self.found.taps if tap.on]
        self.sweep_at_this_instant()
        on = [tap for tap in self.found.taps if tap.on]
        assert not on or (not self.over and self.now < self.until)
        assert [each for each in queries.broken(now=self.now) if each.about in mine] == []

    def sweep_at_this_instant(self):
        switches.expire_some(lambda: self.now)

    @invariant()
    def what_the_switch_shows_is_desired_or_a_difference_with_an_age(self):
        """I4, and: no content under a pen register order that nobody is told of."""
        for tap in self.found.taps:
            held = [task for task in switch().holds() if task.task == tap.task]
            moving = tap.state in {"STARTING", "STOPPING"}
            differs = Mismatch.objects.filter(task=tap.task, state="OPEN").exists()
            unseen = self.now - self.watched_at <= MINUTE
            if not held:
                assert not tap.on or moving or differs or unseen
            else:
                assert tap.on or moving or differs or unseen
                content = not held[0].types <= {taps.PEN}
                assert not content or moving or differs

    @invariant()
    def nothing_is_late_while_the_switch_answers(self):
        if not self.disturbed:
            assert not Mismatch.objects.filter(tap__in=[tap.id for tap in self.found.taps]).exists()

    @invariant()
    def a_start_is_billed_once(self):
        assert BillableFact.objects.filter(case=self.found.case.id, unit="target").count() <= 1

    def teardown(self):
        if not hasattr(self, "found"):
            return
        switch().recover()
        self.reach(max(self.now, self.until) + 3 * MINUTE)
        assert all(tap.state == "ENDED" for tap in self.found.taps), (
            "everything is off in the end, whatever happened"
        )
        assert switch().holds() == ()
        Mismatch.objects.all().delete()
        Deadline.objects.filter(kind__startswith="surveillance.", state="ARMED").delete()
        assert Tap.objects.exclude(state="ENDED").count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.usefixtures("wireless")
def test_i1_to_i4_hold_whatever_people_switches_and_processes_do():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=size(ci=4, proof=60),
            stateful_step_count=size(ci=8, proof=20),
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),  # fmt: skip
    )

"""Makers for surveillances: a court order of an agency, who works on it, and every step until a switch is on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from tecum.cases.facts import Contact
from tecum.cases.queries import CaseView
from tecum.cases.states import CaseKind
from tecum.jobs import switches
from tecum.kernel.actors import Actor
from tecum.surveillance import operations as surveillance
from tecum.surveillance import queries
from tecum.surveillance.drivers import choice
from tecum.surveillance.drivers.simulator import Simulator
from tecum.surveillance.rules.ordered import Allows, AuthorityKind, Intercept, Ordered, Service
from tests import make
from tests.make import NOON, acting

NUMBER, OTHER = "2925550142", "2925550143"
DIAL_UP = "3925550101"
PEN, TRAP, TITLE_III = Intercept.PEN_REGISTER, Intercept.TRAP_AND_TRACE, Intercept.TITLE_III
INTERCONNECT, DISPATCH = Service.INTERCONNECT, Service.DISPATCH
JOBS = Actor.system("jobs")


@pytest.fixture
def wireless(settings, tmp_path):
    """Put the wireless carrier's guide in force: it names switches; those that are played live in a folder of the test."""
    settings.TECUM_GUIDE = "wireless-2003"
    settings.DATA = tmp_path


def pen(*switches: str, number: str = NUMBER, service: Service = INTERCONNECT) -> Ordered:
    return Ordered(number, service, PEN, switches or ("training-1",))


def wiretap(*switches: str, number: str = NUMBER, service: Service = INTERCONNECT) -> Ordered:
    return Ordered(number, service, TITLE_III, switches or ("training-1",))


@dataclass
class Tapped:
    """One case with an authority, and who is about."""

    case: CaseView
    proposer: Actor
    approver: Actor
    authority: str = ""
    surveillance: str = ""

    def at(self, who: Actor, now: datetime) -> Actor:
        """Return the person with a second factor given just now."""
        return acting(make.again_by_ref(who.ref), stepped_up_at=now)

    def approve(self, act: str, now: datetime = NOON) -> str:
        by = self.at(self.approver, now)
        return surveillance.approve(act=act, by=by, now=now, affirmed_as=by.name)

    def authorize(
        self,
        *ordered: Ordered,
        starts_at: datetime = NOON,
        ends_at: datetime | None = None,
        kind: AuthorityKind = AuthorityKind.ORDER,
        allows: Allows | None = None,
        now: datetime = NOON,
    ) -> "Tapped":
        act = surveillance.authorize(
            case=self.case.id, kind=kind, starts_at=starts_at, ends_at=ends_at or NOON + timedelta(days=30),
            evidence="paper-1", ordered=ordered or (pen(),), allows=allows or Allows(),
            by=self.at(self.proposer, now), now=now,
        )  # fmt: skip
        self.authority = self.approve(act, now)
        self.surveillance = queries.authority(authority=self.authority, by=JOBS, now=now).surveillance
        return self

    def activate(self, now: datetime = NOON, delivery: str = DIAL_UP, **more) -> "Tapped":
        numbers = {o.number for o in queries.authority(authority=self.authority, by=JOBS, now=now).ordered}
        act = surveillance.activate(
            authority=self.authority, delivery=dict.fromkeys(numbers, delivery), by=self.at(self.proposer, now),
            now=now, **more,
        )  # fmt: skip
        self.approve(act, now)
        return self

    def extend(self, ends_at: datetime, now: datetime) -> None:
        act = surveillance.extend(
            authority=self.authority,
            ends_at=ends_at,
            evidence="paper-2",
            by=self.at(self.proposer, now),
            now=now,
        )
        self.approve(act, now)

    @property
    def taps(self) -> tuple[queries.TapView, ...]:
        return queries.surveillance(surveillance=self.surveillance, by=JOBS, now=NOON).taps

    @property
    def tap(self) -> queries.TapView:
        (only,) = self.taps
        return only


def switch(name: str = "training-1") -> Simulator:
    return choice.simulator(name)


def carried(now: datetime) -> int:
    """Let the lanes of the switches do what there is at an instant."""
    return switches.terminate(lambda: now) + switches.start(lambda: now)


def watched(now: datetime) -> int:
    return switches.watch(lambda: now)


def technician(name: str, now: datetime = NOON) -> Actor:
    return acting(make.person(name, roles=["switch_technician"], now=now), stepped_up_at=now)


def administrators(
    now: datetime = NOON, names: Iterable[str] = ("Ada Lindqvist", "Bo Farrow")
) -> list[Actor]:
    return [
        acting(make.person(name, roles=["order_administrator"], now=now), stepped_up_at=now) for name in names
    ]


def running(now: datetime = NOON) -> Tapped:
    """Return a surveillance that is on a switch that is played."""
    found = order(now).authorize(pen("training-1")).activate()
    carried(now)
    return found


def order(now: datetime = NOON, kind: CaseKind = CaseKind.ORDER) -> Tapped:
    """Return the case of a court order that nothing is authorised by yet."""
    agency = make.agency(now=now)
    officer = make.officer("Dana Ruiz", at=agency, now=now)
    case = make.legal_case(
        kind=kind,
        agency=agency.id,
        contact=Contact(name="Dana Ruiz", email=officer.email),
        received_at=now,
        now=now,
    )
    proposer, approver = administrators(now)
    return Tapped(case, proposer, approver)
